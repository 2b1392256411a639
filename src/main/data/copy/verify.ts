import { AppError } from '../../../shared/domain/errors.ts'
import { createChecksum } from './checksum.ts'
import type { Pause } from './pause.ts'
import type { Progress } from './progress.ts'
import { batchesOf, isSameRow, type Reading, type StoredRow } from './rows.ts'
import type { CopiedTable, CopyTable } from './tables.ts'

export interface Reporting {
  progress?: Progress
  pause: Pause
  signal?: AbortSignal
}

/** Reads a whole table for its checksum. */
export const checksumOf = async (
  reading: Reading,
  { progress, pause, signal }: Reporting,
): Promise<CopiedTable> => {
  const checksum = createChecksum(reading.table, pause)
  for await (const { rows } of batchesOf(reading, null)) {
    signal?.throwIfAborted()
    await checksum.add(rows)
    progress?.add(rows.length)
    progress?.tell()
  }
  return checksum.result()
}

/**
 * Compares a table of the target with the checksum taken while it was copied.
 *
 * @throws AppError UNAVAILABLE naming the first row that differs.
 */
export const verifyTable = async (
  copied: CopiedTable,
  { from, to }: { from: Reading; to: Reading },
  reporting: Reporting,
): Promise<void> => {
  reporting.progress?.begin('verify', copied.table, copied.rows)
  const found = await checksumOf(to, reporting)
  if (found.checksum === copied.checksum && found.rows === copied.rows) return
  const key = await firstDifference(from, to)
  throw new AppError(
    'UNAVAILABLE',
    `the copy of ${copied.table} is not what it was copied from (${found.rows} of ${copied.rows} rows; the first that ` +
      `differs: ${key}); check the target for triggers, rules or programs that change its rows, then copy again`,
    { data: { table: copied.table, key } },
  )
}

/** Reads both sides once more, row by row. */
const firstDifference = async (from: Reading, to: Reading): Promise<string> => {
  const [left, right] = [rowsOf(from), rowsOf(to)]
  try {
    for (;;) {
      const [a, b] = await Promise.all([left.next(), right.next()])
      const row = a.done ? b.value : a.value
      if (!row) return 'none any more'
      if (!a.value || !b.value || !isSameRow(a.value, b.value)) return keyText(from.table, row)
    }
  } finally {
    await Promise.all([left.return(undefined), right.return(undefined)])
  }
}

async function* rowsOf(reading: Reading): AsyncGenerator<StoredRow, undefined> {
  for await (const { rows } of batchesOf(reading, null)) yield* rows
  return undefined
}

const keyText = ({ columns }: CopyTable, row: StoredRow): string =>
  columns
    .flatMap(({ primary, column }, index) => (primary ? [`${column} ${String(row[index])}`] : []))
    .join(', ')
