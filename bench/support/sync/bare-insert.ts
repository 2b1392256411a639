import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { capturedTable, isCaptured } from '../../../src/main/data/capture.ts'
import { tableColumns } from '../../../src/main/data/columns.ts'
import { FIRST_VALUES } from '../../../src/main/data/replica/apply.ts'
import type { LogRow } from '../../../src/main/data/replica/log-page.ts'
import { recordOf } from '../../../src/main/data/replica/rows.ts'
import { openSqlite } from '../../../src/main/data/sqlite/open-sqlite.ts'

/** Rows of one transaction: the largest page that a replica takes, of the log and of records. */
const ROWS_AT_ONCE = 2000

/** `tables`: those of the replica with their keys and indexes; `columns`: nothing but their columns. */
export type Bareness = 'tables' | 'columns'

interface Row {
  table: string
  values: unknown[]
}

/**
 * What no replica can be faster than: the same records and rows of the log, ready made, inserted by statements that
 * are compiled once, without triggers. Answers rows of the log per second.
 */
export const bareInsertRate = (
  changes: readonly LogRow[],
  { replica, folder, bareness }: { replica: string; folder: string; bareness: Bareness },
): number => {
  const rows = changes
    .flatMap((change) => [recordRowOf(change), logRowOf(change)])
    .filter((row) => row !== null)
  const db = openSqlite({ path: join(folder, 'bare.db') })
  try {
    const tables = [...new Set(rows.map(({ table }) => table))]
    makeTables(db, tables, { replica, bareness })
    const inserts = new Map(tables.map((table) => [table, db.prepare(insertText(table))]))
    const startedAt = performance.now()
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      db.exec('begin immediate')
      for (const { table, values } of rows.slice(from, from + ROWS_AT_ONCE))
        inserts.get(table)?.run(...values)
      db.exec('commit')
    }
    return (changes.length / (performance.now() - startedAt)) * 1000
  } finally {
    db.close()
  }
}

const makeTables = (
  db: Sqlite.Database,
  tables: readonly string[],
  { replica, bareness }: { replica: string; bareness: Bareness },
): void => {
  if (bareness === 'columns') {
    for (const table of tables)
      db.exec(`create table "${table}" (${columnsOf(table).map(quoted).join(', ')})`)
    return
  }
  const source = openSqlite({ path: replica, readonly: true })
  const found = source
    .prepare<[], { name: string; sql: string }>(
      `select tbl_name as name, sql from sqlite_master where type in ('table', 'index') and sql is not null`,
    )
    .all()
  source.close()
  for (const { name, sql } of found) if (tables.includes(name)) db.exec(sql)
}

/** An edit of a record that is there replaces it. */
const insertText = (table: string): string => {
  const columns = columnsOf(table)
  const names = columns.map(quoted).join(', ')
  return `insert or replace into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`
}

const LOG_COLUMNS = tableColumns('Data_Change')

const columnsOf = (table: string): string[] =>
  isCaptured(table)
    ? [...capturedTable(table).columns.map(({ column }) => column), ...Object.keys(FIRST_VALUES[table] ?? {})]
    : LOG_COLUMNS.map(({ column }) => column)

const quoted = (name: string): string => `"${name}"`

/** Null for a deletion: nothing is inserted for it. */
const recordRowOf = (change: LogRow): Row | null => {
  const { tableName, action } = change
  if (action === 'DELETE' || !isCaptured(tableName)) return null
  const values = [...recordOf(change).values, ...Object.values(FIRST_VALUES[tableName] ?? {})]
  return { table: tableName, values }
}

const logRowOf = (change: LogRow): Row => {
  const fields: Record<string, unknown> = change
  return { table: 'Data_Change', values: LOG_COLUMNS.map(({ property }) => fields[property]) }
}
