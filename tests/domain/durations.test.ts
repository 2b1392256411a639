import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianOf, percentileOf, shiftOf, spreadOf, usualOf } from '../../src/shared/domain/durations.ts'

/** Random numbers that are the same each time. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** Durations as they are: lopsided, some runs hang. */
const noise = (seed: number, length: number, median = 10, spread = 0.3, hang = 0.03): number[] => {
  const next = random(seed)
  return Array.from({ length }, () => {
    const value = median * Math.exp(spread * normal(next))
    return next() < hang ? value * 8 : value
  })
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed + 1)

describe('what is usual', () => {
  it('is the median and the 95th percentile', () => {
    expect(medianOf([3, 1, 2])).toBe(2)
    expect(medianOf([4, 1, 2, 3])).toBe(2.5)
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
    expect(percentileOf(hundred, 0.95)).toBe(95)
    expect(percentileOf([], 0.95)).toBe(0)
  })

  it('is not told by a few runs', () => {
    expect(usualOf([1, 2, 3, 4, 5, 6, 7])).toBeNull()
  })

  it('is not moved by runs that hung', () => {
    const steady = noise(7, 100, 10, 0.1, 0)
    const hung = [...steady, ...Array.from({ length: 20 }, () => 500)]
    expect(spreadOf(hung)).toBeLessThan(spreadOf(steady) * 2)
    const usual = usualOf(hung)
    expect(usual?.median).toBeLessThan(11)
    expect(500).toBeGreaterThan(usual?.limit ?? Infinity)
  })

  it('has hardly an outlier in noise alone', () => {
    const outliers = SEEDS.flatMap((seed) => {
      const runs = noise(seed, 100, 10, 0.4, 0)
      const { limit } = usualOf(runs) ?? { limit: 0 }
      return runs.filter((run) => run > limit)
    })
    expect(outliers.length / (SEEDS.length * 100)).toBeLessThan(0.001)
  })

  it('does not call a second more an outlier where nothing ever varies', () => {
    const { limit } = usualOf([...Array.from({ length: 50 }, () => 10), 11]) ?? { limit: 0 }
    expect(limit).toBe(12.5)
  })

  it('lies between the shortest and the longest run', () => {
    const runs = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), {
      minLength: 8,
      maxLength: 80,
    })
    fc.assert(
      fc.property(runs, (durations) => {
        const usual = usualOf(durations)
        expect(usual?.median).toBeGreaterThanOrEqual(Math.min(...durations))
        expect(usual?.p95).toBeLessThanOrEqual(Math.max(...durations))
        expect(usual?.limit).toBeGreaterThan(usual?.median ?? Infinity)
      }),
    )
  })
})

describe('slower since', () => {
  it('raises no false alarm on noise, whatever its length, shape and outliers', () => {
    for (const length of [16, 20, 40, 100, 200]) {
      const alarms = SEEDS.filter((seed) => shiftOf(noise(seed * 31 + length, length)) !== null)
      expect(alarms.length, `${length} runs`).toBeLessThanOrEqual(2)
    }
  })

  it.each([40, 100, 200])('finds the run from which it takes half as long again (of %i runs)', (length) => {
    const found = SEEDS.slice(0, 100).map((seed) => {
      const change = Math.floor(length * 0.6)
      const runs = noise(seed, length, 10, 0.15)
      return Math.abs((shiftOf(runs.map((run, i) => (i < change ? run : run * 1.5)))?.index ?? -99) - change)
    })
    expect(found.filter((off) => off <= 3).length).toBeGreaterThan(85)
  })

  it('tells faster from slower', () => {
    const runs = noise(3, 60, 10, 0.1).map((run, i) => (i < 30 ? run : run / 2))
    const shift = shiftOf(runs)
    expect(shift?.after).toBeLessThan(shift?.before ?? 0)
  })

  it('says nothing of a change too small to matter, of few runs, and of runs that are all equal', () => {
    expect(shiftOf(noise(5, 200, 10, 0.02).map((run, i) => (i < 100 ? run : run * 1.1)))).toBeNull()
    expect(shiftOf([1, 1, 1, 9, 9, 9])).toBeNull()
    expect(shiftOf(Array.from({ length: 100 }, () => 4))).toBeNull()
  })

  it('does not take a few runs that hung for a change', () => {
    expect(shiftOf([...noise(11, 60, 10, 0.1, 0), 90, 95, 100])).toBeNull()
  })
})
