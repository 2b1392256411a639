import type { OpenDatabase } from '../data/db.ts'
import type { NodeRow } from '../data/repos/nodes.ts'
import type { Config } from '../config/load.ts'
import { listResults, removeDrafts } from '../exec/journal.ts'
import type { StopReason } from '../exec/run-spec.ts'
import { createSupervisor, type Supervisor, type SupervisorDeps } from '../exec/supervisor-client.ts'
import { every, startLoop } from '../loops/loop.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { createDelivery } from '../services/engine/delivery.ts'
import { createDispatcher, type Dispatcher, type LiveRun } from '../services/engine/dispatch.ts'
import { createGiveBack } from '../services/engine/give-back.ts'
import { createLeaseLeft } from '../services/engine/lease-left.ts'
import { createLeaseGuard, type LeaseGuard } from '../services/engine/lease-guard.ts'
import { createLeases, type Leases } from '../services/engine/leases.ts'
import { prepareRun, type PrepareDeps } from '../services/engine/prepare.ts'
import type { Scheduler, SchedulerStatus } from '../services/engine/scheduler.ts'
import { resumeAfterSetBack } from '../services/engine/set-back.ts'
import type { Offline } from '../services/engine/offline.ts'
import { centreOnly, createRunHome } from '../services/engine/run-home.ts'
import { reclaimOffline } from '../services/engine/stock.ts'
import { createStoredOutput, type StoredOutput } from '../services/engine/stored-output.ts'
import { createUnsureClaims, type UnsureClaims } from '../services/engine/unsure-claims.ts'
import type { EventBus } from '../services/events.ts'
import type { Metrics } from '../services/metrics.ts'
import type { Self } from '../services/self.ts'
import { endLeftovers, type Survivors } from './end-leftovers.ts'
import { endRuns } from './end-runs.ts'
import { leaseMsOf } from './lease-ms.ts'
import { createSchedulers } from './schedulers.ts'
import { startWatching } from './watching.ts'

/** What runs tasks: supervisor, dispatcher and the loops. Lives as long as a node is started. */
export interface Engine {
  wake: () => void
  stop: (historyId: string, reason: StopReason) => boolean
  active: () => number
  live: () => LiveRun[]
  status: () => SchedulerStatus
  /** Stops claiming, lets scripts end within `graceMs` or until `hurry`, ends the others, and stops the loops. */
  close: (graceMs: number, hurry: AbortSignal) => Promise<void>
}

export interface EngineDeps {
  db: OpenDatabase
  self: Self
  /** Null: this node keeps no replica, and runs nothing without its cluster database. */
  offline: Offline | null
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
  /** Seals what is due of the change log. */
  seal: (signal: AbortSignal) => Promise<void>
  /** What this node says of itself now and then; answers in how many milliseconds again. */
  report: (signal: AbortSignal) => Promise<number>
  /** Ends early at `signal`. */
  maintain: (signal: AbortSignal) => Promise<void>
}

const RUNTIME_REFRESH_MS = 5_000
/** On a file nobody else writes while a node runs. */
const KEYS_MS = { server: 2_000, file: 30_000 } as const
const MAINTENANCE_MS = 3_600_000
const SEAL_MS = 60_000
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
  const leaseMs = leaseMsOf(deps.config)
  const scheduler = createSchedulers({
    ...deps,
    ...{ leaseMs, live: parts.dispatcher.live, journalDir: deps.config.dataDir.journal },
    unsure: parts.unsure,
    identityTaken: parts.leases.identityTaken,
    onSetBack: async () => void (await resumeAfterSetBack({ ...deps, leaseMs, signal: closing.signal })),
    pollMs: deps.config.cluster.pollSeconds * SECOND,
    active: parts.dispatcher.active,
    dispatch: parts.dispatcher.dispatch,
    stop: (historyId) => void parts.dispatcher.stop(historyId, 'stop'),
  })
  const wake = (): void => loops.scheduler.wake()
  const loops = startLoops(deps, { ...parts, scheduler }, closing.signal, wake)
  const { dispatcher } = parts
  return {
    wake,
    stop: dispatcher.stop,
    active: dispatcher.active,
    live: dispatcher.live,
    status: scheduler.status,
    close: async (graceMs, hurry) => {
      await scheduler.stopClaiming()
      // Leases are renewed until the last child has exited: the loops end after it.
      await endRuns({ ...deps, ...parts, killGraceMs: deps.prepare.graceMs }, graceMs, hurry)
      closing.abort()
      await Promise.all(Object.values(loops).map((one) => one.ended))
    },
  }
}

interface Parts {
  supervisor: Supervisor
  output: StoredOutput
  dispatcher: Dispatcher
  leases: Leases
  unsure: UnsureClaims
  guard: LeaseGuard
}

