import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { hasSyncTables } from '../data/cluster-tables.ts'
import type { OpenDatabase } from '../data/db.ts'
import { steps } from '../data/migrations/index.ts'
import { findCursor } from '../data/replica/cursor.ts'
import { openReplica, type Replica } from '../data/replica/open-replica.ts'
import { routedDatabase } from '../data/replica/routed.ts'
import { listResults } from '../exec/journal.ts'
import { startLoop, type Loop } from '../loops/loop.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { EventBus } from '../services/events.ts'
import { createReach, type Reach } from '../services/sync/reach.ts'
import { createRounds, type Rounds } from '../services/sync/rounds.ts'
import type { SaveContext } from '../services/tasks/save.ts'
import type { Program } from './program.ts'

/** A node's replica of a server database: opened, followed, and asked while the server is away. */
export interface TableSync {
  replica: Replica
  rounds: Rounds
  reach: Reach
  /** What use cases are given: the cluster database, or the replica while that is away. */
  db: OpenDatabase
  /** Syncs now. */
  wake(): void
  close(): Promise<void>
}

export interface TableSyncDeps {
  /** The cluster database. */
  db: OpenDatabase
  config: Config
  program: Program
  nodeId: string
  clock: Clock
  log: Log
  events: EventBus
  secrets: SaveContext['secrets']
}

/** Why a node keeps no replica, in words; null: it keeps one. */
export const whyNoReplica = ({ db, config }: Pick<TableSyncDeps, 'db' | 'config'>): string | null => {
  if (db.server === null) return 'The cluster database is a file of this machine: there is nothing to sync.'
  if (!config.tableSync.enabled) return 'Table sync is switched off (tableSync.enabled).'
  if (!db.trackChanges) return 'Changes are not logged (database.options.enableChangeTracking).'
  return hasSyncTables(db) ? null : 'The database waits for "pswebhost-node migrate".'
}

const SECOND = 1000
/** Runs of the others are there from so far back on. */
const RUNS_BACK_MS = 86_400_000
/** Changes that come together are fetched together. */
const GATHER_MS = 100

export const openTableSync = async (deps: TableSyncDeps): Promise<TableSync> => {
  const { db, config, program, nodeId, clock, log, events } = deps
  const replica = await openReplica({
    ...program,
    ...{ path: join(config.dataDir.root, REPLICA_FILE), nodeId, clock, log, programVersion: program.version },
    compressionLevel: config.database.options.compressionLevel,
    timeoutSeconds: config.database.options.timeout,
  })
  let isFilled = (await findCursor(replica.db.look, nodeId)) !== undefined
  const rounds = createRounds({
    ...{ centre: db, replica: replica.db, nodeId, tables: config.tableSync.tables, clock, log },
    ...{ schemaVersion: steps.length, observe: replica.observe, runsBackMs: RUNS_BACK_MS },
    secrets: deps.secrets,
    policyOf: (table) => policiesOf(config)[table] ?? 'newer',
    onPushed: ({ delivered }) => {
      for (const { recordId } of delivered) events.emit({ type: 'task.changed', id: recordId, taskId: recordId })
      if (delivered.some((one) => one.outcome === 'Conflict')) events.emit({ type: 'conflict.changed' })
    },
    onPulled: ({ bootstrapped }) => {
      isFilled = true
      if (bootstrapped) log.info(`the replica was filled from the cluster database: ${bootstrapped}`)
    },
    onProgress: () => events.emit({ type: 'sync.progress' }),
  })
  const server = db.server ?? { away: () => null, onChange: () => {} }
  const reach = createReach({ server, isFilled: () => isFilled, clock, log, events })
  const closing = new AbortController()
  const loop = startRounds(deps, { rounds, reach, signal: closing.signal })
  return {
    ...{ replica, rounds, reach, wake: loop.wake },
    db: routedDatabase(db, replica.db, () => reach.offlineSince() !== null),
    close: async () => {
      closing.abort()
      await rounds.close()
      await loop.ended
      await replica.db.close()
    },
  }
}

/** The file that is the cluster database of a node without a server. */
const REPLICA_FILE = 'pswebhost.db'

const policiesOf = ({ sync }: Config): Record<string, 'newer' | 'manual'> => sync.conflicts

/** At the configured pace, and as soon as this node hears of a change or of the database's return. */
const startRounds = (
  { config, clock, log, events }: TableSyncDeps,
  { rounds, reach, signal }: { rounds: Rounds; reach: Reach; signal: AbortSignal },
): Loop => {
  const waiting = async (): Promise<number> =>
    rounds.state().waiting + (await listResults(config.dataDir.journal)).length
  const body = async (): Promise<number> => {
    await rounds.run()
    await reach.returnWhenDelivered(waiting)
    return config.tableSync.interval * SECOND
  }
  const loop = startLoop({ clock, log, signal, name: 'table sync', body, maxBackoffMs: 5 * SECOND })
  void wakeOnEvents(events, { clock, signal, wake: () => loop.wake() })
  return loop
}

const wakeOnEvents = async (
  events: EventBus,
  { clock, signal, wake }: { clock: Clock; signal: AbortSignal; wake: () => void },
): Promise<void> => {
  for await (const { type } of events.subscribe(signal)) {
    if (type !== 'change.recorded' && type !== 'database.back' && type !== 'missed') continue
    await clock.sleep(GATHER_MS, signal)
    wake()
  }
}
