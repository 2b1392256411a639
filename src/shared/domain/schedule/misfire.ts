import { countSlotsBetween, lastSlotsBetween, nextSlot, slotsBetween, type Schedule } from './slots.ts'

/** Which due slots become runs after the scheduler was away (DESIGN §5). */

export type MisfirePolicy = 'Skip' | 'Last' | 'All'

export interface DueInput {
  schedule: Schedule
  /** The stored next slot. */
  nextRun: number
  now: number
  misfirePolicy: MisfirePolicy
  misfireWindowSeconds: number
  /** How late a slot may be picked up and still count as on time: a few poll intervals. */
  toleranceMs: number
}

/** Slots to create as runs now. `catchUp`: it was missed, and is exempt from overlap Skip. */
export interface DueRun {
  at: number
  catchUp: boolean
}

/** Slots that will never run, for one Skipped row; `atLeast` when `count` is a lower bound. */
export interface SkippedSlots {
  firstAt: number
  lastAt: number
  count: number
  atLeast: boolean
}

export interface DuePlan {
  /** Oldest first. */
  run: DueRun[]
  skipped: SkippedSlots | null
  /** The first slot after now; null when the schedule is over. */
  nextRun: number | null
}

const MAX_CATCH_UP = 100

/**
 * Divides the slots in [nextRun, now] into runs and skipped ones; each is one or the other.
 * - A slot not older than `toleranceMs` is on time and always runs.
 * - Older ones are misfires. `Skip`: none runs.
 * - `Last`: the newest misfire runs if it lies within the window, but only when no slot is on time: that
 *   one is then the last, and a catch-up right before it would run the task twice for one purpose.
 * - `All`: those within the window run, the newest 100 at most.
 * - All misfires that do not run are skipped. They are always older than those that run, so they fold
 *   into one span.
 * - A clock set back (now before nextRun) makes nothing due and leaves nextRun alone: the slots in
 *   between have been created already.
 * - Slots are those of the schedule as it is now: if zone data changed and nextRun is no slot any more,
 *   it does not run; the slots after it do.
 */
export function planDue(input: DueInput): DuePlan {
  const { schedule, nextRun, now, toleranceMs } = input
  if (now < nextRun) return { run: [], skipped: null, nextRun }
  const first = nextRun - 1
  const late = Math.max(first, now - toleranceMs - 1)
  // Whole seconds lie apart, so a tolerance of some seconds means some slots at most.
  const onTime = slotsBetween(schedule, late, now, Infinity).map(({ at }) => ({ at, catchUp: false }))
  const caughtUp = catchUp(input, first, late, onTime.length > 0)
  const skipUntil = (caughtUp[0]?.at ?? late + 1) - 1
  return {
    run: [...caughtUp, ...onTime],
    skipped: fold(schedule, first, skipUntil),
    nextRun: nextSlot(schedule, now)?.at ?? null,
  }
}

/** The misfires in (first, late] that run after all. */
function catchUp(input: DueInput, first: number, late: number, lastIsOnTime: boolean): DueRun[] {
  const { schedule, now, misfirePolicy, misfireWindowSeconds } = input
  if (misfirePolicy === 'Skip' || (misfirePolicy === 'Last' && lastIsOnTime)) return []
  const limit = misfirePolicy === 'Last' ? 1 : MAX_CATCH_UP
  const oldest = Math.max(first, now - misfireWindowSeconds * 1000 - 1)
  return lastSlotsBetween(schedule, oldest, late, limit).slots.map(({ at }) => ({ at, catchUp: true }))
}

function fold(schedule: Schedule, after: number, until: number): SkippedSlots | null {
  const [first] = slotsBetween(schedule, after, until, 1)
  if (!first) return null
  const [last = first] = lastSlotsBetween(schedule, after, until, 1).slots
  return { firstAt: first.at, lastAt: last.at, ...countSlotsBetween(schedule, after, until) }
}
