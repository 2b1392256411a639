import { sql, type ExpressionBuilder } from 'kysely'
import type { Query } from '../db.ts'
import type { CopyWords } from '../dialects/dialect.ts'
import { storedIn, type CopyTable } from './tables.ts'

/*
 * Rows in the order of their keys, some at a time: keyset paging, so that the last page costs what the first does,
 * in pages of so many bytes.
 */

export type Value = string | number | Buffer | null
/** Values in the order of the columns. */
export type StoredRow = readonly Value[]
export type Key = readonly Value[]

export interface Batch {
  /** Never empty. */
  rows: StoredRow[]
  /** The rows are those behind this key, */
  after: Key | null
  /** up to this one. */
  last: Key
  /** About so many. */
  bytes: number
}

const BATCH_ROWS = 1000
/** Of a batch; two of them are in memory, and what a driver makes of one. A row of more is a batch by itself. */
const BATCH_BYTES = 4 * 1024 * 1024

export interface Reading {
  db: Query
  words: CopyWords
  table: CopyTable
}

/** The rows behind `after`, the next batch being read while one is worked on. */
export async function* batchesOf(
  reading: Reading,
  after: Key | null,
  maxRows = BATCH_ROWS,
): AsyncGenerator<Batch, void> {
  const batches = readBatches(reading, after, maxRows)
  let next = asked(batches)
  try {
    for (;;) {
      const answer = await next
      if (answer.done) return
      const isSmall = answer.value.bytes <= BATCH_BYTES
      if (isSmall) next = asked(batches)
      yield answer.value
      if (!isSmall) next = asked(batches)
    }
  } finally {
    // The connection is free again only then.
    await next.catch(() => undefined)
  }
}

/** A failure is thrown where the batch is awaited; until then it must not count as unhandled. */
const asked = (batches: AsyncGenerator<Batch, void>): Promise<IteratorResult<Batch, void>> => {
  const next = batches.next()
  next.catch(() => undefined)
  return next
}

async function* readBatches(
  reading: Reading,
  from: Key | null,
  maxRows: number,
): AsyncGenerator<Batch, void> {
  for (let after = from; ;) {
    const extent = await nextExtent(reading, after, maxRows)
    if (!extent) return
    const rows = await rowsBetween(reading, after, extent.last, maxRows)
    yield { rows, after, ...extent }
    after = extent.last
  }
}

/** How far the next batch goes: the sizes are read before the rows. */
const nextExtent = async (
  { db, words, table }: Reading,
  after: Key | null,
  maxRows: number,
): Promise<{ last: Key; bytes: number } | null> => {
  const sizes = table.long.map((column) => sql`coalesce(${sql.raw(words.byteLength)}(${sql.ref(column)}), 0)`)
  const size = sizes.length === 0 ? sql<number>`0` : sql<number>`${sql.join(sizes, sql` + `)}`
  const found = await storedIn(db)
    .selectFrom(table.name)
    .select([...table.keys, size.as('size')])
    .where((where) => where.and(conditions(where, table, after, null)))
    .$call((query) => table.keys.reduce((sorted, key) => sorted.orderBy(key), query))
    .limit(maxRows)
    .execute()
  let bytes = 0
  let last: Record<string, unknown> | undefined
  for (const row of found) {
    if (last && bytes + Number(row['size']) > BATCH_BYTES) break
    bytes += Number(row['size'])
    last = row
  }
  return last ? { bytes, last: table.keys.map((key) => keyValueOf(last[key])) } : null
}

/** The rows behind `after` (null: from the first on) up to `last` (null: to the end). */
export const rowsBetween = async (
  { db, table }: Reading,
  after: Key | null,
  last: Key | null,
  limit: number,
): Promise<StoredRow[]> => {
  const names = table.columns.map(({ column }) => column)
  const rows = await storedIn(db)
    .selectFrom(table.name)
    .select(names)
    .where((where) => where.and(conditions(where, table, after, last)))
    .$call((query) => table.keys.reduce((sorted, key) => sorted.orderBy(key), query))
    .limit(limit)
    .execute()
  return rows.map((row) => names.map((name) => valueOf(row[name])))
}

export const countRows = async (db: Query, table: CopyTable): Promise<number> => {
  const row = await storedIn(db)
    .selectFrom(table.name)
    .select((select) => select.fn.countAll().as('rows'))
    .where((where) => where.and(conditions(where, table, null, null)))
    .executeTakeFirst()
  return Number(row?.rows)
}

type Where = ExpressionBuilder<Record<string, Record<string, unknown>>, string>

/** Of the rows behind `after` up to `last`, without those that are left out. */
export const conditions = (where: Where, table: CopyTable, after: Key | null, last: Key | null) => {
  const leftOut = table.keys.flatMap((key) =>
    table.leftOut.length === 0 ? [] : [where(key, 'not in', [...table.leftOut])],
  )
  return [
    ...leftOut,
    ...(after ? [compared(where, table.keys, '>', after)] : []),
    ...(last ? [compared(where, table.keys, '<=', last)] : []),
  ]
}

/** Keys of several columns compare column by column: SQL Server knows no `(a, b) > (x, y)`. */
const compared = (where: Where, keys: readonly string[], operator: '>' | '<=', values: Key) => {
  const strict = operator === '>' ? '>' : '<'
  const steps = keys.map((key, at) =>
    where.and([
      ...keys.slice(0, at).map((before, index) => where(before, '=', values[index])),
      where(key, at === keys.length - 1 ? operator : strict, values[at]),
    ]),
  )
  return where.or(steps)
}

/**
 * A NUL character, which PostgreSQL cannot keep, is U+FFFD in every copy and in every checksum. Not in a key that is
 * read on from: rows would be passed over.
 */
const valueOf = (value: unknown): Value =>
  typeof value === 'string' && value.includes('\u0000')
    ? value.replaceAll('\u0000', '\ufffd')
    : keyValueOf(value)

/** The same type on every dialect: threads hand out plain bytes. */
const keyValueOf = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value === 'bigint') return String(value)
  throw new Error(`a driver gave a ${typeof value}: nothing that this program stores`)
}

/** Equal in every value. */
export const isSameRow = (a: StoredRow, b: StoredRow): boolean =>
  a.every((value, index) => isSameValue(value, b[index]))

/** Numbers that are not exact come as text from some drivers. */
const isSameValue = (a: Value, b: Value | undefined): boolean => {
  if (Buffer.isBuffer(a)) return Buffer.isBuffer(b) && a.equals(b)
  return a === b || (a !== null && b !== null && !Buffer.isBuffer(b) && String(a) === String(b))
}
