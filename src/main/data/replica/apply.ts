import { CompiledQuery } from 'kysely'
import { groupBy } from '../../../shared/domain/group-by.ts'
import { capturedTable, isCaptured, type CapturedTableName } from '../capture.ts'
import { uniquesOf } from '../columns.ts'
import type { Tx } from '../db.ts'
import { chunksOf } from './chunks.ts'
import { appendLog } from './log.ts'
import type { LogRow } from './log-page.ts'
import { recordOf, type ReplicaRecord, type Stored } from './rows.ts'

/*
 * Writes changes of the cluster into a replica: records and log in one transaction. Of a record only what the last
 * change of the page makes of it is written, whatever it was in between; tables have no foreign keys, so that their
 * order does not matter either. Many rows with one statement, since a statement costs more than a row.
 */

/** What a column that is not captured begins with; what it holds later travels as latest state. */
export const FIRST_VALUES: Partial<Record<CapturedTableName, Record<string, number>>> = {
  Task_Schedule: { IsRunning: 0, TotalRuns: 0, SuccessCount: 0, FailureCount: 0 },
}

export interface ApplyOptions {
  /** Tables whose records the replica holds; of others it has the log only. */
  tables: ReadonlySet<string>
  /** Changes whose records a bootstrap brought already. */
  known: ReadonlySet<string>
}

/** @throws UnreadableChange; the transaction must then be given up. */
export const applyChanges = async (
  tx: Tx,
  changes: readonly LogRow[],
  { tables, known }: ApplyOptions,
): Promise<void> => {
  const wanted = changes.filter((row) => tables.has(row.tableName) && !known.has(row.changeId))
  for (const [table, rows] of groupBy(wanted, (row) => row.tableName))
    if (isCaptured(table)) await writeRecords(tx, table, rows)
  await appendLog(tx, changes)
}

const writeRecords = async (tx: Tx, table: CapturedTableName, rows: readonly LogRow[]): Promise<void> => {
  const last = new Map<string, LogRow>()
  const gone = new Set<string>()
  for (const row of rows) {
    last.set(row.recordId, row)
    if (row.action === 'DELETE') gone.add(row.recordId)
  }
  // Also what came back under the same id: nothing of what it was is left.
  for (const ids of chunksOf([...gone])) await deleteRecords(tx, table, ids)
  const kept = [...last.values()].filter(({ action }) => action !== 'DELETE').map(recordOf)
  for (const chunk of chunksOf(kept)) {
    await makeRoom(tx, table, chunk)
    const values = chunk.flatMap((record) => record.values)
    await run(tx, upsertText(table, chunk.length), values)
  }
}

const deleteRecords = async (tx: Tx, table: CapturedTableName, ids: readonly string[]): Promise<void> => {
  const key = quoted(capturedTable(table).key.column)
  await run(tx, `delete from ${quoted(table)} where ${key} in (${marks(ids.length)})`, ids)
}

/**
 * Somebody else may have a name that a record of the cluster has at this place in the log. A record made here without
 * the cluster database: it waits in Sync_Pending as a whole and comes back under a name of its own. One that is ahead
 * of the log, as settle.ts left it: the log brings it again.
 */
const makeRoom = async (
  tx: Tx,
  table: CapturedTableName,
  records: readonly ReplicaRecord[],
): Promise<void> => {
  const { key, columns } = capturedTable(table)
  for (const unique of uniquesOf(table)) {
    const places = unique.map((name) => columns.findIndex(({ column }) => column === name))
    if (places.includes(-1)) continue
    const named = records.map(({ recordId, values }) => [
      ...places.map((place) => values[place] ?? null),
      recordId,
    ])
    const names = tuplesIn(unique, named)
    // Who is called so already stays; a record of this very page may have the name of another one.
    const owners = tuplesIn([...unique, key.column], named)
    await run(tx, `delete from ${quoted(table)} where ${names.text} and not ${owners.text}`, [
      ...names.values,
      ...owners.values,
    ])
  }
}

/** That the columns hold one of the rows, of which they are the first ones. */
const tuplesIn = (columns: readonly string[], rows: readonly Stored[][]) => ({
  text: `(${columns.map(quoted).join(', ')}) in (values ${rows.map(() => `(${marks(columns.length)})`).join(', ')})`,
  values: rows.flatMap((row) => row.slice(0, columns.length)),
})

const upsertText = (table: CapturedTableName, count: number): string => {
  const { key, columns } = capturedTable(table)
  const first = Object.entries(FIRST_VALUES[table] ?? {})
  const names = [...columns.map(({ column }) => column), ...first.map(([column]) => column)]
  const tuple = `(${[...columns.map(() => '?'), ...first.map(([, value]) => String(value))].join(', ')})`
  const updates = columns
    .filter((column) => !column.primary)
    .map(({ column }) => `${quoted(column)} = excluded.${quoted(column)}`)
  return (
    `insert into ${quoted(table)} (${names.map(quoted).join(', ')}) ` +
    `values ${Array.from({ length: count }, () => tuple).join(', ')} ` +
    `on conflict (${quoted(key.column)}) do update set ${updates.join(', ')}`
  )
}

const run = async (tx: Tx, text: string, values: readonly Stored[]): Promise<void> => {
  await tx.executeQuery(CompiledQuery.raw(text, [...values]))
}

const quoted = (name: string): string => `"${name}"`

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ')
