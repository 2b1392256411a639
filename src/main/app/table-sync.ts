import { AppError } from '../../shared/domain/errors.ts'
import type { Config } from '../config/load.ts'
import type { OpenDatabase } from '../data/db.ts'
import { purge } from '../data/maintenance.ts'
import { steps } from '../data/migrations/index.ts'
import { askNode, findCursor } from '../data/replica/cursor.ts'
import { openReplica, type Replica } from '../data/replica/open-replica.ts'
import { routedDatabase, type Routed } from '../data/replica/routed.ts'
import { listResults } from '../exec/journal.ts'
import { countOfflineRuns } from '../data/replica/offline-runs.ts'
import { countPending } from '../data/replica/pending.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Offline } from '../services/engine/offline.ts'
import { createTurn, type Turn } from '../services/engine/turn.ts'
import type { EventBus } from '../services/events.ts'
import { createReach, type Reach } from '../services/sync/reach.ts'
import { createRounds, type Rounds } from '../services/sync/rounds.ts'
import type { SaveContext } from '../services/tasks/save.ts'
import { replicaPathOf, whySyncIsOff } from './database-config.ts'
import { leaseMsOf } from './lease-ms.ts'
import type { Program } from './program.ts'
import { startRounds } from './sync-rounds.ts'
import { tellPushed } from './tell-pushed.ts'

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
  /** Null while nobody can ask the cluster database. */
  clusterId: string | null
  clock: Clock
  log: Log
  events: EventBus
  secrets: SaveContext['secrets']
  /** Whether the cluster database knows of this start of the node. */
  hasJoined: () => boolean
}

/** Why a node keeps no replica, in words; null: it keeps one. */
export const whyNoReplica = ({ db, config }: Pick<TableSyncDeps, 'db' | 'config'>): string | null => {
  if (db.server === null) return 'The cluster database is a file of this machine: there is nothing to sync.'
  const off = whySyncIsOff(config)
  if (off !== null) return off
  return null
}

/** Runs of the others are there from so far back on. */
const RUNS_BACK_MS = 86_400_000

export const openTableSync = async (deps: TableSyncDeps): Promise<TableSync> => {
  const { db, config, nodeId, clock, log, events } = deps
  const replica = await openReplicaOf(deps)
  const cursor = await findCursor(replica.db.look, nodeId)
  let isFilled = cursor !== undefined
  const turn = createTurn()
  const rounds = roundsOf(deps, {
    ...{ replica, turn, asOf: cursor?.updatedAt ?? null },
    onFilled: () => (isFilled = true),
  })
  const server = db.server ?? { away: () => null, onChange: () => {} }
  const waiting = async (): Promise<number> =>
    (await countPending(replica.db.look)) +
    (await countOfflineRuns(replica.db.look)) +
    (await listResults(config.dataDir.journal)).length
  const left = (await countPending(replica.db.look)) + (await countOfflineRuns(replica.db.look))
  const reach = createReach({
    ...{ server, isFilled: () => isFilled, clock, log, events, turn, waiting, hasWaiting: left > 0 },
    hasJoined: deps.hasJoined,
  })
  const closing = new AbortController()
  const loop = startRounds(deps, { rounds, reach, signal: closing.signal })
  return {
    ...{ replica, rounds, reach },
    offline: {
      db: byClusterTime(db, replica.db, clock),
      isOffline: () => reach.offlineSince() !== null,
      isFilling: () => rounds.state().progress.phase === 'bootstrap',
      turn,
    },
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

const openReplicaOf = ({ db, config, program, ...deps }: TableSyncDeps): Promise<Replica> => {
  const { compressionLevel, timeout: timeoutSeconds } = config.database.options
  // Who edits offline is compared by hybrid times with who edited in the cluster: by one clock, if it is known.
  const clock = { ...deps.clock, now: () => deps.clock.now() + (db.server?.clockOffsetMs() ?? 0) }
  const common = { ...program, ...deps, clock, programVersion: program.version }
  return openReplica({ ...common, path: replicaPathOf(config), compressionLevel, timeoutSeconds })
}

interface RoundsParts {
  replica: Replica
  turn: Turn
  asOf: string | null
  onFilled: () => void
}

const roundsOf = (deps: TableSyncDeps, { replica, turn, asOf, onFilled }: RoundsParts): Rounds => {
  const { db, config, nodeId, clock, log, events, secrets } = deps
  return createRounds({
    ...{ turn, asOf, nodeId, clock, log, secrets, leaseMs: leaseMsOf(config) },
    ...{ centre: db, replica: replica.db, observe: replica.observe, tables: config.tableSync.tables },
    ...{ schemaVersion: steps.length, runsBackMs: RUNS_BACK_MS },
    policyOf: (table) => policiesOf(config)[table] ?? 'newer',
    onPushed: (result) => tellPushed(events, result),
    onPulled: ({ bootstrapped }) => {
      onFilled()
      if (bootstrapped) log.info(`the replica was filled from the cluster database: ${bootstrapped}`)
    },
    onProgress: () => events.emit({ type: 'sync.progress' }),
  })
}

/** The replica, whose now is the cluster's as this node last knew it: slots are due by one clock. */
const byClusterTime = (centre: OpenDatabase, replica: OpenDatabase, clock: Clock): OpenDatabase => ({
  ...replica,
  now: async () => isoOf(clock.now() + (centre.server?.clockOffsetMs() ?? 0)),
})

const policiesOf = ({ sync }: Config): Record<string, 'newer' | 'manual'> => sync.conflicts
