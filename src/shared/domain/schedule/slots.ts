import { coveredUntil, type Blackout } from './blackouts.ts'
import type { SlotSource } from './slot-source.ts'
import type { ScheduleSpec } from './spec.ts'
import type { Zone } from './time-zone.ts'
import type { Slot } from './wall-time.ts'

/** The slots of a schedule: which exist, and how many. Times are epoch milliseconds. */

/** A parsed schedule, made by parseSchedule; what it holds besides these fields is its own business. */
export interface Schedule {
  readonly spec: ScheduleSpec
  readonly timeZone: string
  readonly jitterSeconds: number
  readonly parts: ScheduleParts
}

export interface ScheduleParts {
  zone: Zone
  source: SlotSource
  /** First and last instant a slot may have, both included; -Infinity and Infinity when open. */
  start: number
  end: number
  blackouts: Blackout[]
}

/**
 * Blackout windows one search steps over before it gives up: a schedule whose next thousand slots are
 * all blacked out counts as never firing again. Keeps the worst search near 20 ms.
 */
const MAX_BLACKOUT_STEPS = 1000

/** Blackout windows that countSlotsBetween visits before it answers "at least". */
const MAX_COUNT_STEPS = 2000

/** A count of slots; `atLeast` when blackouts were too many to visit them all. */
export interface SlotCount {
  count: number
  atLeast: boolean
}

/** The first slot strictly after an instant; null when the schedule is over (or blacked out: see above). */
export function nextSlot({ parts }: Schedule, after: number): Slot | null {
  const { source, start, end, blackouts } = parts
  let from = Math.max(after, start - 1)
  for (let step = 0; step < MAX_BLACKOUT_STEPS; step++) {
    const slot = source.next(from)
    if (slot === null || slot.at > end) return null
    const free = coveredUntil(blackouts, slot.at)
    if (free === null) return slot
    from = free - 1
  }
  return null
}

/** The slots in (after, until], oldest first, at most `limit`. */
export function slotsBetween(schedule: Schedule, after: number, until: number, limit: number): Slot[] {
  const { source, start, end, blackouts } = schedule.parts
  const last = Math.min(until, end)
  if (blackouts.length === 0 && Number.isFinite(last))
    return source.between(Math.max(after, start - 1), last, limit)
  const slots: Slot[] = []
  let from = after
  while (slots.length < limit) {
    const slot = nextSlot(schedule, from)
    if (slot === null || slot.at > until) break
    slots.push(slot)
    from = slot.at
  }
  return slots
}

/**
 * How many slots lie in (after, until]. Exact: arithmetic for intervals, day by day for cron (a month of
 * seconds costs 30 steps); only after 2000 blackout windows does it stop and say `atLeast`.
 */
export function countSlotsBetween({ parts }: Schedule, after: number, until: number): SlotCount {
  const { source, start, end, blackouts } = parts
  const last = Math.min(until, end)
  let from = Math.max(after, start - 1)
  let count = 0
  for (let step = 0; step < MAX_COUNT_STEPS; step++) {
    if (from >= last) return { count, atLeast: false }
    const free = coveredUntil(blackouts, from + 1)
    if (free !== null) {
      from = free - 1
      continue
    }
    const window = Math.min(...blackouts.map((blackout) => blackout.startAfter(from + 1)), Infinity)
    const upTo = Math.min(last, window - 1)
    count += source.count(from, upTo)
    from = upTo
  }
  return { count, atLeast: from < last }
}

export interface LastSlots {
  /** The newest slots, oldest first. */
  slots: Slot[]
  /** How many older ones of the range were left out. */
  leftOut: number
  atLeast: boolean
}

/** The newest `limit` slots in (after, until], and how many older ones there are besides. */
export function lastSlotsBetween(schedule: Schedule, after: number, until: number, limit: number): LastSlots {
  const slots = newest(schedule, after, until, limit)
  const before = (slots[0]?.at ?? until + 1) - 1
  const { count, atLeast } = countSlotsBetween(schedule, after, before)
  return { slots, leftOut: count, atLeast }
}

/**
 * Slots are searched forward only, so look for the latest instant from which `limit` slots still fit:
 * double the span backwards, then halve it down to a millisecond. About 60 short searches whatever the range.
 */
function newest(schedule: Schedule, after: number, until: number, limit: number): Slot[] {
  if (limit < 1 || after >= until) return []
  // Mostly there are no more of them than are asked for: one that was missed a moment ago.
  const few = slotsBetween(schedule, after, until, limit + 1)
  if (few.length <= limit) return few
  const from = (instant: number): Slot[] => slotsBetween(schedule, instant, until, limit)
  let span = 1000
  while (until - span > after && from(until - span).length < limit) span *= 2
  let low = Math.max(after, until - span)
  let found = from(low)
  if (found.length < limit) return found
  // The newest `limit` slots begin at the last one that can be first.
  let high = until
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    const slots = from(middle)
    if (slots.length < limit) high = middle
    else [low, found] = [(slots[0]?.at ?? middle + 1) - 1, slots]
  }
  return found
}
