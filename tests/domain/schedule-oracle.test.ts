import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSchedule, slotsBetween } from '../../src/shared/domain/schedule.ts'
import { CHANGES, cronText } from './schedule-arbitraries.ts'

/*
 * The rules once more, by brute force: walk every minute of three days around a change of the clock, ask the
 * platform what the wall shows, and apply DESIGN §5 to that list. It shares no code with the domain.
 */
const MINUTE = 60_000
const DAY = 86_400_000

interface Minute {
  at: number
  wall: number
}

function minutesAround(zone: string, change: number): Minute[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return Array.from({ length: (3 * DAY) / MINUTE }, (_, index) => {
    const at = change - 1.5 * DAY + index * MINUTE
    return { at, wall: Date.parse(`${format.format(at).replace(' ', 'T')}Z`) }
  })
}

/** The wall times a cron matches over the days walked. */
function matches(cron: string, minutes: Minute[]): number[] {
  const walls = minutes.map((minute) => minute.wall)
  const [first, last] = [Math.min(...walls), Math.max(...walls)]
  const job = new Cron(cron, { utcOffset: 0, mode: '5-part' })
  const found: number[] = []
  for (let run = job.nextRun(new Date(first - 1)); run && run.getTime() <= last; run = job.nextRun(run))
    found.push(run.getTime())
  return found
}

function expected(cron: string, minutes: Minute[]): number[] {
  const fixed = !/[*/]/.test(cron.split(' ').slice(0, 2).join(' '))
  const walls = matches(cron, minutes)
  // Backwards, so that of a wall time shown twice the first instant stays.
  const shown = new Map(minutes.toReversed().map((minute) => [minute.wall, minute.at]))
  const present = new Set(walls.filter((wall) => shown.has(wall)))
  const regular = fixed
    ? [...present].flatMap((wall) => shown.get(wall) ?? [])
    : minutes.filter((minute) => present.has(minute.wall)).map((minute) => minute.at)
  const slots = new Set(regular)
  const [swallowed] = walls.filter((wall) => !shown.has(wall))
  const end = minutes.find(
    (minute, index) => minute.wall > (minutes[index - 1]?.wall ?? minute.wall) + MINUTE,
  )
  if (swallowed !== undefined && end) {
    const before = minutes[minutes.indexOf(end) - 1]
    const unmoved = swallowed - (before ? before.wall - before.at : 0)
    const firesAnyway = minutes.some(({ at, wall }) => at >= end.at && at <= unmoved && present.has(wall))
    if (fixed || !firesAnyway) slots.add(end.at)
  }
  return [...slots].sort((a, b) => a - b)
}

describe.each(CHANGES)('%s around %s', (zone, text) => {
  const change = Date.parse(text)
  const minutes = minutesAround(zone, change)
  const [first = change, last = change] = [minutes[0]?.at, minutes.at(-1)?.at]

  it('agrees with a walk over every minute', () => {
    fc.assert(
      fc.property(cronText, (cron) => {
        let schedule
        try {
          schedule = parseSchedule(cron, zone)
        } catch {
          fc.pre(false)
          return
        }
        const slots = slotsBetween(schedule, first - 1, last, Infinity).map((slot) => slot.at)
        expect(slots).toEqual(expected(cron, minutes))
      }),
      { numRuns: 60 },
    )
  })
})