const createParts = (deps: EngineDeps, signal: AbortSignal, onEnd: () => void): Parts => {
  const { config, clock, log, events } = deps
  const { spool: spoolDir, journal: journalDir } = config.dataDir
  const supervisor = createSupervisor({
    ...deps.supervisor,
    spoolDir,
    journalDir,
    hostEnvironment: deps.hostEnvironment,
    maxOutputBytes: config.execution.maxOutputBytes,
    clock,
    log: { warn: (text) => log.warn(text) },
    onOutput: (id, bytes) => events.emit({ type: 'run.output', id, bytes }),
  })
  const level = config.database.options.compressionLevel
  const output = createStoredOutput({ spoolDir, level, clock, log, signal })
  const home = deps.offline ? createRunHome(deps.db, deps.offline.db) : centreOnly(deps.db)
  const giveBack = createGiveBack({ ...deps, home })
  const leaseMs = leaseMsOf(config)
  // At once: from its first moment on a run ends with its lease, whatever becomes of this process.
  const run: Supervisor['run'] = (spec) => {
    const ended = supervisor.run(spec)
    guard.look()
    return ended
  }
  const dispatcher = createDispatcher({
    ...deps,
    supervisor: { ...supervisor, run },
    delivery: createDelivery({ ...deps, home, output, journalDir }),
    giveBack,
    leaseMs,
    leaseLeft: createLeaseLeft(home),
    prepare: (claimed) => prepareRun(deps.prepare, claimed),
    onChange: deps.refreshRuntime,
    onEnd,
  })
  const unsure = createUnsureClaims(giveBack)
  const leases = createLeases({
    ...deps,
    output,
    unsure,
    leaseMs,
    stop: (historyId) => dispatcher.stop(historyId, 'stop'),
    holds: dispatcher.holds,
  })
  const { graceMs } = deps.prepare
  const { hold } = supervisor
  const guard = createLeaseGuard({ ...deps, ...dispatcher, ...leases, leaseMs, graceMs, hold })
  return { supervisor, output, dispatcher, leases, unsure, guard }
}

const startLoops = (
  deps: EngineDeps,
  parts: Parts & { scheduler: Scheduler },
  signal: AbortSignal,
  wake: () => void,
) => {
  const loop = { clock: deps.clock, log: deps.log, signal }
  const heartbeatMs = deps.config.cluster.heartbeatSeconds * SECOND
  const deliver = async (): Promise<void> => {
    await parts.dispatcher.deliverJournal()
  }
  const number = async (): Promise<void> => {
    await deps.numberChanges()
  }
  const refreshKeys = async (): Promise<void> => {
    await deps.refreshKeys()
  }
  const guard = (): Promise<number> => Promise.resolve(parts.guard.look())
  const refresh = async (): Promise<void> => {
    deps.refreshRuntime()
    await deps.refreshTasks()
  }
  const maintain = async (): Promise<void> => {
    const leaseMs = leaseMsOf(deps.config)
    if ((await resumeAfterSetBack({ ...deps, leaseMs, signal })) > 0) wake()
    await deps.maintain(signal)
  }
  return {
    scheduler: startLoop({
      ...loop,
      name: 'scheduler',
      body: parts.scheduler.tick,
      maxBackoffMs: 5 * SECOND,
    }),
    // Renewals wait for nothing else; a failed one is tried again before the leases end.
    heartbeat: every(heartbeatMs, parts.leases.renew, {
      ...loop,
      name: 'heartbeat',
      maxBackoffMs: Math.min(heartbeatMs, 5 * SECOND),
    }),
    judging: every(heartbeatMs, parts.leases.judge, { ...loop, name: 'judging of leases' }),
    guard: startLoop({ ...loop, name: 'guard of leases', body: guard }),
    delivery: every(heartbeatMs, deliver, { ...loop, name: 'delivery' }),
    numbering: every(heartbeatMs, number, { ...loop, name: 'numbering of changes' }),
    sealing: every(SEAL_MS, () => deps.seal(signal), { ...loop, name: 'sealing of changes' }),
    report: startLoop({ ...loop, name: 'report of this node', body: () => deps.report(signal) }),
    keys: every(KEYS_MS[deps.db.server ? 'server' : 'file'], refreshKeys, { ...loop, name: 'cluster key' }),
    runtime: every(RUNTIME_REFRESH_MS, refresh, { ...loop, name: 'runtime state' }),
    maintenance: every(MAINTENANCE_MS, maintain, { ...loop, name: 'maintenance' }),
    ...startWatching({ ...deps, ...parts, ...watching(deps.config), wake }, loop),
  }
}

const watching = (config: Config) => ({
  awayAfterMs: leaseMsOf(config),
  spoolDir: config.dataDir.spool,
})

/** Before anything is claimed: no result and no run of an earlier start is left over. */
const recover = async (
  deps: EngineDeps,
  { dispatcher, leases, output }: Parts,
  survivors: Survivors,
): Promise<void> => {
  const { config, log, offline } = deps
  await removeDrafts(config.dataDir.journal)
  await dispatcher.deliverJournal()
  const lost =
    (await leases.reclaim(survivors)) + (offline ? await reclaimOffline({ ...deps, replica: offline.db }) : 0)
  if (lost > 0) log.warn(`${lost} runs of an earlier start are Lost`)
  const waiting = await listResults(config.dataDir.journal)
  await output.discardAllBut(new Set(waiting.map((result) => result.historyId)))
}
