/** What a benchmark answers, one per line of the table (scripts/bench/table.mjs prints them). */
export interface BenchRow {
  line: string
  figure: number | string
  unit: string
  /** The same measure of a bare peer, taken in the same run: what of the figure is the machine's. */
  reference?: number
  /** figure ÷ reference, or what the budget is about. */
  ratio?: number
  budget: number | string
  ok: boolean
}

/** The value below which the share `p` (0 to 1) of the samples lies. @throws when there is none. */
export const percentile = (samples: readonly number[], p: number): number => {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? sorted[0]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** A row whose figure has to stay below `budget`; the reference is shown, the budget alone decides. */
export const below = (
  line: string,
  figure: number,
  options: { unit: string; budget: number; reference?: number },
): BenchRow => ({
  line,
  figure,
  unit: options.unit,
  ...withReference(figure, options.reference),
  budget: `< ${options.budget}`,
  ok: figure < options.budget,
})

/** A row that has no budget: it is there to be watched. */
export const informational = (
  line: string,
  figure: number,
  options: { unit: string; reference?: number },
): BenchRow => ({
  line,
  figure,
  unit: options.unit,
  ...withReference(figure, options.reference),
  budget: '-',
  ok: true,
})

const withReference = (figure: number, reference: number | undefined) =>
  reference === undefined ? {} : { reference, ...(reference > 0 ? { ratio: figure / reference } : {}) }

/** Milliseconds that `work` took. */
export const timed = async (work: () => unknown): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
