import { countSlotsBetween, slotsBetween, type Schedule, type Slot } from '../schedule.ts'
import type { Zone } from '../schedule/time-zone.ts'
import { hourKey, wallHour, type PlanDay } from './days.ts'

/** When a schedule is due, folded by hours: once for all the tasks that share it. Times in ms. */

export const MINUTE = 60_000

/** Slots of a day that are looked at one by one; what fires more often is counted, and due in every minute. */
const FEW = 3000
/** Slots of an hour that are looked at of what is counted: enough to tell how it goes on. */
const FIRST = 360

export interface PatternHour {
  count: number
  first: number
  last: number
  /** Where they come evenly, seconds. */
  every: number | null
  notes: readonly string[]
  /** Minutes with a slot, counted from the start of the plan. */
  minutes: Uint16Array
  /** When the slots are, ms from the start of the plan; of very many the first of them. */
  slots: Uint32Array
}

export interface Pattern {
  hours: ReadonlyMap<number, PatternHour>
  /** The shortest time from one slot to the next; Infinity when there is one slot at most. */
  gapMs: number
}

export interface PlanRange {
  zone: Zone
  days: readonly PlanDay[]
  /** Slots after it only. */
  now: number
}

/** The minute of the plan an instant lies in. */
export const minuteOf = (range: PlanRange, at: number): number => Math.floor((at - startOf(range)) / MINUTE)

const startOf = ({ days }: PlanRange): number => days[0]?.from ?? 0

export const minutesIn = (range: PlanRange): number =>
  minuteOf(range, (range.days.at(-1)?.until ?? 0) - 1) + 1

/** A day at a time, of what fires often an hour, so that whoever plans many can give way in between. */
export function* readPattern(schedule: Schedule, range: PlanRange): Generator<void, Pattern> {
  const hours = new Map<number, PatternHour>()
  let before = -Infinity
  let gapMs = Infinity
  for (const [n, day] of range.days.entries()) {
    const after = Math.max(day.from - 1, range.now)
    if (after >= day.until - 1) continue
    const slots = slotsBetween(schedule, after, day.until - 1, FEW)
    const isDense = slots.length === FEW
    for (const { at } of slots) [before, gapMs] = [at, Math.min(gapMs, at - before)]
    const found = isDense ? yield* countHours(schedule, range, n, after) : foldHours(slots, range, n)
    for (const [key, hour] of found) hours.set(key, hour)
    if (isDense) before = day.until - 1
    yield
  }
  return { hours, gapMs }
}

const foldHours = (slots: readonly Slot[], range: PlanRange, day: number): Map<number, PatternHour> => {
  const byHour = new Map<number, Slot[]>()
  for (const slot of slots) {
    const key = hourKey(day, wallHour(range.zone, slot.at))
    const there = byHour.get(key)
    if (there) there.push(slot)
    else byHour.set(key, [slot])
  }
  return new Map([...byHour].map(([key, of]) => [key, folded(of, range)]))
}

const folded = (slots: readonly Slot[], range: PlanRange): PatternHour => ({
  count: slots.length,
  first: slots[0]?.at ?? 0,
  last: slots.at(-1)?.at ?? 0,
  every: evenSeconds(slots),
  notes: [...new Set(slots.flatMap(({ note }) => note ?? []))],
  minutes: Uint16Array.from(new Set(slots.map(({ at }) => minuteOf(range, at)))),
  slots: sinceStart(slots, range),
})

const sinceStart = (slots: readonly Slot[], range: PlanRange): Uint32Array =>
  Uint32Array.from(slots, ({ at }) => at - startOf(range))

const evenSeconds = (slots: readonly Slot[]): number | null => {
  const [first, second] = slots
  if (!first || !second) return null
  const step = second.at - first.at
  const even = slots.every(({ at }, i) => at === first.at + i * step)
  return even ? step / 1000 : null
}

/** Of what fires more than twice a minute all day long. */
function* countHours(
  schedule: Schedule,
  range: PlanRange,
  day: number,
  after: number,
): Generator<void, Map<number, PatternHour>> {
  const found = new Map<number, PatternHour>()
  const until = range.days[day]?.until ?? 0
  let from = after + 1
  while (from < until) {
    const hour = wallHour(range.zone, from)
    let end = from
    while (end < until && wallHour(range.zone, end) === hour) end += MINUTE - (end % MINUTE)
    const { count } = countSlotsBetween(schedule, from - 1, Math.min(end, until) - 1)
    const slots = slotsBetween(schedule, from - 1, end - 1, FIRST)
    const [first, second] = slots
    if (first)
      found.set(hourKey(day, hour), {
        count,
        first: first.at,
        last: end - 1,
        every: second ? (second.at - first.at) / 1000 : null,
        notes: [],
        minutes: minutesBetween(range, from, end),
        slots: sinceStart(slots, range),
      })
    yield
    from = end
  }
  return found
}

const minutesBetween = (range: PlanRange, from: number, end: number): Uint16Array => {
  const first = minuteOf(range, from)
  return Uint16Array.from({ length: minuteOf(range, end - 1) - first + 1 }, (_, i) => first + i)
}
