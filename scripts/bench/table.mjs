/**
 * The rows as an aligned table.
 * @param {{ bench: string, line: string, figure: number | string, unit: string, reference?: number | string,
 *   ratio?: number, budget: number | string, ok: boolean }[]} rows
 */
export function table(rows) {
  const cells = [
    ['bench', 'line', 'figure', 'unit', 'reference', 'ratio', 'budget', ''],
    ...rows.map((row) => [
      row.bench,
      row.line,
      number(row.figure),
      row.unit,
      number(row.reference),
      number(row.ratio),
      number(row.budget),
      row.ok ? 'ok' : 'OVER',
    ]),
  ]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const isFigure = (column) => [2, 4, 5].includes(column)
  const pad = (cell, column) =>
    isFigure(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Three significant digits are what a bench on a busy machine can claim. */
function number(value) {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'number') return String(value)
  return Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString()
}
