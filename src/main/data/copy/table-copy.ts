import type { OpenDatabase } from '../db.ts'
import { createChecksum } from './checksum.ts'
import { createInsert, type Insert } from './insert.ts'
import { markPositions, type Positions } from './marker.ts'
import type { Pause } from './pause.ts'
import type { Progress } from './progress.ts'
import { batchesOf, countRows, isSameRow, rowsBetween, type Batch, type Key, type Reading } from './rows.ts'
import type { CopiedTable, CopyTable } from './tables.ts'
import { clearBehind, writing } from './target.ts'

export interface TableCopy {
  table: CopyTable
  from: Reading
  target: OpenDatabase
  /** How far the copy is; goes on with every batch. */
  positions: Positions
  progress: Progress
  pause: Pause
  signal: AbortSignal
}

/**
 * Copies one table, and answers the checksum of what was read. Of a copy that was cut off, the batches that are
 * there are compared: what the source has changed since is copied anew, with all that comes behind it.
 */
export const copyTable = async (copy: TableCopy): Promise<CopiedTable> => {
  const { table, from, positions, progress, pause, signal } = copy
  const checksum = createChecksum(table, pause)
  const insert = createInsert(table, copy.target.dialect.copyWords, { pause, onRows: progress.add })
  progress.begin('copy', table.name, await countRows(from.db, table))
  const begun = positions[table.name] ?? null
  // Mostly nothing: rows and their position are written together.
  await clearBehind(writing(copy.target), table, begun)
  let comparing = begun !== null
  let last: Key | null = null
  for await (const batch of batchesOf(from, null)) {
    signal.throwIfAborted()
    const isNew = !comparing || !(await isThere(copy, batch))
    if (comparing && isNew) await backTo(copy, batch.after)
    comparing = !isNew
    if (!isNew) progress.add(batch.rows.length)
    await Promise.all([checksum.add(batch.rows), isNew ? write(copy, batch, insert) : null])
    progress.tell()
    last = batch.last
  }
  if (comparing) await backTo(copy, last)
  return checksum.result()
}

/** Whether the target has exactly these rows there. */
const isThere = async ({ target, table }: TableCopy, { rows, after, last }: Batch): Promise<boolean> => {
  const reading = { db: writing(target), words: target.dialect.copyWords, table }
  const there = await rowsBetween(reading, after, last, rows.length + 1)
  return there.length === rows.length && rows.every((row, index) => isSameRow(row, there[index] ?? []))
}

/** The table ends with `after` again. The position first: a copy that is cut off here removes the rest itself. */
const backTo = async ({ target, table, positions }: TableCopy, after: Key | null): Promise<void> => {
  if (after === null) delete positions[table.name]
  else positions[table.name] = after
  const db = writing(target)
  await markPositions(db, positions)
  await clearBehind(db, table, after)
}

const write = async (copy: TableCopy, { rows, last }: Batch, insert: Insert): Promise<void> => {
  const { target, table, positions } = copy
  const reached = { ...positions, [table.name]: last }
  await writing(target)
    .transaction()
    .execute(async (tx) => {
      await insert(tx, rows)
      await markPositions(tx, reached)
    })
  positions[table.name] = last
}
