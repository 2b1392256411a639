import { messageOf } from '../../../shared/domain/errors.ts'
import type { ResultState, RunResult, StopReason } from '../../exec/run-spec.ts'
import type { Supervisor } from '../../exec/supervisor-client.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { EventBus } from '../events.ts'
import type { Metrics } from '../metrics.ts'
import { isCatchUp } from './catch-up.ts'
import type { Claimed } from './claims.ts'
import type { Delivery } from './delivery.ts'
import { elapsedSince, momentOf, type Moment } from './moment.ts'
import type { Prepared } from './prepare.ts'

/** Claimed runs become processes, and their ends become rows. */

export interface DispatchDeps {
  supervisor: Pick<Supervisor, 'run' | 'stop' | 'isClosed'>
  clock: Clock
  log: Log
  events: EventBus
  /** What to start, or why not: the reason becomes the run's `error`, nothing was started. */
  prepare: (claimed: Claimed) => Promise<Prepared>
  metrics: Metrics
  delivery: Delivery
  leaseMs: number
  /** Milliseconds for which the database says that this node holds it; 0: not any more. */
  leaseLeft: (claimed: Claimed) => Promise<number>
  /** The node has not started it, and will not: it waits for another start, or node. Never rejects. */
  giveBack: (claimed: Claimed) => Promise<unknown>
  /** A slot was taken or came free. */
  onChange: () => void
  /** A run ended: another one, or its retry, may start. */
  onEnd: () => void
}

export interface LiveRun {
  claimed: Claimed
  startedAt: string
  /** When it was claimed, and its lease began. */
  heldSince: Moment
}

export interface Dispatcher {
  /** @param heldSince when its lease began, or a little before. */
  dispatch: (claimed: Claimed, heldSince: Moment) => void
  active: () => number
  live: () => LiveRun[]
  /** Whether this process has the run, or its undelivered result. */
  holds: (historyId: string) => boolean
  /** @param why goes with the result of a run that is stopped by it. */
  stop: (historyId: string, reason: StopReason, why?: string) => boolean
  /** Tries again to deliver what the database did not take; answers how many still wait. */
  deliverJournal: () => Promise<number>
  /** Resolves when nothing runs any more. */
  idle: () => Promise<void>
}

interface Held extends LiveRun {
  /** Someone asked to stop it before the supervisor had it. */
  stopAsked: StopReason | null
  /** What the result of a stopped run says besides, of the first who gave one. */
  stopWhy: string | null
  done: Promise<void>
}

export const createDispatcher = (deps: DispatchDeps): Dispatcher => {
  const live = new Map<string, Held>()
  const { delivery } = deps

  const conduct = async (held: Held): Promise<void> => {
    const { run, task } = held.claimed
    const conducted = await conductRun(deps, held)
    if (conducted === 'not-started') await deps.giveBack(held.claimed)
    else
      await delivery.deliver(withWhy(conducted.result, held), {
        taskId: task.taskId,
        scriptHash: conducted.scriptHash,
      })
    live.delete(run.historyId)
    deps.onChange()
    deps.onEnd()
  }

  return {
    dispatch: (claimed, heldSince) => {
      const startedAt = isoOf(deps.clock.now())
      const asked = { stopAsked: null, stopWhy: null }
      const held: Held = { claimed, startedAt, heldSince, ...asked, done: Promise.resolve() }
      live.set(claimed.run.historyId, held)
      held.done = conduct(held)
      deps.onChange()
    },
    active: () => live.size,
    live: () => [...live.values()],
    holds: (historyId) => live.has(historyId) || delivery.waits(historyId),
    stop: (historyId, reason, why) => {
      const held = live.get(historyId)
      if (!held) return false
      held.stopWhy ??= why ?? null
      if (!deps.supervisor.stop(historyId, reason)) held.stopAsked = reason
      return true
    },
    deliverJournal: () => delivery.deliverWaiting((historyId) => live.has(historyId)),
    idle: async () => {
      while (live.size > 0) await Promise.all([...live.values()].map((one) => one.done))
    },
  }
}

const withWhy = (result: RunResult, { stopWhy }: Held): RunResult =>
  stopWhy === null || result.state !== 'Stopped'
    ? result
    : { ...result, error: [stopWhy, result.error].filter(Boolean).join(' · ') }

/** A run's result, and the hash of the script that really ran. */
interface Conducted {
  result: RunResult
  scriptHash: string | null
}

/** Prepares and runs; never rejects: what cannot be started is a failed run with the reason. */
const conductRun = async (deps: DispatchDeps, held: Held): Promise<Conducted | 'not-started'> => {
  const { clock, events, log } = deps
  const { claimed } = held
  const { run, task } = claimed
  const at = isoOf(clock.now())
  try {
    const prepared = await deps.prepare(claimed)
    if (held.stopAsked) return unstarted(claimed, at, 'Stopped', 'stopped before its script was started')
    if (!(await isStillHeld(deps, held))) return 'not-started'
    if (deps.supervisor.isClosed()) return 'not-started'
    if ('refusal' in prepared) return unstarted(claimed, at, 'Failed', prepared.refusal)
    events.emit({ type: 'run.started', id: run.historyId, taskId: task.taskId, state: 'Running' })
    if (isOnTimeSlot(run, task)) deps.metrics.runStarted(clock.now() - Date.parse(run.notBefore))
    return { result: await deps.supervisor.run(prepared.spec), scriptHash: prepared.scriptHash }
  } catch (error) {
    log.error({ error, historyId: run.historyId }, 'a run could not be started')
    return unstarted(claimed, at, 'Failed', `the node could not start it: ${messageOf(error)}`)
  }
}

/**
 * Whoever stood still since the claim, or took long to prepare, asks: somebody else may have declared the run Lost and
 * started it again. A renewal does not tell, for it prolongs what is left.
 */
const isStillHeld = async (deps: DispatchDeps, { claimed, heldSince }: Held): Promise<boolean> => {
  const { clock, leaseMs, log } = deps
  if (elapsedSince(clock, heldSince) < leaseMs) return true
  const asked = momentOf(clock)
  const left = await deps.leaseLeft(claimed).catch(() => 0)
  if (elapsedSince(clock, asked) < left) return true
  log.warn(`run ${claimed.run.historyId} is not started: its lease ended before`)
  return false
}

/** A first attempt of a slot that was not missed; of those alone lateness says how well this node keeps time. */
const isOnTimeSlot = (run: Claimed['run'], task: Claimed['task']): boolean =>
  run.scheduleId !== null && run.attempt === 1 && task.overlapPolicy !== 'Queue' && !isCatchUp(run, task)

const unstarted = ({ run }: Claimed, at: string, state: ResultState, error: string): Conducted => ({
  scriptHash: null,
  result: {
    historyId: run.historyId,
    incarnation: run.incarnation ?? '',
    state,
    exitCode: null,
    signal: null,
    startTime: at,
    endTime: at,
    error,
    outputBytes: 0,
    outputTruncated: false,
  },
})
