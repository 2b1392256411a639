import type { Zone } from '../schedule/time-zone.ts'
import { wallToSlot } from '../schedule/wall-time.ts'

/** Days and hours as the clock on the wall of one zone has them. Times in ms. */

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const HOURS = 24

export interface PlanDay {
  date: string
  from: number
  /** Not included. */
  until: number
}

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10)

/** Days one after the other from a date on; one of 23 or 25 hours is as long as it is. */
export const daysFrom = (zone: Zone, date: string, count: number): PlanDay[] => {
  const first = Date.parse(`${date}T00:00:00Z`)
  const start = (n: number): number => wallToSlot(zone, first + n * DAY).at
  return Array.from({ length: count }, (_, n) => ({
    date: dateOf(first + n * DAY),
    from: start(n),
    until: start(n + 1),
  }))
}

/** The hour, 0 to 23, that the clock shows at an instant. */
export const wallHour = (zone: Zone, at: number): number => {
  const wall = at + zone.offsetAt(at)
  return Math.floor((wall - Math.floor(wall / DAY) * DAY) / HOUR)
}

/** One number for an hour of a day: the keys of everything that is kept by the hour. */
export const hourKey = (day: number, hour: number): number => day * HOURS + hour
