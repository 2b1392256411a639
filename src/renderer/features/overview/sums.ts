import type { RunStats } from '../../../shared/domain/run-stats.ts'

/** As wide as one bar of the past. */
export const TEN_MINUTES = 10 * 60_000

type Counts = RunStats['counts']

const BAD = ['Failed', 'Timeout', 'Lost']
/** What ran to an end of its own: a run that was stopped or skipped says nothing of the task. */
const ENDED = ['Success', ...BAD]

export interface Sum {
  ended: number
  bad: number
}

export const sumOf = (counts: Counts): Sum => {
  const of = (states: readonly string[]): number =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0)
  return { ended: of(ENDED), bad: of(BAD) }
}

/** The sums of equal stretches of time, oldest first; `from` and `width` in ms. */
export const sumsBetween = (
  counts: Counts,
  from: number,
  width: number,
  length: number,
): (Sum & { at: number })[] => {
  const parts: Counts[] = Array.from({ length }, () => [])
  for (const one of counts) parts[Math.floor((Date.parse(one.at) - from) / width)]?.push(one)
  return parts.map((part, i) => ({ at: from + i * width, ...sumOf(part) }))
}
