import { CronDate, CronPattern } from 'croner'

/** A cron expression on a wall clock without any zone: croner parses and enumerates as if in UTC. */

const SECOND = 1000
const DAY = 86_400_000

export interface CronWalls {
  /**
   * No wildcard and no step in minute and hour: lists and ranges name fixed times of day. It decides what
   * a repeated hour means (DESIGN §5).
   */
  readonly fixed: boolean
  /** The first matching wall time strictly after; null when there is none before the year 3000. */
  next(after: number): number | null
  /** How many wall times match in (after, until]; the work grows with the days in between, not the times. */
  count(after: number, until: number): number
  /** The wall times in (after, until], oldest first, at most `limit`; croner is asked for days only. */
  between(after: number, until: number, limit: number): number[]
}

/** Parses 5 fields, 6 with seconds first, or a nickname. Throws croner's error: see cronProblem for words. */
export function parseCron(text: string): CronWalls {
  const pattern = new CronPattern(text, 'UTC', { mode: '5-or-6-parts' })
  // croner keeps one number for each year up to 9999, 80 KB an expression, and reads none of them when
  // every year matches, as it does in 5 and 6 fields. Nodes hold thousands of schedules.
  pattern.year = []

  const next = (after: number): number | null => {
    const floor = new Date(Math.floor(after / SECOND) * SECOND)
    return new CronDate(floor, 0).increment(pattern, {}, false)?.getTime() ?? null
  }
  const countOfDay = timesOfDay(pattern)

  return {
    fixed: !minuteAndHour(pattern.pattern).some((field) => /[*?/]/.test(field)),
    next,
    count(after, until) {
      let total = 0
      for (let wall = next(after); wall !== null && wall <= until;) {
        const midnight = Math.floor(wall / DAY) * DAY
        const lastOfDay = midnight + DAY - SECOND
        total += countOfDay(Math.min(until, lastOfDay) - midnight) - countOfDay(after - midnight)
        wall = next(lastOfDay)
      }
      return total
    },
    between(after, until, limit) {
      const walls: number[] = []
      for (let wall = next(after); wall !== null && wall <= until && walls.length < limit;) {
        const midnight = Math.floor(wall / DAY) * DAY
        for (const time of timesFrom(pattern, wall - midnight)) {
          if (midnight + time > until || walls.length >= limit) break
          walls.push(midnight + time)
        }
        wall = next(midnight + DAY - SECOND)
      }
      return walls
    },
  }
}

/** The times of a matching day from one of them on (ms since midnight). */
function* timesFrom({ hour, minute, second }: CronPattern, from: number): Generator<number, void> {
  for (let h = Math.floor(from / 3_600_000); h < 24; h++) {
    if (!hour[h]) continue
    for (let m = 0; m < 60; m++) {
      if (!minute[m]) continue
      for (let s = 0; s < 60; s++) {
        const time = (h * 3600 + m * 60 + s) * SECOND
        if (second[s] && time >= from) yield time
      }
    }
  }
}

const minuteAndHour = (pattern: string): string[] => pattern.trim().split(/\s+/).slice(-5, -3)

const sum = (flags: number[]): number => flags.reduce((total, flag) => total + (flag ? 1 : 0), 0)

/** How many times of a matching day lie at or before a time of that day (ms since midnight). */
function timesOfDay({ hour, minute, second }: CronPattern): (time: number) => number {
  const perMinute = sum(second)
  const perHour = sum(minute) * perMinute
  return (time) => {
    if (time < 0) return 0
    const clock = Math.floor(time / SECOND)
    const [h, m, s] = [Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60]
    let total = sum(hour.slice(0, h)) * perHour
    if (!hour[h]) return total
    total += sum(minute.slice(0, m)) * perMinute
    return minute[m] ? total + sum(second.slice(0, s + 1)) : total
  }
}
