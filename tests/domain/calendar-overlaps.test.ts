import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysFrom, hourKey } from '../../src/shared/domain/calendar/days.ts'
import { playOverlaps } from '../../src/shared/domain/calendar/going-on.ts'
import { readPattern, type Pattern } from '../../src/shared/domain/calendar/pattern.ts'
import type { OverlapPolicy } from '../../src/shared/domain/overlap.ts'
import { parseSchedule, slotsBetween } from '../../src/shared/domain/schedule.ts'
import { openZone } from '../../src/shared/domain/schedule/time-zone.ts'

const SECOND = 1000
const zone = openZone('Europe/Berlin')
const DAY = { from: Date.parse('2026-03-01T23:00Z'), until: Date.parse('2026-03-02T23:00Z') }

const patternOf = (cron: string): Pattern => {
  const range = { zone, days: daysFrom(zone, '2026-03-02', 1), now: 0 }
  const work = readPattern(parseSchedule(cron, zone.name), range)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

describe('runs that are still going when the next slot comes', () => {
  const playedFor = (spec: string, seconds: number, policy: OverlapPolicy) =>
    playOverlaps(patternOf(spec), { ms: seconds * SECOND, measured: 40 }, policy).get(hourKey(0, 6))
  const played = (spec: string, minutes: number, policy: OverlapPolicy) =>
    playedFor(spec, minutes * 60, policy)

  it('are none while they end in time', () => {
    expect(played('*/5 * * * *', 5, 'Skip')).toBeUndefined()
  })

  it('skip every other slot, or wait, or run beside, as the policy says', () => {
    expect(played('*/5 * * * *', 7, 'Skip')).toEqual({ skipped: 6, waiting: 0, beside: 0 })
    expect(played('*/5 * * * *', 7, 'Parallel')).toEqual({ skipped: 0, waiting: 0, beside: 12 })
    const queue = played('*/5 * * * *', 7, 'Queue')
    expect(queue?.waiting).toBeGreaterThan(0)
    expect((queue?.waiting ?? 0) + (queue?.skipped ?? 0)).toBeLessThanOrEqual(12)
  })

  it.each<[string, number, OverlapPolicy, ReturnType<typeof playedFor>]>([
    // Every other one of 360.
    ['*/10 * * * * *', 15, 'Skip', { skipped: 180, waiting: 0, beside: 0 }],
    ['*/10 * * * * *', 10, 'Skip', undefined],
    ['*/10 * * * * *', 15, 'Parallel', { skipped: 0, waiting: 0, beside: 360 }],
    // One of five runs, that of 0:00, 1:40, 3:20.
    ['*/20 * * * * *', 90, 'Skip', { skipped: 144, waiting: 0, beside: 0 }],
    ['* * * * * *', 4, 'Skip', { skipped: 2700, waiting: 0, beside: 0 }],
    // The 50 s until the next minute are enough.
    ['0,5,10 * * * * *', 30, 'Skip', { skipped: 120, waiting: 0, beside: 0 }],
    ['0,30 9,6 * * * *', 20, 'Skip', undefined],
    ['0,30 9,6 * * * *', 40, 'Queue', { skipped: 0, waiting: 2, beside: 0 }],
  ])('are seen within a minute: %s of %i s under %s', (spec, seconds, policy, expected) => {
    expect(playedFor(spec, seconds, policy)).toEqual(expected)
  })

  it('are as many as slots come while one goes on, whatever the pace and the duration', () => {
    const paces = fc.constantFrom('*/15 * * * *', '0,1,30 * * * *', '*/30 * * * * *', '5,40 */2 * * * *')
    fc.assert(
      fc.property(paces, fc.integer({ min: 1, max: 7200 }), (spec, seconds) => {
        let free = -Infinity
        let skipped = 0
        for (const { at } of slotsBetween(parseSchedule(spec, zone.name), DAY.from - 1, DAY.until - 1, 3000))
          if (at >= free) free = at + seconds * SECOND
          else skipped += 1
        const found = playOverlaps(patternOf(spec), { ms: seconds * SECOND, measured: 9 }, 'Skip')
        expect([...found.values()].reduce((sum, one) => sum + one.skipped, 0)).toBe(skipped)
      }),
      { numRuns: 60 },
    )
  })

  it('never become more than there are slots, whatever the durations', () => {
    const policy = fc.constantFrom('Skip' as const, 'Queue' as const, 'Parallel' as const)
    const paces = fc.constantFrom(
      '* * * * *',
      '*/7 * * * *',
      '0,1,30 * * * *',
      '*/20 * * * * *',
      '* * * * * *',
      '0 */2 * * *',
    )
    fc.assert(
      fc.property(paces, fc.integer({ min: 1, max: 24_000 }), policy, (spec, seconds, of) => {
        const pattern = patternOf(spec)
        const found = playOverlaps(pattern, { ms: seconds * SECOND, measured: 9 }, of)
        for (const [key, { skipped, waiting, beside }] of found) {
          const sum = skipped + waiting + beside
          expect(sum).toBeLessThanOrEqual((pattern.hours.get(key)?.count ?? 0) + 1)
          if (of === 'Parallel') expect(skipped + waiting).toBe(0)
          if (of === 'Skip') expect(waiting + beside).toBe(0)
        }
      }),
      { numRuns: 100 },
    )
  })
})
