import { sql } from 'kysely'
import type { Query } from '../db.ts'
import type { CopyWords } from './dialect.ts'

/** How a copy reads and writes SQL Server. */

export const mssqlCopyWords: CopyWords = {
  // Of the 2100 a statement may have, its text and its declarations are two.
  maxParameters: 2000,
  // The driver takes a NULL for text, which is not put into bytes even when it is NULL.
  parameter: (n, isBytes) => (isBytes ? `convert(varbinary(max), @${n})` : `@${n}`),
  byteLength: 'datalength',
  // Within the statement: it ends with it, whatever becomes of the insert.
  withKeys: (table, insert) =>
    `set identity_insert "${table}" on; ${insert}; set identity_insert "${table}" off`,
  countBehind: (table, _column, value) => [`dbcc checkident ('${table}', reseed, ${value}) with no_infomsgs`],
}

/** Null where the database keeps no versions of rows for transactions (`allow_snapshot_isolation`). */
export const snapshotIsolation = async (db: Query): Promise<'snapshot' | null> => {
  const { rows } = await sql<{ state: number }>`
    select cast(snapshot_isolation_state as int) as state from sys.databases where database_id = db_id()`.execute(
    db,
  )
  return Number(rows[0]?.state) === 1 ? 'snapshot' : null
}
