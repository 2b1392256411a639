import type { KyselyPlugin } from 'kysely'
import type { OpenDatabase, Tx } from '../../src/main/data/db.ts'
import type { DatabaseConfig } from '../../src/main/data/dialects/dialect.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { isoOf, systemClock, type Clock } from '../../src/main/platform/clock.ts'
import { pullChanges } from '../../src/main/services/sync/pull.ts'
import { pushEdits } from '../../src/main/services/sync/push.ts'
import { databaseOptions } from './database-options.ts'
import { openReplicaAt, syncDeps } from './sync-parts.ts'

/*
 * A process that does one work of table sync, to be killed at it. Its one argument is a `SyncWork`. It writes a dot
 * for each statement of its transactions, and `done` in the end.
 */

export interface SyncWork {
  kind: 'pull' | 'push' | 'bootstrap' | 'purge' | 'tidy'
  centre: DatabaseConfig
  /** The replica's file. */
  path: string
  nodeId: string
  /** By how much the clocks are ahead: what is purged and tidied has to be old. */
  aheadMs: number
}

const work = JSON.parse(process.argv[2] ?? '') as SyncWork
const say = (text: string): boolean => process.stdout.write(text)

const dots: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => (say('.'), result),
}

const dotted = (db: OpenDatabase): OpenDatabase => ({
  ...db,
  write: (context, inside) => db.write(context, (tx) => inside(tx.withPlugin(dots) as Tx)),
})

const clock: Clock = { ...systemClock, now: () => systemClock.now() + work.aheadMs }
const { path, nodeId } = work
const opened = await createDatabase({ ...databaseOptions(work.centre), nodeId: () => nodeId, clock })
const centre: OpenDatabase = {
  ...dotted(opened),
  now: async () => isoOf(Date.parse(await opened.now()) + work.aheadMs),
}
const replica = await openReplicaAt({ path, nodeId, clock, programVersion: '0.1.0' })
const db = dotted(replica.db)
const deps = syncDeps({ centre, db, observe: replica.observe, nodeId, clock })
const { signal } = new AbortController()
const DAYS = { historyDays: 1, changeDays: 1 }

const works: Record<SyncWork['kind'], () => Promise<unknown>> = {
  pull: () => pullChanges(deps, signal),
  push: () => pushEdits(deps, signal),
  bootstrap: () => pullChanges(deps, signal, 'it was asked for'),
  purge: () => purge(centre, { ...DAYS, clock }),
  tidy: () => purge(db, { ...DAYS, clock }),
}

say('ready\n')
await works[work.kind]()
say('done\n')
await replica.db.close()
await centre.close()
