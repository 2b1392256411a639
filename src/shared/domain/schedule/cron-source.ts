import type { CronWalls } from './cron.ts'
import type { SlotSource } from './slot-source.ts'
import type { Transition, Zone } from './time-zone.ts'
import { foldNote, movedNote, transitionNear, type Slot } from './wall-time.ts'

/** A stretch of time with one offset: search it from wall time `floor` (exclusive), from instant `from`. */
interface Stretch {
  from: number
  offset: number
  floor: number
}

/**
 * Cron wall times as UTC instants (DESIGN §5, §13), stretch by stretch between the changes of the clock.
 *
 * Autumn fold: fixed times run once, in the first pass; a cron whose minute or hour has a wildcard or a
 * step runs in both passes.
 *
 * Spring gap: a fixed time runs at the first valid instant after the gap. Times of a wildcard or step do
 * not exist in the gap and are not bunched up after it; but when the schedule would otherwise stay silent
 * for longer than it ever does (every two hours: 02:00 is lost, the next is 04:00), it runs once at
 * the first valid instant. Exactly: the first swallowed time is made up for, unless the schedule fires
 * anyway between the end of the gap and the moment that time would have come on a clock that never moved.
 *
 * A time moved onto a slot that exists anyway is that slot: one instant is one slot.
 */
export function cronSource(cron: CronWalls, zone: Zone): SlotSource {
  return {
    next: (after) => nextSlot(cron, zone, after),
    count: (after, until) => countSlots(cron, zone, after, until),
    between: (after, until, limit) => listSlots(cron, zone, { after, until, limit }),
  }
}

function nextSlot(cron: CronWalls, zone: Zone, after: number): Slot | null {
  let stretch = stretchAt(cron, zone, after)
  for (;;) {
    const wall = cron.next(stretch.floor)
    if (wall === null) return null
    const at = wall - stretch.offset
    const change = zone.firstTransition(stretch.from, at)
    if (!change) return noted(zone, at, cron.fixed)
    if (madeUp(cron, change)) return { at: change.at, note: movedNote(change) }
    stretch = stretchAfter(cron, change)
  }
}

function countSlots(cron: CronWalls, zone: Zone, after: number, until: number): number {
  if (until <= after) return 0
  let total = 0
  let stretch = stretchAt(cron, zone, after)
  for (;;) {
    const change = zone.firstTransition(stretch.from, until)
    if (!change) return total + cron.count(stretch.floor, until + stretch.offset)
    total += cron.count(stretch.floor, change.at + change.before - 1) + (madeUp(cron, change) ? 1 : 0)
    stretch = stretchAfter(cron, change)
  }
}

function listSlots(
  cron: CronWalls,
  zone: Zone,
  { after, until, limit }: { after: number; until: number; limit: number },
): Slot[] {
  const slots: Slot[] = []
  if (until <= after) return slots
  let stretch = stretchAt(cron, zone, after)
  for (;;) {
    const { from, floor, offset } = stretch
    const change = zone.firstTransition(from, until)
    const last = change ? change.at + change.before - 1 : until + offset
    for (const wall of cron.between(floor, last, limit - slots.length))
      slots.push(noted(zone, wall - offset, cron.fixed))
    if (!change || slots.length >= limit) return slots
    if (madeUp(cron, change)) slots.push({ at: change.at, note: movedNote(change) })
    stretch = stretchAfter(cron, change)
  }
}

/** The stretch an instant lies in; fixed times skip what is left of a second pass. */
function stretchAt(cron: CronWalls, zone: Zone, at: number): Stretch {
  const offset = zone.offsetAt(at)
  const floor = at + offset
  const change = transitionNear(zone, at)
  const passed = cron.fixed && change !== undefined && change.at <= at
  return { from: at, offset, floor: passed ? Math.max(floor, change.at + change.before - 1) : floor }
}

/** The stretch that a change begins, its first instant included; fixed times skip the second pass. */
function stretchAfter({ fixed }: CronWalls, { at, before, after }: Transition): Stretch {
  return { from: at, offset: after, floor: at + (fixed ? Math.max(before, after) : after) - 1 }
}

/** Does a time swallowed by this gap run at its end, where the schedule has no slot of its own? */
function madeUp(cron: CronWalls, { at, before, after }: Transition): boolean {
  const swallowed = cron.next(at + before - 1)
  if (swallowed === null || swallowed >= at + after) return false
  const following = cron.next(at + after - 1)
  if (following === at + after) return false
  return cron.fixed || following === null || following - after > swallowed - before
}

function noted(zone: Zone, at: number, fixed: boolean): Slot {
  const note = foldNote(zone, at, fixed)
  return note === undefined ? { at } : { at, note }
}
