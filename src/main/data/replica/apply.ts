import { CompiledQuery } from 'kysely'
import { capturedTable, type CapturedTableName } from '../capture.ts'
import { uniquesOf } from '../columns.ts'
import type { Tx } from '../db.ts'
import { appendLog } from './log.ts'
import type { LogRow } from './log-page.ts'
import { stepOf, type Step, type Stored } from './rows.ts'

/*
 * Writes changes of the cluster into a replica, in their order: records and log in one transaction. Many rows with one
 * statement, since a statement costs more than a row.
 */

const ROWS_AT_ONCE = 50

/** What a column that is not captured begins with; what it holds later travels as latest state. */
const FIRST: Partial<Record<CapturedTableName, Record<string, number>>> = {
  Task_Schedule: { IsRunning: 0, TotalRuns: 0, SuccessCount: 0, FailureCount: 0 },
}

export interface ApplyOptions {
  /** Tables whose records the replica holds; of others it has the log only. */
  tables: ReadonlySet<string>
  /** Changes whose records a bootstrap brought already. */
  known: ReadonlySet<string>
}

/** @throws AppError UNAVAILABLE when an image cannot be read; the transaction must then be given up. */
export const applyChanges = async (
  tx: Tx,
  changes: readonly LogRow[],
  { tables, known }: ApplyOptions,
): Promise<void> => {
  const steps = changes.flatMap((row) => {
    const step = tables.has(row.tableName) && !known.has(row.changeId) ? stepOf(row) : null
    return step ? [step] : []
  })
  for (const piece of piecesOf(steps)) await writePiece(tx, piece)
  await appendLog(tx, changes)
}

interface Piece {
  table: CapturedTableName
  deletes: boolean
  steps: Step[]
}

/** Neighbours that one statement can write: of one table, all written or all deleted, no record twice. */
function* piecesOf(steps: readonly Step[]): Generator<Piece> {
  let piece: Piece | undefined
  const records = new Set<string>()
  for (const step of steps) {
    const deletes = step.values === null
    const fits =
      piece?.table === step.table &&
      piece.deletes === deletes &&
      piece.steps.length < ROWS_AT_ONCE &&
      !records.has(step.recordId)
    if (!piece || !fits) {
      if (piece) yield piece
      piece = { table: step.table, deletes, steps: [] }
      records.clear()
    }
    piece.steps.push(step)
    records.add(step.recordId)
  }
  if (piece) yield piece
}

const writePiece = async (tx: Tx, { table, deletes, steps }: Piece): Promise<void> => {
  const ids = steps.map((step) => step.recordId)
  const key = quoted(capturedTable(table).key.column)
  if (deletes) {
    await run(tx, `delete from ${quoted(table)} where ${key} in (${marks(ids.length)})`, ids)
    return
  }
  await makeRoom(tx, table, steps)
  const values = steps.flatMap((step) => step.values ?? [])
  await run(tx, upsertText(table, steps.length), values)
}

/**
 * A record made here without the cluster database may have the name that one of the cluster's has now. It waits in
 * Sync_Pending as a whole and comes back under a name of its own.
 */
const makeRoom = async (tx: Tx, table: CapturedTableName, steps: readonly Step[]): Promise<void> => {
  const { key, columns } = capturedTable(table)
  for (const unique of uniquesOf(table)) {
    const places = unique.map((name) => columns.findIndex(({ column }) => column === name))
    if (places.includes(-1)) continue
    const names = `(${unique.map(quoted).join(', ')})`
    const tuple = `(${marks(unique.length)})`
    const taken = steps.flatMap(({ values }) => places.map((place) => values?.[place] ?? null))
    const ids = steps.map((step) => step.recordId)
    await run(
      tx,
      `delete from ${quoted(table)} where ${names} in (values ${steps.map(() => tuple).join(', ')}) ` +
        `and ${quoted(key.column)} not in (${marks(ids.length)})`,
      [...taken, ...ids],
    )
  }
}

const upsertText = (table: CapturedTableName, count: number): string => {
  const { key, columns } = capturedTable(table)
  const first = Object.entries(FIRST[table] ?? {})
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
