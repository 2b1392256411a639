import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSettingsFile } from '../../src/main/config/settings-file.ts'
import type { DatabaseSection } from '../../src/main/config/database-block.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { openNodeKey } from '../../src/main/platform/secrets/node-key.ts'
import { createDatabaseSettings, type DatabaseSettingsDeps } from '../../src/main/services/database.ts'
import type { DatabaseProbe } from '../../src/shared/domain/database.ts'
import { databaseTargetSchema, type DatabaseTargetInput } from '../../src/shared/domain/database-target.ts'
import { copyResult, emptyServer } from './memory-database.ts'
import { admin, tempDir } from './node.ts'

export const CONFIG = `# ours
database:
  type: SQLite # for now
  connection:
    path: own.db
retention:
  historyDays: 30 # a month
`
export const never: AbortSignal = new AbortController().signal
export const viewer = { ...admin, role: 'viewer' as const }
export const quiet: { onProgress: () => void; signal: AbortSignal } = {
  onProgress: () => undefined,
  signal: never,
}

export const target = (input: DatabaseTargetInput) => databaseTargetSchema.parse(input)
export const SERVER = target({
  type: 'PostgreSQL',
  connection: { server: 'db.example', database: 'cluster', username: 'svc', password: 'geheim-42' },
})

export const lacking: DatabaseProbe = {
  ...emptyServer('cluster on db.example:5432'),
  ok: false,
  checks: [
    { id: 'version', ok: true, severity: 'info', what: 'version', detail: 'PostgreSQL 18.4' },
    {
      id: 'rights',
      ok: false,
      severity: 'error',
      what: 'rights',
      detail: 'svc may not create the tables',
      fix: 'grant create on schema public to "svc"',
    },
    { id: 'connections', ok: false, severity: 'warning', what: 'connections', detail: '98 of 100 in use' },
  ],
}

/** A copy into it was cut off. */
export const halfCopied: DatabaseProbe = {
  ...emptyServer('cluster on db.example:5432'),
  ...{ ok: false, schemaVersion: 3, schemaNeeds: 'copy' },
  checks: [
    {
      ...{ id: 'tables', ok: false, severity: 'error', what: 'tables' },
      detail: 'a part of own.db only: the copy was not finished',
      fix: 'copy again, which goes on where it stopped, or empty the database',
    },
  ],
}

/** The service over a real app.yaml; whom it asks says what a test needs. */
export const openDatabaseSettings = async (overrides: Partial<DatabaseSettingsDeps> = {}) => {
  const root = await tempDir()
  const file = join(root, 'app.yaml')
  await writeFile(file, CONFIG)
  const nodeKey = await openNodeKey(join(root, 'secret.key'))
  const settings = await openSettingsFile({ file, root, nodeKey, insecure: false, variables: {} })
  const asked: [what: string, database: DatabaseSection | null][] = []
  const log = memoryLog()
  const database = createDatabaseSettings({
    block: settings.database,
    probe: async (section) => {
      asked.push(['probe', section])
      return emptyServer('cluster on db.example:5432')
    },
    createSchema: async (section) => void asked.push(['createSchema', section]),
    copyTo: async (section, onProgress) => {
      asked.push(['copyTo', section])
      onProgress({ phase: 'copy', table: 'Tasks', done: 2, total: 2 })
      return copyResult('cluster on db.example:5432')
    },
    migrate: async (section) => {
      asked.push(['migrate', section])
      return { applied: ['0003'], schemaVersion: 3 }
    },
    log,
    ...overrides,
  })
  return { root, file, database, asked, log, text: () => readFile(file, 'utf8') }
}
