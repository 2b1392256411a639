import { join } from 'node:path'
import type { CompiledQuery } from 'kysely'
import { tableColumns } from '../../../src/main/data/columns.ts'
import type { LogRow } from '../../../src/main/data/replica/log-page.ts'
import { stepOf } from '../../../src/main/data/replica/rows.ts'
import { openSqlite } from '../../../src/main/data/sqlite/open-sqlite.ts'

/** Rows of one transaction: the largest page that a replica takes. */
const ROWS_AT_ONCE = 1000

interface Row {
  table: string
  values: CompiledQuery['parameters']
}

/**
 * What no replica can be faster than: the same records and rows of the log, ready made, into a file whose tables have
 * the same columns, without keys, indexes or triggers, by statements that are compiled once. Answers rows of the log
 * per second.
 */
export const bareInsertRate = (changes: readonly LogRow[], folder: string): number => {
  const rows = changes.flatMap((change) => [recordOf(change), logRowOf(change)]).filter((row) => row !== null)
  const db = openSqlite({ path: join(folder, 'bare.db') })
  try {
    const inserts = new Map(
      [...new Set(rows.map(({ table }) => table))].map((table) => {
        const width = rows.find((row) => row.table === table)?.values.length ?? 0
        const names = Array.from({ length: width }, (_, index) => `c${index}`)
        db.exec(`create table "${table}" (${names.join(', ')})`)
        return [
          table,
          db.prepare(`insert into "${table}" values (${names.map(() => '?').join(', ')})`),
        ] as const
      }),
    )
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

/** Null for a deletion: nothing is inserted for it. */
const recordOf = (change: LogRow): Row | null => {
  const step = stepOf(change)
  return step?.values ? { table: step.table, values: step.values } : null
}

const LOG_COLUMNS = tableColumns('Data_Change')

const logRowOf = (change: LogRow): Row => {
  const fields: Record<string, unknown> = change
  return { table: 'Data_Change', values: LOG_COLUMNS.map(({ property }) => fields[property]) }
}
