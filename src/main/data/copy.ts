import type { CopyProgress, CopyResult } from '../../shared/domain/database.ts'
import { AppError } from '../../shared/domain/errors.ts'
import { systemClock, type Clock } from '../platform/clock.ts'
import { createPause } from './copy/pause.ts'
import { createProgress } from './copy/progress.ts'
import type { Reading } from './copy/rows.ts'
import { readCounter } from './copy/sequence.ts'
import { copyTable, type TableCopy } from './copy/table-copy.ts'
import { copyTables, type CopiedTable } from './copy/tables.ts'
import { claimTarget, finishTarget, sourceOf } from './copy/target.ts'
import { checksumOf, verifyTable } from './copy/verify.ts'
import type { OpenDatabase, Query } from './db.ts'
import { steps } from './migrations/index.ts'

export interface CopyOptions {
  /** Read only; its node goes on. */
  source: OpenDatabase
  /** Opened with `forCopy`. Nobody else may use it. */
  target: OpenDatabase
  onProgress: (progress: CopyProgress) => void
  /** Ends the copy between batches; it throws the signal's reason. */
  signal: AbortSignal
  clock: Clock
}

/**
 * Copies a database into an empty one of any kind: every row of every table as it is stored, with its keys and the
 * numbers of changes; then reads the copy and compares. What was copied is one state of the source, that of the
 * beginning (`Connection.snapshot` says where that does not hold); what is written there meanwhile is not in the copy.
 *
 * A copy that was cut off is gone on with: until it is finished no node starts on the target (marker.ts). What the
 * source changed in between is copied again. Text that holds a NUL character has U+FFFD in its place.
 *
 * Of the target are its DatabaseID (a new one: others must notice), its schema's version, and the numbers of changes
 * that had none where triggers number them.
 *
 * @throws AppError CONFLICT: the target is not empty or not of this program's schema; UNAVAILABLE: a database does
 * not answer, or the copy is not what it was copied from.
 */
export const copyDatabase = async (options: CopyOptions): Promise<CopyResult> => {
  const { source, target, signal } = options
  refuseOtherSchema(source)
  refuseOtherSchema(target)
  signal.throwIfAborted()
  // One copy at a time, and no migration meanwhile. A file has one program anyway.
  const alone = target.server?.alone ?? (<T>(work: () => Promise<T>) => work())
  return alone(() => source.snapshot((from) => copyInto(options, from)))
}

const refuseOtherSchema = ({ where, schemaVersion }: OpenDatabase): void => {
  if (schemaVersion === steps.length) return
  throw new AppError(
    'CONFLICT',
    `the database ${where} has schema version ${schemaVersion}, and a copy needs ${steps.length}, this program's: ` +
      `migrate it first`,
  )
}

const copyInto = async (options: CopyOptions, from: Query): Promise<CopyResult> => {
  const { source, target } = options
  const identity = await sourceOf(from, source.where)
  const positions = await claimTarget(target, identity)
  const progress = createProgress(options.onProgress, options.clock)
  const pause = createPause(options.clock)
  const copies: TableCopy[] = copyTables().map((table) => ({
    ...{ table, target, positions, progress, pause, signal: options.signal },
    from: { db: from, words: source.dialect.copyWords, table },
  }))
  const tables: CopiedTable[] = []
  for (const copy of copies) tables.push(await copyTable(copy))
  await target.snapshot((to) => verifyAll(copies, tables, to))
  const databaseId = await finishTarget(target, await readCounter(from))
  return { from: source.where, to: target.where, tables, databaseId }
}

const verifyAll = async (copies: TableCopy[], tables: CopiedTable[], to: Query): Promise<void> => {
  for (const [index, copy] of copies.entries()) {
    const copied = tables[index]
    if (!copied) continue
    const there: Reading = { db: to, words: copy.target.dialect.copyWords, table: copy.table }
    await verifyTable(copied, { from: copy.from, to: there }, copy)
  }
}

/**
 * Rows and checksum of every table but Sync_Counter, equal for equal databases of any kind; without the facts that a
 * copy does not take over (DatabaseID, SchemaVersion, MinProgram).
 */
export const databaseChecksums = (db: OpenDatabase, clock: Clock = systemClock): Promise<CopiedTable[]> =>
  db.snapshot(async (state) => {
    const pause = createPause(clock)
    const found: CopiedTable[] = []
    for (const table of copyTables())
      found.push(await checksumOf({ db: state, words: db.dialect.copyWords, table }, { pause }))
    return found
  })
