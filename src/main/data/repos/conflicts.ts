import type { Selectable } from 'kysely'
import type { Page } from '../../../shared/domain/fields.ts'
import type { ConflictFilter } from '../../../shared/domain/sync.ts'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { beyond, decodeCursor, pageOf } from '../paging.ts'

/** Offline edits that were taken (Sync_Applied), and conflicts that came of them (Sync_Conflict). */

export type AppliedRow = Selectable<Tables['Sync_Applied']>
export type ConflictRow = Selectable<Tables['Sync_Conflict']>

export const findApplied = (db: Query, changeId: string): Promise<AppliedRow | undefined> =>
  db.selectFrom('Sync_Applied').selectAll().where('changeId', '=', changeId).executeTakeFirst()

export const insertApplied = async (tx: Tx, row: AppliedRow): Promise<void> => {
  await tx.insertInto('Sync_Applied').values(row).execute()
}

/** Hybrid times of offline edits, by the transaction that brought them. */
export const hybridTimes = async (
  db: Query,
  transactionIds: readonly string[],
): Promise<Map<string, string>> => {
  if (transactionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('Sync_Applied')
    .select(['transactionId', 'hlc'])
    .where('transactionId', 'in', transactionIds)
    .execute()
  return new Map(rows.map((row) => [row.transactionId ?? '', row.hlc]))
}

export const insertConflict = async (tx: Tx, row: ConflictRow): Promise<void> => {
  await tx.insertInto('Sync_Conflict').values(row).execute()
}

export const findConflict = (db: Query, conflictId: string): Promise<ConflictRow | undefined> =>
  db.selectFrom('Sync_Conflict').selectAll().where('conflictId', '=', conflictId).executeTakeFirst()

/** Waits for whoever resolves it now. */
export const lockConflict = (tx: Tx, conflictId: string): Promise<ConflictRow | undefined> =>
  tx
    .selectFrom('Sync_Conflict')
    .selectAll()
    .where('conflictId', '=', conflictId)
    .forUpdate()
    .executeTakeFirst()

export const updateConflict = async (
  tx: Tx,
  conflictId: string,
  fields: Partial<ConflictRow>,
): Promise<void> => {
  await tx.updateTable('Sync_Conflict').set(fields).where('conflictId', '=', conflictId).execute()
}

/** Newest first. */
export const listConflicts = async (db: Query, filter: ConflictFilter): Promise<Page<ConflictRow>> => {
  let query = db
    .selectFrom('Sync_Conflict')
    .selectAll()
    .where('resolvedAt', filter.resolved ? 'is not' : 'is', null)
  if (filter.table?.length) query = query.where('tableName', 'in', filter.table)
  if (filter.record?.length) query = query.where('recordId', 'in', filter.record)
  if (filter.node?.length) query = query.where('nodeId', 'in', filter.node)
  if (filter.cursor)
    query = query.where(beyond(['detectedAt', 'conflictId'], '<', decodeCursor(filter.cursor, 2).map(String)))
  const rows = await query
    .orderBy('detectedAt', 'desc')
    .orderBy('conflictId', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, (row) => [row.detectedAt, row.conflictId])
}

export const countOpenConflicts = async (db: Query): Promise<number> => {
  const row = await db
    .selectFrom('Sync_Conflict')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('resolvedAt', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
