import { describe, expect, it } from 'vitest'
import {
  countSlotsBetween,
  lastSlotsBetween,
  nextSlot,
  parseSchedule,
  slotsBetween,
  type ScheduleSpec,
} from '../../src/shared/domain/schedule.ts'

const at = (text: string): number => Date.parse(text)
const utc = (spec: ScheduleSpec, zone = 'UTC') => parseSchedule(spec, zone)
const next = (spec: ScheduleSpec, after: string, count: number, zone = 'UTC'): string[] =>
  slotsBetween(utc(spec, zone), at(after), Infinity, count).map((slot) =>
    new Date(slot.at).toISOString().slice(0, 19),
  )

describe('cron', () => {
  // 2026-01-01 is a Thursday.
  it.each([
    ['*/2 * * * * *', ['2026-01-01T00:00:02', '2026-01-01T00:00:04']],
    ['15 30 8 * * *', ['2026-01-01T08:30:15', '2026-01-02T08:30:15']],
    ['10 8 * * MON-FRI', ['2026-01-01T08:10:00', '2026-01-02T08:10:00', '2026-01-05T08:10:00']],
    ['0 0 1 JAN,jul *', ['2026-07-01T00:00:00', '2027-01-01T00:00:00']],
    ['0 0 * * 7', ['2026-01-04T00:00:00', '2026-01-11T00:00:00']],
    ['0 0 * * FRI-SUN', ['2026-01-02T00:00:00', '2026-01-03T00:00:00', '2026-01-04T00:00:00']],
    ['0 8-18/5 * * *', ['2026-01-01T08:00:00', '2026-01-01T13:00:00', '2026-01-01T18:00:00']],
    ['0 0 L * *', ['2026-01-31T00:00:00', '2026-02-28T00:00:00']],
    ['0 0 LW * *', ['2026-01-30T00:00:00', '2026-02-27T00:00:00']],
    ['0 0 15W 2 *', ['2026-02-16T00:00:00', '2027-02-15T00:00:00']],
    ['0 0 * * 5#2', ['2026-01-09T00:00:00', '2026-02-13T00:00:00']],
    ['0 0 * * FRIL', ['2026-01-30T00:00:00', '2026-02-27T00:00:00']],
    ['0 0 13 * FRI', ['2026-01-02T00:00:00', '2026-01-09T00:00:00', '2026-01-13T00:00:00']],
    ['0 0 13 * *', ['2026-01-13T00:00:00', '2026-02-13T00:00:00']],
    ['@hourly', ['2026-01-01T01:00:00', '2026-01-01T02:00:00']],
    ['@weekly', ['2026-01-04T00:00:00', '2026-01-11T00:00:00']],
    ['@yearly', ['2027-01-01T00:00:00', '2028-01-01T00:00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00:00', '2032-02-29T00:00:00']],
    ['0 0 29 2 +MON', ['2044-02-29T00:00:00']],
  ])('%s', (cron, expected) => {
    expect(next(cron, '2026-01-01T00:00:00Z', expected.length)).toEqual(expected)
  })

  it('means the same as a string and as an object', () => {
    expect(next({ type: 'cron', cron: '10 8 * * 1' }, '2026-01-01T00:00Z', 5)).toEqual(
      next('10 8 * * 1', '2026-01-01T00:00Z', 5),
    )
  })

  it('is strictly after, to the millisecond', () => {
    const schedule = utc('* * * * * *')
    expect(nextSlot(schedule, 1_000)?.at).toBe(2_000)
    expect(nextSlot(schedule, 999)?.at).toBe(1_000)
    expect(nextSlot(schedule, 1_001)?.at).toBe(2_000)
  })
})

describe('interval', () => {
  it('keeps the phase of its anchor, also before it', () => {
    const spec: ScheduleSpec = { type: 'interval', everySeconds: 600, anchor: '2026-01-01T00:03Z' }
    expect(next(spec, '2025-12-31T23:50Z', 2)).toEqual(['2025-12-31T23:53:00', '2026-01-01T00:03:00'])
  })

  it('is anchored at start, and runs at start itself', () => {
    const spec: ScheduleSpec = { type: 'interval', everySeconds: 7000, start: '2026-01-01T00:00:07Z' }
    expect(next(spec, '2020-01-01T00:00Z', 2)).toEqual(['2026-01-01T00:00:07', '2026-01-01T01:56:47'])
  })

  it('is otherwise anchored at the Unix epoch', () => {
    expect(next({ type: 'interval', everySeconds: 900 }, '2026-01-01T00:01Z', 1)).toEqual([
      '2026-01-01T00:15:00',
    ])
  })
})

