import type { Selectable } from 'kysely'
import { groupBy } from '../../../shared/domain/group-by.ts'
import type { Page } from '../../../shared/domain/fields.ts'
import type { ChangeFilter } from '../../../shared/domain/change.ts'
import type { Tables } from '../entities/index.ts'
import type { Query } from '../db.ts'
import { decodeCursor, pageOf } from '../paging.ts'

/** Data_Change, read only: triggers write it. */

export type ChangeRow = Selectable<Tables['Data_Change']>

/** Of neighbours in time so many are asked for their number: a few with a wrong clock do not mislead. */
const NEIGHBOURS = 200
/** How far a clock may have been off for its changes to be found by time. */
const CLOCK_MARGIN_MS = 86_400_000

type SeqWindow = { from: number | null; to: number | null }

/**
 * Where in the log a span of time lies: numbers and times grow together but for clocks that were set. The times
 * themselves are tested as well; the window only spares reading, and sorting, the rest of the log. Undefined
 * when nothing is as new (or as old) as asked for.
 */
const seqWindow = async (db: Query, filter: ChangeFilter): Promise<SeqWindow | undefined> => {
  const from = filter.from ? await seqsNear(db, '>=', shifted(filter.from, -CLOCK_MARGIN_MS)) : null
  const to = filter.to ? await seqsNear(db, '<', shifted(filter.to, CLOCK_MARGIN_MS)) : null
  if (from?.length === 0 || to?.length === 0) return undefined
  return { from: from && Math.min(...from), to: to && Math.max(...to) }
}

const shifted = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString()

const seqsNear = async (db: Query, side: '>=' | '<', at: string): Promise<number[]> => {
  const rows = await db
    .selectFrom('Data_Change')
    .select('seq')
    .where('changedAt', side, at)
    .where('seq', 'is not', null)
    .orderBy('changedAt', side === '>=' ? 'asc' : 'desc')
    .limit(NEIGHBOURS)
    .execute()
  return rows.flatMap(({ seq }) => (seq === null ? [] : [seq]))
}

/** A filter's conditions but for the window, on rows of the log. */
const filtered = (db: Query, filter: ChangeFilter) => {
  let query = db.selectFrom('Data_Change').selectAll()
  if (filter.table?.length) query = query.where('tableName', 'in', filter.table)
  if (filter.record?.length) query = query.where('recordId', 'in', filter.record)
  if (filter.actor?.length) query = query.where('changedBy', 'in', filter.actor)
  if (filter.action?.length) query = query.where('action', 'in', filter.action)
  if (filter.node?.length) query = query.where('nodeId', 'in', filter.node)
  if (filter.from) query = query.where('changedAt', '>=', filter.from)
  if (filter.to) query = query.where('changedAt', '<', filter.to)
  return query
}

/** Where a page ended: behind a numbered change, or (seq null) among those not yet numbered. */
type Position = { seq: number | null; localSeq: number }

const positionOf = (cursor: string): Position => {
  const [seq, localSeq] = decodeCursor(cursor, 2)
  return { seq: seq === null ? null : Number(seq), localSeq: Number(localSeq) }
}

/** Written and not yet numbered, newest first: none on a file, few on a server. */
const pendingChanges = (db: Query, filter: ChangeFilter, after: Position | null): Promise<ChangeRow[]> => {
  if (after && after.seq !== null) return Promise.resolve([])
  let query = filtered(db, filter).where('seq', 'is', null)
  if (after) query = query.where('localSeq', '<', after.localSeq)
  return query
    .orderBy('localSeq', 'desc')
    .limit(filter.limit + 1)
    .execute()
}

const numberedChanges = async (
  db: Query,
  filter: ChangeFilter,
  after: Position | null,
  limit: number,
): Promise<ChangeRow[]> => {
  const window = await seqWindow(db, filter)
  if (!window) return []
  let query = filtered(db, filter).where('seq', 'is not', null)
  if (window.from !== null) query = query.where('seq', '>=', window.from)
  if (window.to !== null) query = query.where('seq', '<=', window.to)
  if (after && after.seq !== null) query = query.where('seq', '<', after.seq)
  return query.orderBy('seq', 'desc').limit(limit).execute()
}

/** Newest first: those without a number (a server numbers them a moment later), then by number. */
export const listChanges = async (db: Query, filter: ChangeFilter): Promise<Page<ChangeRow>> => {
  const after = filter.cursor ? positionOf(filter.cursor) : null
  const rows = await pendingChanges(db, filter, after)
  const missing = filter.limit + 1 - rows.length
  if (missing > 0) rows.push(...(await numberedChanges(db, filter, after, missing)))
  return pageOf(rows, filter.limit, (row) => [row.seq, row.localSeq])
}

export const findChange = (db: Query, changeId: string): Promise<ChangeRow | undefined> =>
  db.selectFrom('Data_Change').selectAll().where('changeId', '=', changeId).executeTakeFirst()

/** Every change of these transactions, in the order they were made. */
export const changesOfTransactions = (db: Query, transactionIds: readonly string[]): Promise<ChangeRow[]> =>
  transactionIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('Data_Change')
        .selectAll()
        .where('transactionId', 'in', transactionIds)
        .orderBy('localSeq')
        .execute()

/** Ids only, for lists: transaction → its changes. */
export const changeIdsByTransaction = async (
  db: Query,
  transactionIds: readonly string[],
): Promise<Map<string, string[]>> => {
  const rows =
    transactionIds.length === 0
      ? []
      : await db
          .selectFrom('Data_Change')
          .select(['transactionId', 'changeId'])
          .where('transactionId', 'in', transactionIds)
          .orderBy('localSeq')
          .execute()
  const groups = groupBy(rows, (row) => row.transactionId ?? '')
  return new Map([...groups].map(([id, group]) => [id, group.map((row) => row.changeId)]))
}

/** Later changes of one record, oldest first. */
export const laterChanges = (
  db: Query,
  tableName: string,
  recordId: string,
  localSeq: number,
): Promise<ChangeRow[]> =>
  db
    .selectFrom('Data_Change')
    .selectAll()
    .where('tableName', '=', tableName)
    .where('recordId', '=', recordId)
    .where('localSeq', '>', localSeq)
    .orderBy('localSeq')
    .execute()

/** Changes of one record, newest first. */
export const newestChangesOf = (
  db: Query,
  tableName: string,
  recordId: string,
  limit: number,
): Promise<ChangeRow[]> =>
  db
    .selectFrom('Data_Change')
    .selectAll()
    .where('tableName', '=', tableName)
    .where('recordId', '=', recordId)
    .orderBy('localSeq', 'desc')
    .limit(limit)
    .execute()

/** What was written to take these changes back: origin `revert:<changeId>`. */
export const changeIdsByOrigin = async (
  db: Query,
  origins: readonly string[],
): Promise<Map<string, string[]>> => {
  const rows =
    origins.length === 0
      ? []
      : await db
          .selectFrom('Data_Change')
          .select(['origin', 'changeId'])
          .where('origin', 'in', origins)
          .orderBy('localSeq')
          .execute()
  const groups = groupBy(rows, (row) => row.origin ?? '')
  return new Map([...groups].map(([origin, group]) => [origin, group.map((row) => row.changeId)]))
}

/** When the newest change was made, by the clock of its node; null when there is none. */
export const newestChangeTime = async (db: Query): Promise<string | null> => {
  const row = await db
    .selectFrom('Data_Change')
    .select('changedAt')
    .orderBy('localSeq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.changedAt ?? null
}
