import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import type { DatabaseProbe } from '../../src/shared/domain/database.ts'
import type { CurrentDatabase, DatabaseTarget } from '../../src/shared/domain/database-target.ts'
import { databaseTargetSchema, whereText } from '../../src/shared/domain/database-target.ts'

/** The databases of the memory node: what it uses, and what a test says of every other one. */

export const sqliteTarget = (path = 'pswebhost.db'): DatabaseTarget =>
  databaseTargetSchema.parse({ type: 'SQLite', connection: { path }, options: { timeout: 30, poolSize: 3 } })

/** A server that a node can work on, its database still empty. */
export const emptyServer = (where: string): DatabaseProbe => ({
  ok: true,
  where,
  server: 'PostgreSQL 18.4',
  latencyMs: 0.8,
  clockOffsetMs: 12,
  schemaVersion: null,
  schemaNeeds: 'create',
  checks: [
    { id: 'version', ok: true, severity: 'info', what: 'Version', detail: 'PostgreSQL 18.4' },
    { id: 'rights', ok: true, severity: 'info', what: 'Rights', detail: 'svc may create the tables' },
  ],
})

export const copyResult = (to: string) => ({
  from: '/data/pswebhost.db',
  to,
  tables: [{ table: 'Tasks', rows: 2, checksum: 'ab'.repeat(32) }],
  databaseId: '0190aaaa-0000-7000-8000-00000000d0d0',
})

/** @param saw notes who asked */
export const memoryDatabase = (saw: (caller: Caller) => unknown): Services['database'] => {
  const current: CurrentDatabase = {
    file: '/data/app.yaml',
    where: '/data/pswebhost.db',
    target: sqliteTarget(),
    inUse: true,
    running: '/data/pswebhost.db',
    before: null,
  }
  return {
    current: async (caller) => (saw(caller), current),
    test: async (caller, target) => (saw(caller), emptyServer(whereText(target))),
    createSchema: async (caller, target) => (
      saw(caller),
      { ...emptyServer(whereText(target)), schemaVersion: 3, schemaNeeds: 'nothing' }
    ),
    copy: async (caller, target, { onProgress }) => {
      saw(caller)
      onProgress({ phase: 'copy', table: 'Tasks', done: 1, total: 2 })
      onProgress({ phase: 'copy', table: 'Tasks', done: 2, total: 2 })
      onProgress({ phase: 'verify', table: 'Tasks', done: 2, total: 2 })
      return copyResult(whereText(target))
    },
    switchTo: async (caller, target) => {
      saw(caller)
      const where = whereText(target)
      const before = `${current.file}.before-switch`
      Object.assign(current, { where, target, inUse: false, before })
      return { file: current.file, where, before, needsRestart: true, probe: emptyServer(where) }
    },
    migrate: async (caller) => (saw(caller), { applied: ['0003-several-databases'], schemaVersion: 3 }),
  }
}
