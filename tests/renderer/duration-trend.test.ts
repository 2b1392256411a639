import { describe, expect, it } from 'vitest'
import {
  outlierWords,
  runWords,
  shiftWords,
  trendOf,
  usualWords,
  type TrendData,
} from '../../src/renderer/ui/duration-trend/trend.ts'
import type { RunState } from '../../src/shared/domain/run.ts'

const HOUR = 3_600_000
const START = Date.now() - 60 * HOUR

const run = (n: number, seconds: number, state: RunState = 'Success') => ({
  ...{ historyId: `r${n}`, at: START + n * HOUR, seconds, state },
})
const change = (changeId: string, hour: number) => ({
  ...{ changeId, at: START + hour * HOUR, by: 'm.keller', fields: ['timeout'] },
})

/** A little up and down, as runs are. */
const steady = (length: number, seconds: number) =>
  Array.from({ length }, (_, n) => run(n, seconds * (1 + ((n * 7) % 5) / 50)))

const plain = (text: string | null): string => (text ?? '').replaceAll('\u202f', ' ')

describe('the trend of durations', () => {
  it('says what is usual, and why a run is an outlier', () => {
    const data: TrendData = { runs: [...steady(30, 10), run(30, 95)], changes: [] }
    const trend = trendOf(data)
    expect(trend.runs.map(({ kind }) => kind).filter((kind) => kind !== 'usual')).toEqual(['outlier'])
    expect(plain(usualWords(trend))).toMatch(/^Usually 10 s \(median\); 95 of 100 took up to 11 s\.$/)
    expect(plain(outlierWords(trend))).toMatch(/^1 run took more than 13 s: over four times the usual spread/)
    expect(plain(runWords(trend.runs[30]!, trend.usual))).toMatch(
      /: 1 m 35 s, 9\.\d times the median, an outlier$/,
    )
    expect(trend.shift).toBeNull()
  })

  it('says since when it is slower, with the change that came just before', () => {
    const slower = Array.from({ length: 20 }, (_, n) => run(n + 30, 20 + (n % 3)))
    const changes = [change('old', 2), change('cause', 29.5), change('later', 40)]
    const trend = trendOf({ runs: [...steady(30, 10), ...slower], changes })
    expect(trend.shift).toMatchObject({ run: { historyId: 'r30' }, cause: { changeId: 'cause' } })
    expect(plain(shiftWords(trend))).toMatch(/^Slower since .*: 10 s before, 21 s since \(medians\)\.$/)
    // What is usual is what is so now: no run since then is an outlier.
    expect(trend.runs.every(({ kind }) => kind === 'usual')).toBe(true)
  })

  it('leaves out what ended badly, and names no change that is days old', () => {
    const runs = [...steady(20, 10), run(20, 900, 'Failed'), run(21, 0.1, 'Stopped')]
    const trend = trendOf({ runs, changes: [] })
    expect(trend.usual?.p95).toBeLessThan(12)
    expect(trend.runs.slice(20).map(({ kind }) => kind)).toEqual(['bad', 'bad'])
    const slower = Array.from({ length: 20 }, (_, n) => run(n + 80, 20))
    expect(
      trendOf({ runs: [...steady(20, 10), ...slower], changes: [change('old', 1)] }).shift?.cause,
    ).toBeNull()
  })

  it('says that a few runs tell nothing', () => {
    expect(usualWords(trendOf({ runs: steady(3, 10), changes: [] }))).toBe(
      '3 runs: too few to say what is usual.',
    )
  })
})
