import type { Selectable } from 'kysely'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** Sync_Pending: edits made on this replica that the cluster database has not taken. Triggers write it. */

export type PendingRow = Selectable<Tables['Sync_Pending']>

/** What people edit; schedule rows go with their task. */
export const EDITED = 'Tasks'

/** In the order they were made, behind `after`. */
export const pendingChanges = (db: Query, after = 0, limit = 200): Promise<PendingRow[]> =>
  db
    .selectFrom('Sync_Pending')
    .selectAll()
    .where('pendingSeq', '>', after)
    .orderBy('pendingSeq')
    .limit(limit)
    .execute()

/** Edits that the cluster database has yet to see; those it refused wait for somebody, and keep nobody waiting. */
export const countPending = async (db: Query): Promise<number> => {
  const row = await countEdits(db).where('problem', 'is', null).executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Edits that the cluster database has not taken, those it refused among them. */
export const countUndelivered = async (db: Query): Promise<number> => {
  const row = await countEdits(db).executeTakeFirst()
  return Number(row?.count ?? 0)
}

const countEdits = (db: Query) =>
  db
    .selectFrom('Sync_Pending')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('tableName', '=', EDITED)

export const findPending = (db: Query, changeId: string): Promise<PendingRow | undefined> =>
  db.selectFrom('Sync_Pending').selectAll().where('changeId', '=', changeId).executeTakeFirst()

/** Ids of an edit and of those of its record that were made after it. */
export const pendingFrom = async (
  db: Query,
  { recordId, pendingSeq }: Pick<PendingRow, 'recordId' | 'pendingSeq'>,
): Promise<string[]> => {
  const rows = await db
    .selectFrom('Sync_Pending')
    .select('changeId')
    .where('recordId', '=', recordId)
    .where('pendingSeq', '>=', pendingSeq)
    .execute()
  return rows.map(({ changeId }) => changeId)
}

/** The other edits of the same transaction. */
export const pendingOfTransaction = (db: Query, transactionId: string): Promise<PendingRow[]> =>
  db
    .selectFrom('Sync_Pending')
    .selectAll()
    .where('transactionId', '=', transactionId)
    .orderBy('pendingSeq')
    .execute()

export const deletePending = async (tx: Tx, changeIds: readonly string[]): Promise<void> => {
  await tx.deleteFrom('Sync_Pending').where('changeId', 'in', changeIds).execute()
}

/** Schedule rows whose task has no edit of the same transaction that waits. */
export const deleteFollowers = async (tx: Tx): Promise<void> => {
  await tx
    .deleteFrom('Sync_Pending')
    .where('tableName', '=', 'Task_Schedule')
    .where('transactionId', 'not in', (select) =>
      select
        .selectFrom('Sync_Pending')
        .select((one) => one.fn.coalesce('transactionId', one.val('')).as('transactionId'))
        .where('tableName', '=', EDITED),
    )
    .execute()
}

/** Why the cluster database does not take it. */
export const notePendingProblem = async (tx: Tx, changeId: string, problem: string | null): Promise<void> => {
  await tx.updateTable('Sync_Pending').set({ problem }).where('changeId', '=', changeId).execute()
}
