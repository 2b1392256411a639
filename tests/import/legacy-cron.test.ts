import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  legacyMatches,
  translateLegacy,
  type WallMinute,
} from '../../src/shared/domain/import/legacy-cron.ts'
import { decideCron } from '../../src/shared/domain/import/readings.ts'
import { nextSlot, parseSchedule } from '../../src/shared/domain/schedule.ts'
import { NOW, ZONE } from './support.ts'

const MINUTE = 60_000

const wallOf = (at: number): WallMinute => {
  const date = new Date(at)
  return {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    weekday: date.getUTCDay(),
  }
}

/** Every minute of [from, until) in which the old engine would have started the task. */
const oldStarts = (expression: string, from: number, until: number): number[] => {
  const starts: number[] = []
  for (let at = from; at < until; at += MINUTE) if (legacyMatches(expression, wallOf(at))) starts.push(at)
  return starts
}

const newStarts = (cron: string, from: number, until: number): number[] => {
  const schedule = parseSchedule(cron, 'UTC')
  const starts: number[] = []
  let slot = nextSlot(schedule, from - 1)
  while (slot && slot.at < until) {
    starts.push(slot.at)
    slot = nextSlot(schedule, slot.at)
  }
  return starts
}

describe('the old reading of cron', () => {
  it.each([
    ['30 2 * * *', '30 2 * * *'],
    ['*/15 * * * *', '*/15 * * * *'],
    ['*/1 * * * *', '* * * * *'],
    ['05 08 * * *', '5 8 * * *'],
    ['0 9-17 * * 1-5', '0 * * * *'],
    ['0,30 8 * * *', '* 8 * * *'],
    ['0 9 */2 * *', '0 9 * * *'],
    ['0 9 * JAN MON', '0 9 * * *'],
    ['*/90 */24 * * *', '0 0 * * *'],
    ['0 3 13 * 5', '0 3 13 * +5'],
    ['0 0 1 1 0', '0 0 1 1 +0'],
  ])('reads %s as %s', (old, standard) => {
    expect(translateLegacy(old)).toBe(standard)
  })

  it.each([
    '0 0 * * 7',
    '60 * * * *',
    '*/0 * * * *',
    '0 24 * * *',
    '0 0 32 * *',
    '0 0 * 13 *',
    '@daily',
    '* * * *',
  ])('never fires for %s', (old) => {
    expect(translateLegacy(old)).toBeNull()
    expect(oldStarts(old, NOW, NOW + 40 * 24 * 60 * MINUTE)).toEqual([])
  })

  const steps = fc.integer({ min: 0, max: 70 }).map((every) => `*/${every}`)
  const number = (max: number) => fc.integer({ min: 0, max }).map(String)
  const odd = fc.constantFrom('1-5', '0,30', 'MON', 'L', '*/5', '?', '1-10/2')
  const star = { arbitrary: fc.constant('*'), weight: 3 }
  const expression = fc
    .tuple(
      fc.oneof(star, steps, number(60), odd),
      fc.oneof(star, steps, number(24), odd),
      fc.oneof(star, number(32), odd),
      fc.oneof({ ...star, weight: 6 }, fc.constantFrom('1', '2', '12', '13'), odd),
      fc.oneof(star, number(7), odd),
    )
    .map((fields) => fields.join(' '))

  it('starts at exactly the minutes of its translation, minute by minute', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 0, max: 360 }), (old, day) => {
        const from = Date.UTC(2027, 0, 1) + day * 24 * 60 * MINUTE
        const until = from + 4 * 24 * 60 * MINUTE
        const standard = translateLegacy(old)
        expect(standard === null ? [] : startsOrNone(standard, from, until)).toEqual(
          oldStarts(old, from, until),
        )
      }),
      { numRuns: 150 },
    )
  })
})

/** A date that no year has (31 February) is refused as a schedule; the old engine just never fired. */
const startsOrNone = (cron: string, from: number, until: number): number[] => {
  try {
    return newStarts(cron, from, until)
  } catch {
    return []
  }
}

describe('two readings of one expression', () => {
  it('says nothing where both agree', () => {
    for (const same of ['30 2 * * *', '*/10 * * * *', '0 4 * * 0', '05 08 1 * *', '0  5 * * *'])
      expect(decideCron(same, 'standard', ZONE, NOW)).toMatchObject({ warnings: [] })
  })

  it('shows both with the next five runs of each where they differ', () => {
    const decided = decideCron('0 9-17 * * 1-5', 'standard', ZONE, NOW)
    expect(decided.schedule).toBe('0 9-17 * * 1-5')
    expect(decided.cronReadings).toEqual({
      expression: '0 9-17 * * 1-5',
      standard: {
        cron: '0 9-17 * * 1-5',
        next: [9, 10, 11, 12, 13].map((hour) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`),
      },
      legacy: {
        cron: '0 * * * *',
        next: [9, 10, 11, 12, 13].map((hour) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`),
      },
    })
    expect(decided.warnings[0]).toContain('two readings')
    expect(decided.warnings[0]).toContain('0 * * * *')
  })

  it('takes the old reading when asked to', () => {
    expect(decideCron('0 9-17 * * 1-5', 'legacy', ZONE, NOW).schedule).toBe('0 * * * *')
    expect(decideCron('0 3 13 * 5', 'legacy', ZONE, NOW).schedule).toBe('0 3 13 * +5')
  })

  it('keeps day and weekday apart: either in standard cron, both in the old engine', () => {
    const { cronReadings } = decideCron('0 3 13 * 5', 'standard', ZONE, NOW)
    expect(cronReadings?.standard.next[0]).toBe('2026-01-09T02:00:00.000Z')
    expect(cronReadings?.legacy.next[0]).toBe('2026-02-13T02:00:00.000Z')
  })

  it('refuses what standard cron cannot read, but shows what the old engine did', () => {
    const decided = decideCron('*/90 * * * *', 'standard', ZONE, NOW)
    expect(decided.reason).toMatch(/^schedule "\*\/90 \* \* \* \*": minute "\*\/90"/)
    expect(decided.cronReadings?.legacy.cron).toBe('0 * * * *')
    expect(decideCron('*/90 * * * *', 'legacy', ZONE, NOW)).toMatchObject({ schedule: '0 * * * *' })
  })

  it('makes a task that the old engine never started manual under the old reading', () => {
    const decided = decideCron('0 0 * * 7', 'legacy', ZONE, NOW)
    expect(decided.schedule).toBeNull()
    expect(decided.reason).toBeUndefined()
    expect(decided.warnings[0]).toContain('PSWebHost: never')
  })
})
