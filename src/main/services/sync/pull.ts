import { AppError } from '../../../shared/domain/errors.ts'
import { readInfo, writeInfo } from '../../data/cluster-info.ts'
import type { OpenDatabase, Tx } from '../../data/db.ts'
import { applyChanges } from '../../data/replica/apply.ts'
import { bootstrapReplica } from '../../data/replica/bootstrap.ts'
import { findCursor, putCursor, type CursorRow } from '../../data/replica/cursor.ts'
import { changesWithoutNumber } from '../../data/replica/log.ts'
import { UnreadableChange } from '../../data/replica/rows.ts'
import { lostChanges, lostText } from '../../data/replica/lost-changes.ts'
import { readLogPage, schemaVersionAt, type Cursor, type LogRow } from '../../data/replica/log-page.ts'
import { numberChanges } from '../../data/sequencer.ts'
import type { Clock } from '../../platform/clock.ts'

/*
 * A replica follows the change log page by page, each applied in one transaction with the place it leads to: cut off
 * anywhere, it goes on from there. What cannot be followed is read anew.
 */

export interface PullDeps {
  centre: OpenDatabase
  replica: OpenDatabase
  nodeId: string
  /** Tables whose records the replica holds. */
  tables: readonly string[]
  /** Of this program: changes of a later schema wait for a newer one. */
  schemaVersion: number
  clock: Clock
  /** Takes note of a time seen in the cluster (hybrid clock). */
  observe: (atMs: number) => void
  onProgress: (phase: 'pull' | 'bootstrap', done: number, total: number | null) => void
  /** Times of the changes of a page that is applied. */
  onApplied?: (changedAt: readonly string[]) => void
}

export interface PullResult {
  applied: number
  /** Why everything was read anew; null: the log was followed. */
  bootstrapped: string | null
}

/** Pages begin small and grow while the replica takes them in good time. */
const FIRST_PAGE = 100
const LARGEST_PAGE = 1000
/** What a page may hold the replica, and whoever waits to write there. */
const PAGE_MS = 200

/**
 * Follows the log to its end.
 * @param asked why everything is to be read anew; null: only when it has to be.
 * @throws AppError CONFLICT when changes need a newer program; UNAVAILABLE when a database cannot be asked.
 */
export const pullChanges = async (
  deps: PullDeps,
  signal: AbortSignal,
  asked: string | null = null,
): Promise<PullResult> => {
  const { centre, replica, nodeId, clock } = deps
  await numberChanges(centre)
  const databaseId = (await readInfo(centre.look, 'DatabaseID')) ?? ''
  let bootstrapped: string | null = null
  let row = await findCursor(replica.look, nodeId)
  const readAnew = async (why: string): Promise<CursorRow> => {
    const read = await bootstrap(deps, { why, databaseId, isOther: row?.databaseId !== databaseId }, signal)
    bootstrapped = read.bootstrapReason
    return read
  }
  const anew = whyAnew(row, databaseId) ?? (await whyOlder(deps, row)) ?? (await whyMore(deps, row)) ?? asked
  if (anew) row = await readAnew(anew)
  let applied = 0
  for (let limit = FIRST_PAGE; ;) {
    signal.throwIfAborted()
    const page = await readLogPage(centre.read, cursorOf(row), limit)
    if (page.kind === 'lost') {
      row = await readAnew(page.reason)
      continue
    }
    if (page.rows.length === 0) return { applied, bootstrapped }
    const started = clock.monotonic()
    const newer = page.rows.findIndex((change) => change.schemaVersion > deps.schemaVersion)
    const rows = newer < 0 ? page.rows : page.rows.slice(0, newer)
    const next = await applyPage(deps, row, rows).catch(orUnreadable)
    if (next instanceof UnreadableChange) {
      // Its record is read with all others: behind it the log can be followed again.
      row = await readAnew(next.message)
      continue
    }
    row = next
    applied += rows.length
    deps.onProgress('pull', applied, null)
    refuseNewer(page.rows[newer], deps.schemaVersion)
    if (!page.more) return { applied, bootstrapped }
    limit = nextLimit(limit, clock.monotonic() - started)
  }
}

const orUnreadable = (error: unknown): UnreadableChange => {
  if (error instanceof UnreadableChange) return error
  throw error
}

