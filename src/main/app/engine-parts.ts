import { createSupervisor, type Supervisor } from '../exec/supervisor-client.ts'
import { createDelivery } from '../services/engine/delivery.ts'
import { createDispatcher, type Dispatcher } from '../services/engine/dispatch.ts'
import { createGiveBack } from '../services/engine/give-back.ts'
import { createLeaseLeft } from '../services/engine/lease-left.ts'
import { createLeaseGuard, type LeaseGuard } from '../services/engine/lease-guard.ts'
import { createLeases, type Leases } from '../services/engine/leases.ts'
import { prepareRun } from '../services/engine/prepare.ts'
import { runHomeOf } from '../services/engine/run-home.ts'
import { createStoredOutput, type StoredOutput } from '../services/engine/stored-output.ts'
import { createUnsureClaims, type UnsureClaims } from '../services/engine/unsure-claims.ts'
import { leaseMsOf } from './lease-ms.ts'
import type { EngineDeps } from './engine.ts'

/** What holds runs and their leases; the loops move it. */
export interface Parts {
  supervisor: Supervisor
  output: StoredOutput
  dispatcher: Dispatcher
  leases: Leases
  unsure: UnsureClaims
  guard: LeaseGuard
}

/** @param onEnd a run ended: there is room for another one. */
export const createParts = (deps: EngineDeps, signal: AbortSignal, onEnd: () => void): Parts => {
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
  const home = runHomeOf(deps.db, deps.offline?.db ?? null)
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
