import type { ClockChange } from '../calendar.ts'
import { countSlotsBetween, parseSchedule, type Schedule } from '../schedule.ts'
import { asObject } from '../schedule/spec.ts'
import { openZone, type Transition } from '../schedule/time-zone.ts'
import type { PlanDay } from './days.ts'

/** Days on which a clock changes, and what becomes of the slots whose wall time is touched. */

type Effect = ClockChange['tasks'][number]['effect']

export interface TouchedSlots {
  effect: Effect
  slots: number
}

export const changeOn = (timeZone: string, day: PlanDay): Transition | undefined =>
  openZone(timeZone).firstTransition(day.from - 1, day.until - 1)

/** `02:00` before and after. */
export const clocksOf = ({ at, before, after }: Transition): Pick<ClockChange, 'fromClock' | 'toClock'> => ({
  fromClock: clockText(at + before),
  toClock: clockText(at + after),
})

const clockText = (wall: number): string => new Date(wall).toISOString().slice(11, 16)

const hasWallTimes = ({ spec }: Schedule): boolean => {
  const object = asObject(spec)
  if (object.type === 'once') return !/(Z|[+-]\d\d:?\d\d)$/i.test(object.at)
  return object.type !== 'interval'
}

/**
 * What a change does to a schedule: null when it touches none of its slots. A clock that never changes (UTC) tells
 * which wall times lie in the span that is jumped over, or repeated; an interval knows no wall times.
 */
export const touchedBy = (schedule: Schedule, change: Transition): TouchedSlots | null => {
  if (!hasWallTimes(schedule)) return null
  const { at, before, after } = change
  const onWall = parseSchedule(schedule.spec, 'UTC')
  const [low, high] = [at + Math.min(before, after), at + Math.max(before, after)]
  const slots = countSlotsBetween(onWall, low - 1, high - 1).count
  if (slots === 0) return null
  if (before < after) {
    // A slot that it has at that moment anyway stands for none of them.
    const own = countSlotsBetween(onWall, high - 1, high).count
    const there = countSlotsBetween(schedule, at - 1, at).count
    return { effect: there > own ? 'moved' : 'dropped', slots }
  }
  const length = high - low
  const real = countSlotsBetween(schedule, at - length - 1, at + length - 1).count
  return { effect: real > slots ? 'twice' : 'once', slots }
}
