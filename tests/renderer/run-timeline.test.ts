import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placed, selected, SHORTEST_MS, shifted, zoomed } from '../../src/renderer/ui/run-timeline/spans.ts'
import type { Run } from '../../src/shared/domain/run.ts'

const NOW = Date.parse('2026-11-24T14:00:00.000Z')
const HOUR = 3_600_000
const DAY = { from: NOW - 24 * HOUR, to: NOW }

const runOf = (from: number, to: number | null): Run =>
  ({
    historyId: `${from}`,
    startTime: new Date(from).toISOString(),
    endTime: to === null ? null : new Date(to).toISOString(),
    scheduledFor: new Date(from).toISOString(),
  }) as Run

describe('a span that is zoomed', () => {
  it('keeps the place it is zoomed around, and never reaches beyond now', () => {
    expect(zoomed(DAY, 0.5, NOW)).toEqual({ from: NOW - 18 * HOUR, to: NOW - 6 * HOUR })
    expect(zoomed(DAY, 0.5, NOW, 1)).toEqual({ from: NOW - 12 * HOUR, to: NOW })
    expect(zoomed(DAY, 2, NOW)).toEqual({ from: NOW - 48 * HOUR, to: NOW })
    expect(shifted(DAY, 0.5, NOW)).toEqual(DAY)
  })

  it('is never empty, turned round or in the future, whatever is done to it', () => {
    const acts = fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(acts, (all) => {
        let span = DAY
        for (const [factor, around] of all)
          span = shifted(zoomed(span, factor, NOW, around), around - 0.5, NOW)
        expect(span.to).toBeLessThanOrEqual(NOW + 1)
        expect(span.to - span.from).toBeGreaterThanOrEqual(SHORTEST_MS - 1)
      }),
    )
  })

  it('is what was dragged over from either end, and a click is nothing', () => {
    expect(selected(DAY, 0.75, 0.25)).toEqual({ from: NOW - 18 * HOUR, to: NOW - 6 * HOUR })
    expect(selected(DAY, 0.5, 0.5)).toBeNull()
  })
})

describe('runs on an axis', () => {
  it('stand below each other where they overlap, and share a row where they do not', () => {
    const runs = [
      runOf(NOW - 12 * HOUR, NOW - 10 * HOUR),
      runOf(NOW - 11 * HOUR, NOW - 9 * HOUR),
      runOf(NOW - 10 * HOUR, NOW - 8 * HOUR),
      runOf(NOW - HOUR, null),
      runOf(NOW - 30 * HOUR, NOW - 25 * HOUR),
    ]
    const found = placed(runs, DAY, NOW)
    expect(found.map(({ row }) => row)).toEqual([0, 1, 0, 0])
    expect(found[0]).toMatchObject({ left: 50, width: 8.33 })
    expect(found[3]).toMatchObject({ left: 95.83, width: 4.17 })
  })
})
