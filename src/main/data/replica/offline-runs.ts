import type { RunRow } from '../repos/runs.ts'
import type { Query, Tx } from '../db.ts'

/**
 * Sync_Run: runs that this node made, or changed, on its replica, and that the cluster database has yet to get. A
 * trigger writes it (dialects/sqlite-pending-triggers.ts), so that no run goes around it.
 */

/** In the order they were made, at most `limit`. */
export const offlineRunIds = async (db: Query, limit: number): Promise<string[]> => {
  const rows = await db
    .selectFrom('Sync_Run')
    .select('historyId')
    .orderBy('createdAt')
    .orderBy('historyId')
    .limit(limit)
    .execute()
  return rows.map((row) => row.historyId)
}

export const countOfflineRuns = async (db: Query): Promise<number> => {
  const row = await db
    .selectFrom('Sync_Run')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const isOfflineRun = async (db: Query, historyId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('Sync_Run')
    .select('historyId')
    .where('historyId', '=', historyId)
    .executeTakeFirst()
  return row !== undefined
}

/** The whole row, output included. */
export const findWholeRun = (db: Query, historyId: string): Promise<RunRow | undefined> =>
  db.selectFrom('Task_History').selectAll().where('historyId', '=', historyId).executeTakeFirst()

/**
 * Takes a run off the list that the cluster database has now.
 * @param delivered as it was delivered; undefined: it was not there any more.
 * @returns false when it went on meanwhile: then it is to be delivered again.
 */
export const forgetOfflineRun = async (
  tx: Tx,
  historyId: string,
  delivered: RunRow | undefined,
): Promise<boolean> => {
  const now = await findWholeRun(tx, historyId)
  if (now?.state !== delivered?.state || now?.updatedAt !== delivered?.updatedAt) return false
  await tx.deleteFrom('Sync_Run').where('historyId', '=', historyId).execute()
  return true
}

/** Those of this node that count as running or waiting, and are not of the replica: their truth is elsewhere. */
export const heldElsewhere = (tx: Tx, nodeId: string) =>
  tx
    .selectFrom('Task_History as h')
    .select(['h.historyId', 'h.state', 'h.startTime'])
    .where('h.state', 'in', ['Queued', 'Running'])
    .where((where) =>
      where.or([
        where('h.nodeId', '=', nodeId),
        where('h.targetNodeId', '=', nodeId),
        where.exists(
          where
            .selectFrom('Tasks as t')
            .select('t.taskId')
            .whereRef('t.taskId', '=', 'h.taskId')
            .where('t.assignedNodeId', '=', nodeId),
        ),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('Sync_Run as s').select('s.historyId').whereRef('s.historyId', '=', 'h.historyId'),
        ),
      ),
    )
    .execute()
