/** What the durations of a task's runs say: what is usual, what is not, and since when it is slower. Pure. */

/** The value below which the share `p` (0 to 1) lies; 0 of none. */
export const percentileOf = (values: readonly number[], p: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0
}

/** Half of the values lie below; of an even number the middle of the middle two. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

/** Of normal noise this many median absolute deviations are one standard deviation. */
const NORMAL = 1.4826

/** The median absolute deviation, as a standard deviation: a few runs that hung do not widen it. */
export const spreadOf = (values: readonly number[]): number => {
  const middle = medianOf(values)
  return NORMAL * medianOf(values.map((value) => Math.abs(value - middle)))
}

export interface Usual {
  median: number
  p95: number
  /** Longer than this is an outlier; shorter ones are nobody's worry. */
  limit: number
}

/** Runs that few tell nothing of what is usual. */
export const ENOUGH = 8
/** So many spreads above the median are no accident: of normal noise less than one in ten thousand. */
const FAR = 4
/** A steady task has no spread to speak of: a quarter more than usual is never an outlier. */
const LEAST = 0.25

/** Null while there are too few. Seconds, or whatever the durations are in. */
export const usualOf = (durations: readonly number[]): Usual | null => {
  if (durations.length < ENOUGH) return null
  const median = medianOf(durations)
  // Durations are lopsided: twice as long is as far as half as long, so the spread is one of their logarithms.
  const logs = durations.map((one) => Math.log(Math.max(one, Number.EPSILON)))
  const factor = Math.exp(FAR * spreadOf(logs))
  return { median, p95: percentileOf(durations, 0.95), limit: median * Math.max(factor, 1 + LEAST) }
}

export interface Shift {
  /** The first run that is slower (or faster). */
  index: number
  before: number
  after: number
}

/** Runs on either side of a change: fewer may be chance. */
const SIDE = 8
/** The medians differ by so much at least: less is nobody's worry. */
const FACTOR = 1.25
/** How improbable a split must be by chance alone; all places of a split were tried, which this allows for. */
const CERTAIN = 4.2

/**
 * Where the durations of runs, oldest first, changed for good; null unless it is clear. The place at which runs before
 * and after differ most in rank (Mann-Whitney), taken only if chance would hardly do that anywhere, and if the medians
 * differ by a quarter. Ranks: neither one run that hung nor the shape of the noise counts.
 */
export const shiftOf = (durations: readonly number[]): Shift | null => {
  const n = durations.length
  if (n < 2 * SIDE) return null
  const ranks = ranksOf(durations)
  let sum = 0
  let best = { index: 0, z: 0 }
  for (let index = 1; index <= n - SIDE; index++) {
    sum += ranks[index - 1] ?? 0
    if (index < SIDE) continue
    const expected = (index * (n + 1)) / 2
    const deviation = Math.sqrt((index * (n - index) * (n + 1)) / 12)
    const z = Math.abs(sum - expected) / deviation
    if (z > best.z) best = { index, z }
  }
  const before = medianOf(durations.slice(0, best.index))
  const after = medianOf(durations.slice(best.index))
  const factor = Math.max(before, after) / Math.max(Math.min(before, after), Number.EPSILON)
  return best.z >= needed(n) && factor >= FACTOR ? { index: best.index, before, after } : null
}

/** With few runs even the clearest split is not far out: then it has to be as clear as it can be. */
const needed = (n: number): number => Math.min(CERTAIN, 0.97 * Math.sqrt((3 * n * n) / (4 * (n + 1))))

/** Equal values share the middle of their ranks. */
const ranksOf = (values: readonly number[]): number[] => {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value)
  const ranks = new Array<number>(values.length).fill(0)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to += 1
    for (let i = from; i <= to; i++) ranks[order[i]?.at ?? 0] = (from + to) / 2 + 1
    from = to + 1
  }
  return ranks
}
