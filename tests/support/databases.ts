import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { SqliteConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'

/** The node that tests write as. */
export const TEST_NODE_ID = '01900000-0000-7000-8000-000000000001'

export type TestDatabaseOptions = Partial<Omit<DatabaseOptions, 'config'>> & {
  config?: Partial<SqliteConfig>
}

export interface TestDatabases {
  /** Names the dialect in the titles of tests. */
  name: string
  /** A fresh, migrated database; closed and removed after the test. */
  open: (options?: TestDatabaseOptions) => Promise<OpenDatabase>
}

export const READER_ENTRY = new URL('../../src/main/data/sqlite/reader-worker.ts', import.meta.url)

/** For `describe.each(databases())('$name: …', ({ open }) => …)`: every database the tests can reach. */
export const databases = (): TestDatabases[] => [sqliteDatabases()]

const sqliteDatabases = (): TestDatabases => {
  const cleanUps: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  return {
    name: 'SQLite',
    open: async (options = {}) => {
      const folder = await mkdtemp(join(tmpdir(), 'pswebhost-data-'))
      cleanUps.push(() => rm(folder, { recursive: true, force: true }))
      const database = await createDatabase(sqliteOptions(join(folder, 'pswebhost.db'), options))
      cleanUps.push(() => database.close())
      return database
    },
  }
}

/** Options for a SQLite file at `path`, for tests that open one themselves. */
export const sqliteOptions = (path: string, options: TestDatabaseOptions = {}): DatabaseOptions => ({
  readerEntry: READER_ENTRY,
  nodeId: () => TEST_NODE_ID,
  clock: systemClock,
  programVersion: '0.1.0',
  ...options,
  config: {
    type: 'SQLite',
    path,
    compressionLevel: 6,
    enableChangeTracking: true,
    timeoutSeconds: 5,
    ...options.config,
  },
})
