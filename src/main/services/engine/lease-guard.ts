import type { StopReason } from '../../exec/run-spec.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { LiveRun } from './dispatch.ts'
import { elapsedSince, type Moment } from './moment.ts'

/**
 * Ends runs of `OnLeaseLost: Kill` before their lease does: when another node may start the task again, no
 * process of it is left here. `Finish` tasks run on (DESIGN §6).
 */

export interface LeaseGuardDeps {
  clock: Clock
  log: Log
  leaseMs: number
  /** Between the polite signal and the kill: a script is asked that much earlier. */
  graceMs: number
  renewedAt: () => Moment | null
  live: () => LiveRun[]
  stop: (historyId: string, reason: StopReason) => boolean
  /** Told to the supervisor too, which ends the run by itself should this process hang. */
  hold: (historyId: string, ms: number) => void
}

export interface LeaseGuard {
  /** @returns milliseconds until the next look is needed. */
  look: () => number
}

/** Signals and the look itself take time too. */
const MARGIN_MS = 500
const LONGEST_WAIT_MS = 1_000

export const createLeaseGuard = (deps: LeaseGuardDeps): LeaseGuard => {
  const { clock, leaseMs, graceMs } = deps
  // A grace longer than half the lease would end runs that missed a single renewal.
  const patienceMs = leaseMs - Math.min(graceMs + MARGIN_MS, leaseMs / 2)
  const asked = new Set<string>()

  /** Since the run's lease was last known to be prolonged: by a renewal, or by its claim. */
  const unrenewed = (heldSince: Moment): number => {
    const renewed = deps.renewedAt()
    const sinceClaim = elapsedSince(clock, heldSince)
    return renewed ? Math.min(sinceClaim, elapsedSince(clock, renewed)) : sinceClaim
  }

  const endInTime = ({ claimed, heldSince }: LiveRun): number => {
    const { historyId } = claimed.run
    const left = patienceMs - unrenewed(heldSince)
    if (left > 0) deps.hold(historyId, left)
    if (left > 0 || asked.has(historyId)) return left
    asked.add(historyId)
    deps.log.warn(`run ${historyId} of ${claimed.task.taskName} is ended: its lease cannot be renewed`)
    deps.stop(historyId, 'lease')
    return left
  }

  return {
    look: () => {
      const live = deps.live()
      for (const id of asked) if (!live.some(({ claimed }) => claimed.run.historyId === id)) asked.delete(id)
      const waits = live.filter(({ claimed }) => claimed.task.onLeaseLost === 'Kill').map(endInTime)
      return Math.min(LONGEST_WAIT_MS, ...waits.filter((left) => left > 0))
    },
  }
}