const whyAnew = (row: CursorRow | undefined, databaseId: string): string | null => {
  if (!row) return 'this node has no replica yet'
  if (row.databaseId === databaseId) return null
  return 'the cluster database is another one than before: it was copied, or restored from a backup'
}

/**
 * A newer program may know columns that the one before left out as it filled the replica: the change at its place then
 * has them, or nobody knows any more. One that followed the log to there has stopped before such a change.
 */
const whyOlder = async (
  { centre, schemaVersion }: PullDeps,
  row: CursorRow | undefined,
): Promise<string | null> => {
  if (!row || row.schemaVersion >= schemaVersion) return null
  const version = await schemaVersionAt(centre.look, row.seq)
  if (version !== null && version <= row.schemaVersion) return null
  return `an older program had filled it, which knew schema version ${row.schemaVersion} only`
}

/** What a table had before it was followed is in no page. */
const whyMore = async ({ replica, tables }: PullDeps, row: CursorRow | undefined): Promise<string | null> => {
  const filled = row && (await readInfo(replica.look, 'ReplicaTables'))?.split(',')
  const more = filled && tables.filter((table) => !filled.includes(table))
  return more?.length ? `${more.join(', ')} came to tableSync.tables` : null
}

const cursorOf = (row: CursorRow | undefined): Cursor => ({
  seq: row?.seq ?? 0,
  changeId: row?.changeId ?? null,
})

const nextLimit = (limit: number, tookMs: number): number => {
  if (tookMs > PAGE_MS) return Math.max(1, Math.floor(limit / 2))
  return tookMs < PAGE_MS / 4 ? Math.min(LARGEST_PAGE, limit * 2) : limit
}

const applyPage = async (
  { replica, nodeId, tables, schemaVersion, clock, observe, onApplied }: PullDeps,
  row: CursorRow | undefined,
  rows: readonly LogRow[],
): Promise<CursorRow | undefined> => {
  const last = rows.at(-1)
  if (!last || !row) return row
  const updatedAt = new Date(clock.now()).toISOString()
  const next: CursorRow = { ...row, nodeId, seq: last.seq, changeId: last.changeId, schemaVersion, updatedAt }
  await replica.write({ actor: 'system', applies: true }, async (tx) => {
    const known = await changesWithoutNumber(tx)
    await applyChanges(tx, rows, { tables: new Set(tables), known })
    await putCursor(tx, next)
  })
  const times = rows.map((change) => change.changedAt)
  observe(Math.max(...times.map((at) => Date.parse(at))))
  onApplied?.(times)
  return next
}

/** Its images may have columns that this program's tables do not. */
const refuseNewer = (newer: LogRow | undefined, schemaVersion: number): void => {
  if (!newer) return
  throw new AppError(
    'CONFLICT',
    `change ${newer.seq} was made with schema version ${newer.schemaVersion}, and this program knows ` +
      `${schemaVersion}: the replica stays as it is until this node has the newer program`,
  )
}

interface Anew {
  why: string
  databaseId: string
  /** The replica was of another database, or of another time of this one. */
  isOther: boolean
}

const bootstrap = async (
  deps: PullDeps,
  { why, databaseId, isOther }: Anew,
  signal: AbortSignal,
): Promise<CursorRow> => {
  const { centre, replica, nodeId, schemaVersion, clock, tables } = deps
  // Before the log that tells it is replaced.
  const lost = await lostChanges(centre.read, replica.read, `sync:${nodeId}`)
  const reason = why + lostText(lost)
  const at = new Date(clock.now()).toISOString()
  const clusterId = (await readInfo(centre.look, 'ClusterID')) ?? ''
  const rowOf = ({ seq, changeId }: Cursor): CursorRow => ({
    ...{ nodeId, seq, changeId, schemaVersion, databaseId, waiting: 0, lastError: null },
    ...{ bootstrappedAt: at, bootstrapReason: reason, updatedAt: at },
  })
  const saveCursor = async (tx: Tx, cursor: Cursor): Promise<void> => {
    await putCursor(tx, rowOf(cursor))
    await writeInfo(tx, 'ReplicaOf', databaseId)
    await writeInfo(tx, 'ClusterID', clusterId)
    await writeInfo(tx, 'ReplicaTables', tables.join(','))
  }
  const onProgress = (done: number, total: number) => deps.onProgress('bootstrap', done, total)
  const runs = isOther || lost.count > 0
  return rowOf(await bootstrapReplica({ ...deps, runs, saveCursor, signal, onProgress }))
}