describe('start and end', () => {
  const spec: ScheduleSpec = {
    type: 'cron',
    cron: '0 * * * *',
    start: '2026-06-01T10:00',
    end: '2026-06-01T12:00',
  }

  it('are wall times in the zone and both included', () => {
    expect(next(spec, '2020-01-01T00:00Z', 9, 'Europe/Berlin')).toEqual([
      '2026-06-01T08:00:00',
      '2026-06-01T09:00:00',
      '2026-06-01T10:00:00',
    ])
  })

  it('end a schedule for good', () => {
    expect(nextSlot(utc(spec), at('2026-06-01T12:00Z'))).toBeNull()
    expect(nextSlot(utc({ type: 'once', at: '2026-06-01T12:00Z' }), at('2026-06-01T12:00Z'))).toBeNull()
  })
})

describe('blackouts', () => {
  it('drop the slots in a window, its start included and its end not', () => {
    const spec: ScheduleSpec = {
      type: 'cron',
      cron: '0 * * * *',
      blackouts: [{ from: '2026-12-24T12:00', to: '2026-12-24T15:00' }],
    }
    expect(next(spec, '2026-12-24T10:30Z', 3)).toEqual([
      '2026-12-24T11:00:00',
      '2026-12-24T15:00:00',
      '2026-12-24T16:00:00',
    ])
  })

  it('begin at each slot of their cron, in the zone of the task', () => {
    const spec: ScheduleSpec = {
      type: 'cron',
      cron: '0 */4 * * *',
      blackouts: [{ cron: '0 22 * * *', minutes: 480 }],
    }
    // Berlin summer: 22:00 to 06:00 is 20:00Z to 04:00Z; 00:00 and 04:00 local fall into it, 08:00 does not.
    expect(next(spec, '2026-07-01T17:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-07-01T18:00:00',
      '2026-07-02T06:00:00',
      '2026-07-02T10:00:00',
    ])
  })

  it('that overlap are one long window', () => {
    const spec: ScheduleSpec = {
      type: 'interval',
      everySeconds: 3600,
      blackouts: [
        { from: '2026-01-01T00:00Z', to: '2026-01-02T00:00Z' },
        { from: '2026-01-01T12:00Z', to: '2026-01-03T06:30Z' },
      ],
    }
    expect(next(spec, '2026-01-01T00:00Z', 1)).toEqual(['2026-01-03T07:00:00'])
  })

  it('that leave nothing for ever make an end instead of a hang', () => {
    const spec: ScheduleSpec = {
      type: 'cron',
      cron: '*/5 * * * *',
      blackouts: [{ cron: '1 * * * *', minutes: 60 }],
    }
    expect(() => utc(spec)).toThrow('the blackouts cover every slot')
  })
})

describe('counting', () => {
  const month = [at('2026-03-01T00:00Z'), at('2026-04-01T00:00Z')] as const

  it('counts a month of seconds exactly, without visiting them', () => {
    const seconds = 31 * 86_400
    expect(countSlotsBetween(utc('* * * * * *', 'Europe/Berlin'), ...month)).toEqual({
      count: seconds,
      atLeast: false,
    })
    expect(countSlotsBetween(utc({ type: 'interval', everySeconds: 1 }), ...month).count).toBe(seconds)
  })

  it('gives the newest slots and how many were left out', () => {
    const last = lastSlotsBetween(utc('*/2 * * * * *'), ...month, 3)
    expect(last.slots.map((slot) => month[1] - slot.at)).toEqual([4000, 2000, 0])
    expect(last).toMatchObject({ leftOut: (31 * 86_400) / 2 - 3, atLeast: false })
  })

  it('finds the newest of slots that lie in one dense hour a month', () => {
    const last = lastSlotsBetween(utc('* * 4 1 * *'), at('2026-01-15T00:00Z'), at('2026-04-28T00:00Z'), 2)
    expect(last.slots.map((slot) => new Date(slot.at).toISOString())).toEqual([
      '2026-04-01T04:59:58.000Z',
      '2026-04-01T04:59:59.000Z',
    ])
    expect(last.leftOut).toBe(3 * 3600 - 2)
  })

  it('leaves blacked-out slots out of the count', () => {
    const schedule = utc({
      type: 'interval',
      everySeconds: 60,
      blackouts: [{ cron: '0 12 * * *', minutes: 60 }],
    })
    expect(countSlotsBetween(schedule, ...month)).toEqual({ count: 31 * 23 * 60, atLeast: false })
  })

  it('says "at least" when blackouts are too many to visit', () => {
    const schedule = utc({
      type: 'interval',
      everySeconds: 1,
      blackouts: [{ cron: '*/2 * * * *', minutes: 1 }],
    })
    const { count, atLeast } = countSlotsBetween(schedule, ...month)
    expect(atLeast).toBe(true)
    expect(count).toBeGreaterThan(50_000)
    expect(count).toBeLessThan((31 * 86_400) / 2)
  })

  it('is nothing in an empty or reversed range', () => {
    const schedule = utc('* * * * *')
    expect(lastSlotsBetween(schedule, month[0], month[0], 5)).toEqual({
      slots: [],
      leftOut: 0,
      atLeast: false,
    })
    expect(lastSlotsBetween(schedule, month[1], month[0], 5)).toEqual({
      slots: [],
      leftOut: 0,
      atLeast: false,
    })
  })
})
