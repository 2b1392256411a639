import { CompiledQuery } from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import { createInsert } from '../copy/insert.ts'
import { createPause, type Pause } from '../copy/pause.ts'
import { deleteInfo } from '../cluster-info.ts'
import { batchesOf, countRows } from '../copy/rows.ts'
import { copyTables, type CopyTable } from '../copy/tables.ts'
import type { OpenDatabase, Query, Tx } from '../db.ts'
import { namingPlugin } from '../naming.ts'
import { appendLog, type ChangeRecord } from './log.ts'
import { newestChange, purgedUpTo, type Cursor } from './log-page.ts'

export interface BootstrapOptions {
  centre: OpenDatabase
  replica: OpenDatabase
  /** Tables whose records the replica holds. */
  tables: readonly string[]
  /** Runs that the cluster database may not have go too: the look at its runs begins anew. */
  runs: boolean
  /** Written with the records: the place in the log that belongs to them. */
  saveCursor: (tx: Tx, cursor: Cursor) => Promise<void>
  clock: Clock
  signal: AbortSignal
  /** Records written so far, and how many there are. */
  onProgress: (done: number, total: number) => void
}

/**
 * Fills a replica from one state of the cluster database: records, the place in the log that belongs to them, and the
 * changes that the records contain but that have no number yet (replication.md §4: a cursor read beside the state
 * loses changes or doubles them). All or nothing: cut off here, a replica is what it was before. Edits that wait in
 * Sync_Pending stay.
 */
export const bootstrapReplica = (options: BootstrapOptions): Promise<Cursor> =>
  options.centre.snapshot(async (state) => {
    const named = state.withPlugin(namingPlugin(options.centre.orm.em.fork()))
    // Of a log that was purged as a whole: behind what is gone, or it would be taken for lost again and again.
    const cursor = (await newestChange(named)) ?? { seq: await purgedUpTo(named), changeId: null }
    const unnumbered = await named.selectFrom('Data_Change').selectAll().where('seq', 'is', null).execute()
    return fill(options, state, { cursor, unnumbered })
  })

const fill = async (
  options: BootstrapOptions,
  state: Query,
  { cursor, unnumbered }: { cursor: Cursor; unnumbered: readonly ChangeRecord[] },
): Promise<Cursor> => {
  const { replica, tables, clock, saveCursor } = options
  const held = copyTables().filter(({ name }) => tables.includes(name))
  let total = 0
  for (const table of held) total += await countRows(state, table)
  const pause = createPause(clock)
  const context = { actor: 'system', reason: 'bootstrap', applies: true, once: true } as const
  await replica.write(context, async (tx) => {
    const progress = counting(options, total)
    await emptyTable(tx, 'Data_Change', pause)
    if (options.runs) await forgetRuns(tx, pause)
    // The log of a file counts on by itself, and in this order nothing collides: numbers come with the changes.
    await appendLog(tx, unnumbered)
    for (const table of held) await refill(options, { state, tx, table, pause, progress })
    await saveCursor(tx, cursor)
  })
  return cursor
}

const counting = ({ onProgress }: BootstrapOptions, total: number): ((rows: number) => void) => {
  let done = 0
  onProgress(done, total)
  return (rows) => onProgress((done += rows), total)
}

interface Refill {
  state: Query
  tx: Tx
  table: CopyTable
  pause: Pause
  progress: (rows: number) => void
}

const refill = async (
  { centre, replica, signal }: BootstrapOptions,
  { state, tx, table, pause, progress }: Refill,
): Promise<void> => {
  await emptyTable(tx, table.name, pause)
  const insert = createInsert(table, replica.dialect.copyWords, { pause, onRows: progress })
  const reading = { db: state, words: centre.dialect.copyWords, table }
  for await (const batch of batchesOf(reading, null)) {
    signal.throwIfAborted()
    await insert(tx, batch.rows)
  }
}

const ROWS_EMPTIED = 500

/** But those that it has yet to get. */
const forgetRuns = async (tx: Tx, pause: Pause): Promise<void> => {
  await emptyTable(tx, 'Task_History', pause, `where "HistoryID" not in (select "HistoryID" from "Sync_Run")`)
  await deleteInfo(tx, 'RunsSeenUntil')
}

const emptyTable = async (tx: Tx, table: string, pause: Pause, which = ''): Promise<void> => {
  const some = `select rowid from "${table}" ${which} limit ${ROWS_EMPTIED}`
  const text = `delete from "${table}" where rowid in (${some})`
  for (;;) {
    await pause()
    const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(text))
    if (numAffectedRows === undefined || numAffectedRows < BigInt(ROWS_EMPTIED)) return
  }
}
