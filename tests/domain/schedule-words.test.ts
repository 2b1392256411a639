import { describe, expect, it } from 'vitest'
import {
  describeSchedule,
  isTimeZone,
  jitterMs,
  parseSchedule,
  preview,
  systemTimeZone,
  type ScheduleSpec,
} from '../../src/shared/domain/schedule.ts'

describe('describeSchedule', () => {
  it.each<[ScheduleSpec | null, string]>([
    [null, 'manual only'],
    ['* * * * * *', 'every second'],
    ['*/2 * * * * *', 'every 2 s'],
    ['* * * * *', 'every minute'],
    ['*/30 * * * *', 'every 30 min'],
    ['*/20 * * * 1-5', 'every 20 min, Mon–Fri'],
    ['0 * * * *', 'every hour'],
    ['@hourly', 'every hour'],
    ['0 */4 * * *', 'every 4 h'],
    ['10 8 * * 1-5', 'Mon–Fri at 08:10'],
    ['10 8 * * mon-FRI', 'Mon–Fri at 08:10'],
    ['0 3 * * 0', 'Sun at 03:00'],
    ['0 3 * * 7', 'Sun at 03:00'],
    ['15 30 8 * * sat,SUN', 'Sat, Sun at 08:30:15'],
    ['30 2,14 * * *', 'daily at 02:30 and 14:30'],
    ['0,30 2 * * *', 'daily at 02:00 and 02:30'],
    ['@daily', 'daily at 00:00'],
    ['0 0 L * *', 'at 00:00, on the last day of the month'],
    ['0 0 * * 5#2', 'at 00:00, on the second Friday of the month'],
    ['0 13 1 * *', 'at 13:00, on day 1 of the month'],
    ['0 0 1 * +1', 'cron "0 0 1 * +1"'],
    ['not cron', 'cron "not cron"'],
    [{ type: 'interval', everySeconds: 1800 }, 'every 30 min'],
    [{ type: 'interval', everySeconds: 90 }, 'every 90 s'],
    [{ type: 'interval', everySeconds: 86_400 }, 'every 24 h'],
    [{ type: 'interval', everySeconds: 172_800 }, 'every 2 days'],
    [{ type: 'once', at: '2026-12-24T08:30' }, 'once at 2026-12-24 08:30'],
    [{ type: 'once', at: '2026-12-24T08:30:05Z' }, 'once at 2026-12-24 09:30:05'],
    [
      { type: 'calendar', dates: ['2026-12-24', '2026-12-31'], time: '08:30' },
      'on 2026-12-24 and 2026-12-31 at 08:30',
    ],
    [
      { type: 'calendar', dates: ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'], time: '08:30' },
      'on 2026-01-01, 2026-02-01 and 2 more dates at 08:30',
    ],
  ])('%j', (spec, words) => {
    expect(describeSchedule(spec, 'Europe/Berlin')).toBe(words)
  })

  it('says when it begins and ends, how much it is spread, and when it pauses', () => {
    const spec: ScheduleSpec = {
      type: 'cron',
      cron: '0 * * * *',
      start: '2026-01-01T00:00:00Z',
      end: '2026-12-31T23:59:59',
      jitterSeconds: 30,
      blackouts: [
        { from: '2026-12-24T00:00', to: '2026-12-27T00:00' },
        { cron: '0 22 * * *', minutes: 480 },
      ],
    }
    expect(describeSchedule(spec, 'Europe/Berlin')).toBe(
      'every hour, from 2026-01-01 01:00, until 2026-12-31 23:59:59, up to 30 s later, ' +
        'paused 2026-12-24 00:00 to 2026-12-27 00:00, paused for 8 h (daily at 22:00)',
    )
  })

  it('shows instants in UTC when the zone is each node its own', () => {
    expect(describeSchedule({ type: 'once', at: '2026-12-24T08:30+01:00' }, 'node')).toBe(
      'once at 2026-12-24 07:30 UTC',
    )
    expect(describeSchedule({ type: 'once', at: '2026-12-24T08:30' }, 'node')).toBe(
      'once at 2026-12-24 08:30',
    )
  })
})

describe('preview', () => {
  it('shows instant, wall time with offset, and what the clock did', () => {
    expect(preview(parseSchedule('30 2 * * *', 'Europe/Berlin'), Date.parse('2026-03-28T00:00Z'), 3)).toEqual(
      [
        { at: '2026-03-28T01:30:00.000Z', local: '2026-03-28 02:30:00 +01:00' },
        {
          at: '2026-03-29T01:00:00.000Z',
          local: '2026-03-29 03:00:00 +02:00',
          note: 'clock jumps 02:00→03:00: moved to 03:00',
        },
        { at: '2026-03-30T00:30:00.000Z', local: '2026-03-30 02:30:00 +02:00' },
      ],
    )
  })

  it('ends with the schedule', () => {
    const once = parseSchedule({ type: 'once', at: '2026-06-01T12:00' }, 'America/St_Johns')
    expect(preview(once, 0, 10)).toEqual([
      { at: '2026-06-01T14:30:00.000Z', local: '2026-06-01 12:00:00 -02:30' },
    ])
    expect(preview(once, 0, 0)).toEqual([])
  })

  it('shows the seconds of a local mean time', () => {
    // Liberia kept -00:44:30 until 1972.
    const old = parseSchedule({ type: 'once', at: '1930-01-01T12:00' }, 'Africa/Monrovia')
    expect(preview(old, -8e12, 1)).toEqual([
      { at: '1930-01-01T12:44:30.000Z', local: '1930-01-01 12:00:00 -00:44:30' },
    ])
  })
})

describe('jitterMs', () => {
  const slots = Array.from({ length: 2000 }, (_, index) => Date.UTC(2026, 0, 1) + index * 60_000)

  it('is the same for the same task and slot, and differs between tasks', () => {
    expect(jitterMs('task-1', 1000, 60)).toBe(jitterMs('task-1', 1000, 60))
    expect(slots.map((at) => jitterMs('task-1', at, 60))).not.toEqual(
      slots.map((at) => jitterMs('task-2', at, 60)),
    )
  })

  it('spreads evenly over the span and stays below its end', () => {
    const quarters = [0, 0, 0, 0]
    for (const at of slots) {
      const delay = jitterMs('task-1', at, 60)
      expect(delay).toBeGreaterThanOrEqual(0)
      expect(delay).toBeLessThan(60_000)
      const quarter = Math.floor(delay / 15_000)
      quarters[quarter] = (quarters[quarter] ?? 0) + 1
    }
    for (const count of quarters) expect(count).toBeGreaterThan(400)
  })

  it('is none without jitter', () => {
    expect(jitterMs('task-1', 1000, 0)).toBe(0)
  })
})

describe('time zones', () => {
  it.each(['Europe/Berlin', 'europe/berlin', 'UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
    '%s is one',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true)
    },
  )

  it.each(['', 'Berlin', 'node', '+02:00', 'W. Europe Standard Time', 'Europe/Berlin '])(
    '"%s" is none',
    (zone) => {
      expect(isTimeZone(zone)).toBe(false)
    },
  )

  it('this machine has one', () => {
    expect(isTimeZone(systemTimeZone())).toBe(true)
  })
})
