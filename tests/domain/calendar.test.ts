import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { touchedBy } from '../../src/shared/domain/calendar/clock-changes.ts'
import { daysFrom, hourKey } from '../../src/shared/domain/calendar/days.ts'
import { readPattern, type Pattern, type PlanRange } from '../../src/shared/domain/calendar/pattern.ts'
import { countSlotsBetween, parseSchedule, type ScheduleSpec } from '../../src/shared/domain/schedule.ts'
import { openZone } from '../../src/shared/domain/schedule/time-zone.ts'
import { BERLIN, planOf, rangeOf, toEnd } from './calendar-plan.ts'
import { anySpec, CHANGES } from './schedule-arbitraries.ts'

const MINUTE = 60_000
const at = (text: string): number => Date.parse(text)

const patternOf = (spec: ScheduleSpec, range: PlanRange, zone = range.zone.name): Pattern =>
  toEnd(readPattern(parseSchedule(spec, zone), range))

describe('the days of a calendar', () => {
  it('begin at midnight of their zone, those of 23 and 25 hours too', () => {
    const zone = openZone('Europe/Berlin')
    const [before, short, after] = daysFrom(zone, '2026-03-28', 3)
    expect(before?.until).toBe(short?.from)
    expect((short?.until ?? 0) - (short?.from ?? 0)).toBe(23 * 60 * MINUTE)
    expect(after?.date).toBe('2026-03-30')
    const [long] = daysFrom(zone, '2026-10-25', 1)
    expect((long?.until ?? 0) - (long?.from ?? 0)).toBe(25 * 60 * MINUTE)
  })
})

describe('slots folded by hours', () => {
  it('are one entry with its pace, and an odd one says no pace', () => {
    const pattern = patternOf('*/5 * * * *', BERLIN)
    expect(pattern.hours.get(hourKey(0, 7))).toMatchObject({ count: 12, every: 300 })
    expect(pattern.gapMs).toBe(5 * MINUTE)
    expect(patternOf('0,5,30 9 * * *', BERLIN).hours.get(hourKey(0, 9))).toMatchObject({
      count: 3,
      every: null,
    })
  })

  it('are counted, not listed, of what fires every second', () => {
    const pattern = patternOf('* * * * * *', BERLIN)
    const hour = pattern.hours.get(hourKey(0, 5))
    expect(hour).toMatchObject({ count: 3600, every: 1 })
    expect(hour?.minutes).toHaveLength(60)
    expect(pattern.hours.size).toBe(24)
  })

  it('of an hour that comes twice are together, those of one that does not exist are not there', () => {
    const spring = patternOf('*/30 * * * *', rangeOf('Europe/Berlin', '2026-03-29', 1))
    expect(spring.hours.has(hourKey(0, 2))).toBe(false)
    const autumn = patternOf('*/30 * * * *', rangeOf('Europe/Berlin', '2026-10-25', 1))
    expect(autumn.hours.get(hourKey(0, 2))?.count).toBe(4)
  })

  it('leave out what has been', () => {
    const range = rangeOf('Europe/Berlin', '2026-03-02', 2, at('2026-03-02T10:30:00Z'))
    const pattern = patternOf('0 * * * *', range)
    expect(pattern.hours.has(hourKey(0, 11))).toBe(false)
    expect(pattern.hours.get(hourKey(0, 12))?.first).toBe(at('2026-03-02T11:00:00Z'))
  })

  it('are as many as the schedule has, whatever schedule, zone and change of the clock', () => {
    fc.assert(
      fc.property(anySpec, fc.constantFrom(...CHANGES), fc.constantFrom(...CHANGES), (spec, of, seenFrom) => {
        const date = new Date(at(of[1]) - 86_400_000).toISOString().slice(0, 10)
        const range = rangeOf(seenFrom[0], date, 3)
        let schedule
        try {
          schedule = parseSchedule(spec, of[0])
        } catch {
          return
        }
        const hours = [...toEnd(readPattern(schedule, range)).hours.values()]
        const [first, last] = [range.days[0]?.from ?? 0, range.days[2]?.until ?? 0]
        const { count } = countSlotsBetween(schedule, first - 1, last - 1)
        expect(hours.reduce((sum, hour) => sum + hour.count, 0)).toBe(count)
        for (const hour of hours) expect(hour.last).toBeGreaterThanOrEqual(hour.first)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a change of the clock', () => {
  const spring = { at: at('2026-03-29T01:00Z'), before: 3_600_000, after: 7_200_000 }
  const autumn = { at: at('2026-10-25T01:00Z'), before: 7_200_000, after: 3_600_000 }
  const touched = (spec: ScheduleSpec, change = spring) =>
    touchedBy(parseSchedule(spec, 'Europe/Berlin'), change)

  it.each<[string, ScheduleSpec, ReturnType<typeof touched>]>([
    ['moves a fixed time', '30 2 * * *', { effect: 'moved', slots: 1 }],
    ['drops what goes on anyway', '*/10 * * * *', { effect: 'dropped', slots: 6 }],
    ['drops one that falls on the next', '0 2,3 * * *', { effect: 'dropped', slots: 1 }],
    [
      'moves a day of a calendar',
      { type: 'calendar', dates: ['2026-03-29'], time: '02:15' },
      { effect: 'moved', slots: 1 },
    ],
    ['touches no interval', { type: 'interval', everySeconds: 600 }, null],
    ['touches no other hour', '30 4 * * *', null],
    ['touches no instant', { type: 'once', at: '2026-03-29T02:30:00+01:00' }, null],
  ])('in spring %s', (_title, spec, expected) => {
    expect(touched(spec)).toEqual(expected)
  })

  it.each<[string, ScheduleSpec, ReturnType<typeof touched>]>([
    ['a fixed time runs once', '30 2 * * *', { effect: 'once', slots: 1 }],
    ['a pace runs in both hours', '*/30 * * * *', { effect: 'twice', slots: 2 }],
    ['another hour is untouched', '30 3 * * *', null],
  ])('in autumn %s', (_title, spec, expected) => {
    expect(touched(spec, autumn)).toEqual(expected)
  })

  it('stands at its day with the tasks it touches', () => {
    const range = rangeOf('America/New_York', '2026-03-28', 2)
    const [day, after] = planOf([{ spec: '30 2 * * *' }, { spec: '0 12 * * *' }], {}, range)
    // In New York it is still the evening before.
    expect(after?.clock).toEqual([])
    expect(day?.clock).toEqual([
      {
        ...{
          timeZone: 'Europe/Berlin',
          at: '2026-03-29T01:00:00.000Z',
          fromClock: '02:00',
          toClock: '03:00',
        },
        tasks: [{ taskId: 't0', taskName: 'Task 0', effect: 'moved', slots: 1, zoneAssumed: false }],
        more: 0,
      },
    ])
  })
})
