/**
 * What the benchmarks say, in lines, and the exit code of it: 0 only where all ran to their end within their budgets.
 * @param {{ files: string[], rows: { bench: string, line: string, ok: boolean }[], failures: string[] }} ran
 * @returns {{ lines: string[], code: 0 | 1 }}
 */
export function verdictOf({ files, rows, failures }) {
  const over = rows.filter((row) => !row.ok)
  const isGood = files.length > 0 && over.length === 0 && failures.length === 0
  return {
    lines: [
      ...failures.map((failure) => `did not finish: ${failure}`),
      ...over.map(({ bench, line }) => `over its budget: ${bench}: ${line}`),
      `${rows.length - over.length} within budget, ${over.length} over budget, ${failures.length} did not finish`,
    ],
    code: isGood ? 0 : 1,
  }
}
