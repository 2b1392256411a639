import type { OpenDatabase } from '../data/db.ts'
import type { NodeRow } from '../data/repos/nodes.ts'
import type { Config } from '../config/load.ts'
import { listResults, removeDrafts } from '../exec/journal.ts'
import type { StopReason } from '../exec/run-spec.ts'
import type { SupervisorDeps } from '../exec/supervisor-client.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { LiveRun } from '../services/engine/dispatch.ts'
import type { PrepareDeps } from '../services/engine/prepare.ts'
import type { Scheduler, SchedulerStatus } from '../services/engine/scheduler.ts'
import { resumeAfterSetBack } from '../services/engine/set-back.ts'
import type { Offline } from '../services/engine/offline.ts'
import { reclaimOffline } from '../services/engine/stock.ts'
import type { EventBus } from '../services/events.ts'
import type { Metrics } from '../services/metrics.ts'
import type { Self } from '../services/self.ts'
import { createParts, type Parts } from './engine-parts.ts'
import { startLoops } from './engine-loops.ts'
import { endLeftovers, type Survivors } from './end-leftovers.ts'
import { endRuns } from './end-runs.ts'
import { leaseMsOf } from './lease-ms.ts'
import { createSchedulers } from './schedulers.ts'

/** What runs tasks: supervisor, dispatcher and the loops. Lives as long as a node is started. */
export interface Engine {
  wake: () => void
  /** @param why goes with the result of a run that is stopped by it. */
  stop: (historyId: string, reason: StopReason, why?: string) => boolean
  active: () => number
  live: () => LiveRun[]
  status: () => SchedulerStatus
  /** Runs of an earlier start that the cluster database knows of are over. At a start without it: when it is there. */
  reclaim: () => Promise<void>
  /** Stops claiming, lets scripts end within `graceMs` or until `hurry`, ends the others, and stops the loops. */
  close: (graceMs: number, hurry: AbortSignal) => Promise<void>
}

export interface EngineDeps {
  db: OpenDatabase
  self: Self
  /** Null: this node keeps no replica, and runs nothing without its cluster database. */
  offline: Offline | null
  /** The cluster database is not there yet. */
  isLate: boolean
  /** This node's row was changed, here or elsewhere. */
  setSelf: (row: NodeRow) => void
  config: Config
  clock: Clock
  log: Log
  events: EventBus
  metrics: Metrics
  prepare: PrepareDeps
  keyAvailable: () => boolean
  supervisor: Pick<
    SupervisorDeps,
    'entry' | 'nodePath' | 'powershellWrapper' | 'nodeDirId' | 'sandbox' | 'groups'
  >
  hostEnvironment: Readonly<Record<string, string | undefined>>
  refreshRuntime: () => void
  refreshTasks: () => Promise<void>
  /** Other nodes may have renewed the cluster key, or handed it over. */
  refreshKeys: () => Promise<unknown>
  /** Numbers committed changes. */
  numberChanges: () => Promise<unknown>
  /** Makes calls of webhooks that are due until `signal`; answers in how many milliseconds to look again. */
  callWebhooks: (signal: AbortSignal) => Promise<number>
  /** Seals what is due of the change log. */
  seal: (signal: AbortSignal) => Promise<void>
  /** What this node says of itself now and then; answers in how many milliseconds again. */
  report: (signal: AbortSignal) => Promise<number>
  /** Ends early at `signal`. */
  maintain: (signal: AbortSignal) => Promise<void>
}

const SECOND = 1000

/** When recovery fails, nothing is left running. */
export const startEngine = async (deps: EngineDeps): Promise<Engine> => {
  // Before there is a supervisor: what is found is certainly of an earlier start.
  const survivors = await endLeftovers({ ...deps, ...deps.supervisor })
  const closing = new AbortController()
  const parts = createParts(deps, closing.signal, () => loops.scheduler.wake())
  try {
    await recover(deps, parts, survivors)
  } catch (error) {
    closing.abort()
    await parts.supervisor.close()
    throw error
  }
  const scheduler = schedulerOf(deps, parts, closing.signal)
  const wake = (): void => loops.scheduler.wake()
  const loops = startLoops(deps, { ...parts, scheduler }, closing.signal, wake)
  const { dispatcher } = parts
  return {
    wake,
    stop: dispatcher.stop,
    active: dispatcher.active,
    live: dispatcher.live,
    status: scheduler.status,
    reclaim: () => reclaim(deps, parts, survivors),
    close: async (graceMs, hurry) => {
      await scheduler.stopClaiming()
      // Leases are renewed until the last child has exited: the loops end after it.
      await endRuns({ ...deps, ...parts, killGraceMs: deps.prepare.graceMs }, graceMs, hurry)
      closing.abort()
      await Promise.all(Object.values(loops).map((one) => one.ended))
    },
  }
}

const schedulerOf = (
  deps: EngineDeps,
  { dispatcher, unsure, leases }: Parts,
  signal: AbortSignal,
): Scheduler => {
  const leaseMs = leaseMsOf(deps.config)
  return createSchedulers({
    ...deps,
    ...{ leaseMs, unsure, live: dispatcher.live, journalDir: deps.config.dataDir.journal },
    identityTaken: leases.identityTaken,
    onSetBack: async () => void (await resumeAfterSetBack({ ...deps, leaseMs, signal })),
    pollMs: deps.config.cluster.pollSeconds * SECOND,
    active: dispatcher.active,
    dispatch: dispatcher.dispatch,
    stop: (historyId) => void dispatcher.stop(historyId, 'stop'),
  })
}

/** Before anything is claimed: no result and no run of an earlier start is left over. */
const recover = async (deps: EngineDeps, parts: Parts, survivors: Survivors): Promise<void> => {
  const { dispatcher, output } = parts
  const { config, offline } = deps
  await removeDrafts(config.dataDir.journal)
  await dispatcher.deliverJournal()
  if (!deps.isLate) await reclaim(deps, parts, survivors)
  if (offline) sayLost(deps, await reclaimOffline({ ...deps, replica: offline.db }))
  const waiting = await listResults(config.dataDir.journal)
  await output.discardAllBut(new Set(waiting.map((result) => result.historyId)))
}

const reclaim = async (deps: EngineDeps, { leases }: Parts, survivors: Survivors): Promise<void> =>
  sayLost(deps, await leases.reclaim(survivors))

const sayLost = ({ log }: EngineDeps, lost: number): void => {
  if (lost > 0) log.warn(`${lost} runs of an earlier start are Lost`)
}
