import { sql, type Selectable, type SqlBool } from 'kysely'
import { groupBy } from '../../../shared/domain/group-by.ts'
import type { Page } from '../../../shared/domain/fields.ts'
import type { ChangeFilter } from '../../../shared/domain/change.ts'
import type { Tables } from '../entities/index.ts'
import type { Query } from '../db.ts'
import { decodeCursor, pageOf } from '../paging.ts'

/** Data_Change, read only: triggers write it. */

export type ChangeRow = Selectable<Tables['Data_Change']>

/**
 * Newest first by seq. Rows without one (written here, not yet numbered) come before all; on SQLite there
 * are none, the trigger numbers at once.
 */
export const listChanges = async (db: Query, filter: ChangeFilter): Promise<Page<ChangeRow>> => {
  let query = db.selectFrom('Data_Change').selectAll()
  if (filter.table?.length) query = query.where('tableName', 'in', filter.table)
  if (filter.record?.length) query = query.where('recordId', 'in', filter.record)
  if (filter.actor?.length) query = query.where('changedBy', 'in', filter.actor)
  if (filter.action?.length) query = query.where('action', 'in', filter.action)
  if (filter.node?.length) query = query.where('nodeId', 'in', filter.node)
  if (filter.from) query = query.where('changedAt', '>=', filter.from)
  if (filter.to) query = query.where('changedAt', '<', filter.to)
  if (filter.cursor) {
    const [seq] = decodeCursor(filter.cursor, 1)
    query = query.where(sql<SqlBool>`${sql.ref('seq')} < ${seq}`)
  }
  const rows = await query
    .orderBy('seq', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, (row) => [row.seq])
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
