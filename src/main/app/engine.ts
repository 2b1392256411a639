import type { Database } from '../data/db.ts'
import type { Config } from '../config/load.ts'
import { listResults } from '../exec/journal.ts'
import { killLeftovers } from '../exec/leftovers.ts'
import type { StopReason } from '../exec/run-spec.ts'
import { createSupervisor } from '../exec/supervisor-client.ts'
import { every, startLoop, type Loop } from '../loops/loop.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { createDispatcher, type Dispatcher, type LiveRun } from '../services/engine/dispatch.ts'
import { createLeases, type Leases } from '../services/engine/leases.ts'
import { prepareRun, type PrepareDeps } from '../services/engine/prepare.ts'
import { createScheduler, type SchedulerStatus } from '../services/engine/scheduler.ts'
import { createStoredOutput, type StoredOutput } from '../services/engine/stored-output.ts'
import type { EventBus } from '../services/events.ts'
import type { Metrics } from '../services/metrics.ts'
import type { Self } from '../services/self.ts'

/** What runs tasks: supervisor, dispatcher and the loops. Lives as long as a node is started. */
export interface Engine {
  wake(): void
  stop(historyId: string, reason: StopReason): boolean
  active(): number
  live(): LiveRun[]
  status(): SchedulerStatus
  /** Stops claiming, lets scripts end within `graceMs`, ends the others, and stops the loops. */
  close(graceMs: number): Promise<void>
}

export interface EngineDeps {
  db: Database
  self: Self
  config: Config
  clock: Clock
  log: Log
  events: EventBus
  metrics: Metrics
  prepare: PrepareDeps
  keyAvailable: () => boolean
  supervisor: { entry: string; nodePath: string; powershellWrapper: string; nodeDirId: string }
  hostEnvironment: Readonly<Record<string, string | undefined>>
  refreshRuntime: () => void
  maintain: () => Promise<void>
}

const RUNTIME_REFRESH_MS = 5_000
const MAINTENANCE_MS = 3_600_000
const SECOND = 1000

export const startEngine = async (deps: EngineDeps): Promise<Engine> => {
  const { db, self, config, clock, log, events } = deps
  const closing = new AbortController()
  const leaseMs = config.cluster.leaseSeconds * SECOND
  const supervisor = createSupervisor({
    ...deps.supervisor,
    spoolDir: config.dataDir.spool,
    journalDir: config.dataDir.journal,
    hostEnvironment: deps.hostEnvironment,
    maxOutputBytes: config.execution.maxOutputBytes,
    clock,
    log: { warn: (text) => log.warn(text) },
    onOutput: (id, bytes) => events.emit({ type: 'run.output', id, bytes }),
  })
  const output = createStoredOutput({
    spoolDir: config.dataDir.spool,
    level: config.database.options.compressionLevel,
    clock,
    signal: closing.signal,
  })
  const dispatcher = createDispatcher({
    db,
    supervisor,
    clock,
    log,
    events,
    output,
    metrics: deps.metrics,
    journalDir: config.dataDir.journal,
    prepare: (claimed) => prepareRun(deps.prepare, claimed),
    wake: () => loops.scheduler.wake(),
  })
  const leases = createLeases({
    db,
    self,
    clock,
    log,
    events,
    leaseMs,
    stop: (historyId) => dispatcher.stop(historyId, 'stop'),
    holds: (historyId) => dispatcher.live().some((run) => run.claimed.run.historyId === historyId),
  })
  await recover(deps, dispatcher, leases, output)
  const scheduler = createScheduler({
    db,
    self,
    events,
    leaseMs,
    pollMs: config.cluster.pollSeconds * SECOND,
    keyAvailable: deps.keyAvailable,
    active: dispatcher.active,
    dispatch: dispatcher.dispatch,
  })
  const loop = { clock, log, signal: closing.signal }
  const beat = async (): Promise<void> => {
    await leases.beat()
    await dispatcher.deliverJournal()
  }
  const loops: Record<'scheduler' | 'heartbeat' | 'runtime' | 'maintenance', Loop> = {
    scheduler: startLoop({ ...loop, name: 'scheduler', body: scheduler.tick, maxBackoffMs: 5 * SECOND }),
    heartbeat: every(config.cluster.heartbeatSeconds * SECOND, beat, { ...loop, name: 'heartbeat' }),
    runtime: every(RUNTIME_REFRESH_MS, async () => deps.refreshRuntime(), { ...loop, name: 'runtime state' }),
    maintenance: every(MAINTENANCE_MS, deps.maintain, { ...loop, name: 'maintenance' }),
  }

  return {
    wake: () => loops.scheduler.wake(),
    stop: dispatcher.stop,
    active: dispatcher.active,
    live: dispatcher.live,
    status: scheduler.status,
    close: async (graceMs) => {
      scheduler.stopClaiming()
      const patience = new AbortController()
      await Promise.race([dispatcher.idle(), clock.sleep(graceMs, patience.signal)])
      patience.abort()
      // Leases are renewed until the last child has exited (peers.md D4): the loops end after it.
      await supervisor.close()
      await dispatcher.idle()
      closing.abort()
      await Promise.all(Object.values(loops).map((one) => one.ended))
    },
  }
}

/** Before anything is claimed: no process, no result and no run of an earlier start is left over. */
const recover = async (
  deps: EngineDeps,
  dispatcher: Dispatcher,
  leases: Leases,
  output: StoredOutput,
): Promise<void> => {
  const { clock, log, config } = deps
  const { nodeDirId } = deps.supervisor
  const left = await killLeftovers({ nodeDirId, clock, platform: process.platform })
  if (left.historyIds.length > 0)
    log.warn(`processes of earlier runs were ended: ${left.historyIds.join(', ')}`)
  await dispatcher.deliverJournal()
  const lost = await leases.reclaim()
  if (lost > 0) log.warn(`${lost} runs of an earlier start are Lost`)
  const waiting = await listResults(config.dataDir.journal)
  await output.discardAllBut(new Set(waiting.map((result) => result.historyId)))
}
