import { join } from 'node:path'
import { AppError } from '../../shared/domain/errors.ts'
import type { PushOutcome } from '../../shared/domain/sync.ts'
import type { Config } from '../config/load.ts'
import { hasSyncTables } from '../data/cluster-tables.ts'
import type { OpenDatabase } from '../data/db.ts'
import { purge } from '../data/maintenance.ts'
import { steps } from '../data/migrations/index.ts'
import { askNode, askedOf, findCursor, forgetAsked } from '../data/replica/cursor.ts'
import { openReplica, type Replica } from '../data/replica/open-replica.ts'
import { routedDatabase, type Routed } from '../data/replica/routed.ts'
import { listResults } from '../exec/journal.ts'
import { startLoop, type Loop } from '../loops/loop.ts'
import { countOfflineRuns } from '../data/replica/offline-runs.ts'
import { countPending } from '../data/replica/pending.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Offline } from '../services/engine/offline.ts'
import { createTurn } from '../services/engine/turn.ts'
import type { EventBus } from '../services/events.ts'
import type { PushResult } from '../services/sync/push.ts'
import { createReach, type Reach } from '../services/sync/reach.ts'
import { createRounds, type Rounds } from '../services/sync/rounds.ts'
import type { SaveContext } from '../services/tasks/save.ts'
import { leaseMsOf } from './lease-ms.ts'
import type { Program } from './program.ts'

/** A node's replica of a server database: opened, followed, and asked while the server is away. */
export interface TableSync {
  replica: Replica
  rounds: Rounds
  reach: Reach
  /** What use cases are given. */
  routed: Routed
  /** What the engine is given. */
  offline: Offline
  /** Asks another node for a round. @throws AppError NOT_FOUND when it keeps no replica. */
  askNode(nodeId: string, bootstrap: boolean): Promise<void>
  /** Old changes and runs of the replica go; ends early at `signal`. */
  tidy(signal: AbortSignal): Promise<void>
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
/** How often it looks whether another node asks it for a round. */
const LOOK_MS = 2_000

export const openTableSync = async (deps: TableSyncDeps): Promise<TableSync> => {
  const { db, config, program, nodeId, clock, log, events } = deps
  const replica = await openReplica({
    ...program,
    ...{ path: join(config.dataDir.root, REPLICA_FILE), nodeId, clock, log, programVersion: program.version },
    compressionLevel: config.database.options.compressionLevel,
    timeoutSeconds: config.database.options.timeout,
  })
  let isFilled = (await findCursor(replica.db.look, nodeId)) !== undefined
  const turn = createTurn()
  const rounds = createRounds({
    ...{ turn, leaseMs: leaseMsOf(config), centre: db, replica: replica.db, nodeId, tables: config.tableSync.tables, clock, log },
    ...{ schemaVersion: steps.length, observe: replica.observe, runsBackMs: RUNS_BACK_MS },
    secrets: deps.secrets,
    policyOf: (table) => policiesOf(config)[table] ?? 'newer',
    onPushed: (result) => tellPushed(events, result),
    onPulled: ({ bootstrapped }) => {
      isFilled = true
      if (bootstrapped) log.info(`the replica was filled from the cluster database: ${bootstrapped}`)
    },
    onProgress: () => events.emit({ type: 'sync.progress' }),
  })
  const server = db.server ?? { away: () => null, onChange: () => {} }
  const waiting = async (): Promise<number> =>
    (await countPending(replica.db.look)) +
    (await countOfflineRuns(replica.db.look)) +
    (await listResults(config.dataDir.journal)).length
  const left = (await countPending(replica.db.look)) + (await countOfflineRuns(replica.db.look))
  const reach = createReach({
    ...{ server, isFilled: () => isFilled, clock, log, events, turn, waiting, hasWaiting: left > 0 },
  })
  const closing = new AbortController()
  const loop = startRounds(deps, { rounds, reach, signal: closing.signal })
  return {
    ...{ replica, rounds, reach },
    offline: { db: byClusterTime(db, replica.db, clock), isOffline: () => reach.offlineSince() !== null, turn },
    routed: routedDatabase(db, replica.db, () => reach.offlineSince() !== null),
    askNode: async (other, bootstrap) => {
      const isAsked = await db.write({ actor: 'system' }, (tx) =>
        askNode(tx, other, bootstrap ? 'bootstrap' : 'round'),
      )
      if (!isAsked) throw new AppError('NOT_FOUND', `The node ${other} keeps no replica.`)
    },
    tidy: async (signal) => {
      const days = config.retention.replicaChangeDays
      await purge(replica.db, { historyDays: days, changeDays: days, clock, signal })
    },
    close: async () => {
      closing.abort()
      await rounds.close()
      await loop.ended
      await replica.db.close()
    },
  }
}

const tellPushed = (events: EventBus, { delivered, refused }: PushResult): void => {
  const count = (...outcomes: PushOutcome[]): number =>
    delivered.filter(({ outcome }) => outcomes.includes(outcome)).length
  for (const { recordId } of delivered) events.emit({ type: 'task.changed', id: recordId, taskId: recordId })
  const counts = {
    accepted: count('Accepted', 'Unchanged'),
    merged: count('Merged'),
    conflicts: count('Conflict'),
    refused,
  }
  events.emit({ type: 'sync.delivered', delivered: counts })
  if (counts.conflicts > 0) events.emit({ type: 'conflict.changed' })
}

/** The replica, whose now is the cluster's as this node last knew it: slots are due by one clock. */
const byClusterTime = (centre: OpenDatabase, replica: OpenDatabase, clock: Clock): OpenDatabase => ({
  ...replica,
  now: async () => isoOf(clock.now() + (centre.server?.clockOffsetMs() ?? 0)),
})

/** The file that is the cluster database of a node without a server. */
const REPLICA_FILE = 'pswebhost.db'

const policiesOf = ({ sync }: Config): Record<string, 'newer' | 'manual'> => sync.conflicts

/** What this node hears of that the replica should have, or the cluster database. */
const WAKING: ReadonlySet<string> = new Set(['change.recorded', 'database.back', 'missed'])

/** At the configured pace, when somebody asks for it, and as soon as this node hears of a change. */
const startRounds = (
  { db, config, nodeId, clock, log, events }: TableSyncDeps,
  { rounds, reach, signal }: { rounds: Rounds; reach: Reach; signal: AbortSignal },
): Loop => {
  let isTold = true
  let dueAt = 0
  const body = async (): Promise<number> => {
    const asked = db.server?.away() ? null : await askedOf(db.look, nodeId)
    if (!isTold && asked === null && clock.monotonic() < dueAt) return LOOK_MS
    isTold = false
    dueAt = clock.monotonic() + config.tableSync.interval * SECOND
    await (asked === 'bootstrap' ? rounds.bootstrap() : rounds.run())
    if (asked) await db.write({ actor: 'system' }, (tx) => forgetAsked(tx, nodeId))
    await reach.returnWhenDelivered()
    return LOOK_MS
  }
  const loop = startLoop({ clock, log, signal, name: 'table sync', body, maxBackoffMs: 5 * SECOND })
  const stopListening = events.listen(({ type }) => {
    if (!WAKING.has(type)) return
    isTold = true
    void clock.sleep(GATHER_MS, signal).then(() => loop.wake())
  })
  signal.addEventListener('abort', stopListening)
  return loop
}
