import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { AppError } from '../../shared/domain/errors.ts'
import type { Page } from '../../shared/domain/fields.ts'

/** Keyset paging: a cursor holds the sort values of the last row, so a page costs the same at any depth. */

type CursorValue = string | number | null

export const encodeCursor = (values: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

/**
 * @param width how many values the list sorts by
 * @throws AppError BAD_REQUEST when the cursor is not one of this list's.
 */
export const decodeCursor = (cursor: string, width: number): CursorValue[] => {
  const values = parse(cursor)
  const fits = Array.isArray(values) && values.length === width && values.every(isCursorValue)
  if (fits) return values
  const message = 'must be the nextCursor of the previous page, with the same filters and sort'
  throw new AppError('BAD_REQUEST', `cursor: ${message}`, { issues: [{ path: ['cursor'], message }] })
}

const isCursorValue = (value: unknown): value is CursorValue =>
  value === null || typeof value === 'string' || typeof value === 'number'

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

/** Of `limit + 1` rows read: the page, and the cursor of its last row when there is more. */
export const pageOf = <Row>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => readonly CursorValue[],
): Page<Row> => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(keysOf(last)) : null }
}

/**
 * A LIKE pattern that finds `text` anywhere; its own wildcards count as letters. To be used with ESCAPE '!': a
 * backslash is no plain letter in every database's literals, and SQL Server has a third wildcard.
 */
export const containing = (text: string): string => `%${text.replace(/[!%_[]/g, (char) => `!${char}`)}%`

/**
 * Rows that come after one in the order of these columns, all the same way. Written out, for not every database
 * compares rows; the first condition lets an index begin there.
 */
export const beyond = (
  columns: readonly string[],
  side: '>' | '<',
  values: readonly CursorValue[],
): RawBuilder<SqlBool> => {
  const [first] = columns
  if (first === undefined) throw new Error('an order without columns')
  const compare = sql.raw(side)
  const nth = (index: number): RawBuilder<SqlBool> => {
    const column = sql.ref(columns[index] ?? '')
    const value = values[index]
    return index === columns.length - 1
      ? sql<SqlBool>`${column} ${compare} ${value}`
      : sql<SqlBool>`(${column} ${compare} ${value} or (${column} = ${value} and ${nth(index + 1)}))`
  }
  if (columns.length === 1) return nth(0)
  return sql<SqlBool>`(${sql.ref(first)} ${compare}= ${values[0]} and ${nth(0)})`
}

/**
 * Whether any of the columns contains `text`, in either case. Not every database knows the case of letters
 * beyond ASCII (SQLite does not), so those are looked for as typed, in small and in capital letters.
 */
export const searching = (columns: readonly string[], text: string): RawBuilder<SqlBool> => {
  const forms = [text, text.toLowerCase(), text.toUpperCase()].map(asciiLower)
  const parts = columns.flatMap((column) =>
    [...new Set(forms)].map((form) => sql`lower(${sql.ref(column)}) like ${containing(form)} escape '!'`),
  )
  return sql<SqlBool>`(${sql.join(parts, sql` or `)})`
}

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
