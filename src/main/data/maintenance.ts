import { isoOf, type Clock } from '../platform/clock.ts'
import { FINAL_STATES } from '../../shared/domain/run.ts'
import { hasFailureTables } from './failure-tables.ts'
import type { OpenDatabase, Tx } from './db.ts'
import { deleteOlder } from './delete-older.ts'
import { deletePurged, markPurged } from './purge-log.ts'
import { sealChanges } from './seals.ts'

/** Of a file a batch holds the write lock, and the main loop, no longer than about this. */
const FILE_SLICE = { ms: 20, first: 20, least: 1 }
/** On a server others write beside it; and a batch of one row takes as long as the way there and back. */
const SERVER_SLICE = { ms: 200, first: 100, least: 100 }
const LARGEST_BATCH = 1000
/** A reader may hold on to the log; then it is emptied next time. */
const CHECKPOINT_TRIES = 20
const CHECKPOINT_PAUSE_MS = 50
const DAY_MS = 86_400_000
/** Nobody follows a run so long without saying so again; its node takes away what it wrote long before. */
const LIVE_OUTPUT_MS = 3_600_000

export interface PurgeOptions {
  /** Ended runs older than this go, with their output; 0 keeps them for ever. */
  historyDays: number
  /** Changes older than this go, with their images; 0 keeps them for ever. */
  changeDays: number
  clock: Clock
  signal?: AbortSignal
}

export interface PurgeResult {
  history: number
  changes: number
}

/**
 * Deletes what retention no longer keeps and gives its space back to the disk, in slices, letting others write
 * in between; stops at `signal`.
 */
export const purge = async (db: OpenDatabase, options: PurgeOptions): Promise<PurgeResult> => {
  const keep = async (days: number, remove: (tx: Tx, before: string, limit: number) => Promise<number>) => {
    if (days <= 0) return 0
    // By the cluster's clock: a node whose own is ahead must not take what the others keep.
    const before = isoOf(Date.parse(await db.now()) - days * DAY_MS)
    return inSlices(db, options, (tx, limit) => remove(tx, before, limit))
  }
  const history = await keep(options.historyDays, (...slice) => deleteRuns(db, ...slice))
  const changes = isSealed(db)
    ? await purgeSealed(db, options)
    : await keep(options.changeDays, deleteOlder('Data_Change'))
  // As long as changes. An edit that a copy of a data folder delivers once more after that is taken as a new one.
  await keep(options.changeDays, deleteOlder('Sync_Applied'))
  await keep(options.changeDays, deleteOlder('Sync_Conflict'))
  if (hasFailureTables(db)) {
    // As long as the runs that they tell of.
    await keep(options.historyDays, deleteOlder('Task_Failure'))
    await keep(options.historyDays, deleteOlder('Webhook_Call'))
  }
  await keep(LIVE_OUTPUT_MS / DAY_MS, deleteLiveOutput)
  if (history + changes > 0) await compact(db, options)
  return { history, changes }
}

/** A replica's log, and that of a schema without seals, goes change by change. */
const isSealed = (db: OpenDatabase): boolean => db.trackChanges && db.dialect.sealsLog

/** How long a node that follows the log may be away before its part of it goes. */
const FOLLOWER_DAYS = 7

const purgeSealed = async (db: OpenDatabase, options: PurgeOptions): Promise<number> => {
  if (options.changeDays <= 0) return 0
  const now = Date.parse(await db.now())
  const before = isoOf(now - options.changeDays * DAY_MS)
  await sealChanges(db, { nodeId: null, olderThan: before, signal: options.signal })
  await markPurged(db, { before, followersSince: isoOf(now - FOLLOWER_DAYS * DAY_MS) })
  return inSlices(db, options, deletePurged)
}

type Batch = (tx: Tx, limit: number) => Promise<number>

/** Runs `batch` until it finds less than it may take; its size follows the time the last one took. */
const inSlices = async (db: OpenDatabase, { clock, signal }: PurgeOptions, batch: Batch): Promise<number> => {
  const slice = db.server ? SERVER_SLICE : FILE_SLICE
  let total = 0
  let limit = slice.first
  while (!signal?.aborted) {
    const started = clock.monotonic()
    const deleted = await db.write({ actor: 'system', reason: 'retention' }, (tx) => batch(tx, limit))
    const tookMs = clock.monotonic() - started
    total += deleted
    if (deleted < limit) break
    if (tookMs > slice.ms / 2) limit = Math.max(slice.least, Math.floor(limit / 2))
    else if (tookMs < slice.ms / 5) limit = Math.min(LARGEST_BATCH, limit * 2)
    await clock.sleep(1, signal)
  }
  return total
}

/*
 * First which, then those by name: given the question itself, MySQL and MariaDB read the whole table for each slice.
 */

/** By the time a run ended; one that never started counts from its scheduled time. */
const deleteRuns = async (db: OpenDatabase, tx: Tx, before: string, limit: number): Promise<number> => {
  const old = await tx
    .selectFrom('Task_History')
    .select('historyId')
    .where('sortTime', '<', before)
    .where('state', 'in', FINAL_STATES)
    .where((where) => where.or([where('endTime', 'is', null), where('endTime', '<', before)]))
    // A replica's alone: the cluster database has yet to get it.
    .$if(!db.dialect.sealsLog, (query) =>
      query.where('historyId', 'not in', (where) => where.selectFrom('Sync_Run').select('historyId')),
    )
    .orderBy('sortTime')
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.historyId)
  const result = await tx.deleteFrom('Task_History').where('historyId', 'in', ids).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** What nodes that died left of live output, and those who followed it. */
const deleteLiveOutput = async (tx: Tx, before: string, limit: number): Promise<number> => {
  await tx.deleteFrom('Output_Follower').where('followUntil', '<', before).execute()
  const old = await tx
    .selectFrom('Task_Output')
    .select('historyId')
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const result = await tx
    .deleteFrom('Task_Output')
    .where('historyId', 'in', [...new Set(old.map((row) => row.historyId))])
    .where('createdAt', '<', before)
    .executeTakeFirst()
  return Math.min(limit, Number(result.numDeletedRows))
}

/**
 * A file: gives free pages back to the disk in slices, then moves the write-ahead log into it. Servers see to that
 * themselves.
 */
const compact = async (db: OpenDatabase, options: PurgeOptions): Promise<void> => {
  const { clock, signal } = options
  const { file } = db
  if (!file) return
  await inSlices(db, options, async (_tx, pages) => {
    const before = file.sizes().freePages
    return before - file.vacuum(Math.min(before, pages))
  })
  for (let tries = 0; tries < CHECKPOINT_TRIES && !signal?.aborted; tries += 1) {
    if (await file.checkpoint()) return
    await clock.sleep(CHECKPOINT_PAUSE_MS, signal)
  }
}
