import { CompiledQuery } from 'kysely'
import type { Query } from '../db.ts'
import type { CopyWords } from '../dialects/dialect.ts'
import type { Pause } from './pause.ts'
import type { StoredRow } from './rows.ts'
import type { CopyTable } from './tables.ts'

/** SQL Server takes no more rows in one insert. */
const MAX_ROWS = 1000
/** About the bytes of one insert; servers limit them (MySQL: `max_allowed_packet`). A larger row goes alone. */
const MAX_BYTES = 1024 * 1024
/** What a short value takes, roughly. */
const VALUE_BYTES = 16

/** Writes rows as they are, many with one statement; answers nothing until all are written. */
export type Insert = (tx: Query, rows: readonly StoredRow[]) => Promise<void>

/** @param onRows is told of rows as they are written. */
export const createInsert = (
  table: CopyTable,
  words: CopyWords,
  { pause, onRows }: { pause: Pause; onRows: (count: number) => void },
): Insert => {
  const most = Math.max(1, Math.min(MAX_ROWS, Math.floor(words.maxParameters / table.columns.length)))
  // Statements are long: those of whole pieces are made once.
  const texts = new Map<number, string>()
  const textOf = (count: number): string => {
    const text = texts.get(count) ?? insertText(table, words, count)
    if (count === most) texts.set(count, text)
    return text
  }
  return async (tx, rows) => {
    for (const piece of piecesOf(rows, most)) {
      await pause()
      await tx.executeQuery(CompiledQuery.raw(textOf(piece.length), piece.flat()))
      onRows(piece.length)
    }
  }
}

const insertText = (table: CopyTable, words: CopyWords, count: number): string => {
  const { columns } = table
  const names = columns.map(({ column }) => `"${column}"`).join(', ')
  const tuples = Array.from({ length: count }, (_, row) => {
    const values = columns.map(({ kind }, index) =>
      words.parameter(row * columns.length + index + 1, kind === 'bytes'),
    )
    return `(${values.join(', ')})`
  })
  const text = `insert into "${table.name}" (${names}) values ${tuples.join(', ')}`
  return table.counts === null ? text : words.withKeys(table.name, text)
}

function* piecesOf(rows: readonly StoredRow[], most: number): Generator<readonly StoredRow[]> {
  let from = 0
  let bytes = 0
  for (const [index, row] of rows.entries()) {
    const size = sizeOf(row)
    if (index > from && (index - from === most || bytes + size > MAX_BYTES)) {
      yield rows.slice(from, index)
      from = index
      bytes = 0
    }
    bytes += size
  }
  if (from < rows.length) yield rows.slice(from)
}

const sizeOf = (row: StoredRow): number =>
  row.reduce<number>((sum, value) => sum + (isLong(value) ? value.length : VALUE_BYTES), 0)

const isLong = (value: StoredRow[number]): value is string | Buffer =>
  typeof value === 'string' || Buffer.isBuffer(value)
