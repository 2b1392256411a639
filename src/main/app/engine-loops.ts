import type { Config } from '../config/load.ts'
import { every, startLoop } from '../loops/loop.ts'
import type { Scheduler } from '../services/engine/scheduler.ts'
import { resumeAfterSetBack } from '../services/engine/set-back.ts'
import { leaseMsOf } from './lease-ms.ts'
import { startWatching } from './watching.ts'
import type { EngineDeps } from './engine.ts'
import type { Parts } from './engine-parts.ts'

const RUNTIME_REFRESH_MS = 5_000
/** On a file nobody else writes while a node runs. */
const KEYS_MS = { server: 2_000, file: 30_000 } as const
const MAINTENANCE_MS = 3_600_000
const SEAL_MS = 60_000
const SECOND = 1000

/** All that a started engine does again and again. They end at `signal`. */
export const startLoops = (
  deps: EngineDeps,
  parts: Parts & { scheduler: Scheduler },
  signal: AbortSignal,
  wake: () => void,
) => {
  const loop = { clock: deps.clock, log: deps.log, signal }
  const heartbeatMs = deps.config.cluster.heartbeatSeconds * SECOND
  const deliver = async () => void (await parts.dispatcher.deliverJournal())
  const number = async () => void (await deps.numberChanges())
  const refreshKeys = async () => void (await deps.refreshKeys())
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
    webhooks: startLoop({ ...loop, name: 'calls of webhooks', body: () => deps.callWebhooks(signal) }),
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
