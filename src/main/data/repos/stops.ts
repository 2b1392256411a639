import type { Query, Tx } from '../db.ts'
import { RUN_COLUMNS, type RunRecord, type RunRow } from './runs.ts'

/** Runs that are to end, many at once: an emergency stop. */

/** Running runs that nobody asked to stop yet. */
export const runningUnasked = (db: Query, limit: number): Promise<Pick<RunRow, 'historyId' | 'taskId'>[]> =>
  db
    .selectFrom('Task_History')
    .select(['historyId', 'taskId'])
    .where('state', '=', 'Running')
    .where('stopRequestedAt', 'is', null)
    .orderBy('historyId')
    .limit(limit)
    .execute()

/** Who asked first stands; answers how many were asked now. */
export const requestStops = async (
  tx: Tx,
  historyIds: readonly string[],
  asked: Pick<RunRow, 'stopRequestedAt' | 'stopRequestedBy' | 'updatedAt'>,
): Promise<number> => {
  if (historyIds.length === 0) return 0
  const { numUpdatedRows } = await tx
    .updateTable('Task_History')
    .set(asked)
    .where('historyId', 'in', historyIds)
    .where('state', '=', 'Running')
    .where('stopRequestedAt', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Waiting runs by their ids, those after `afterId`. */
export const waitingRuns = (
  db: Query,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<Pick<RunRow, 'historyId' | 'taskId'>[]> =>
  db
    .selectFrom('Task_History')
    .select(['historyId', 'taskId'])
    .where('state', '=', 'Queued')
    .where('historyId', '>', afterId)
    .orderBy('historyId')
    .limit(limit)
    .execute()

/** Those of them that wait still, locked. Their tasks are locked before. */
export const lockWaiting = async (tx: Tx, historyIds: readonly string[]): Promise<RunRecord[]> =>
  historyIds.length === 0
    ? []
    : tx
        .selectFrom('Task_History')
        .select(RUN_COLUMNS)
        .where('historyId', 'in', historyIds)
        .where('state', '=', 'Queued')
        .orderBy('historyId')
        .forUpdate()
        .execute()

/** Queued → ended, for runs that this transaction has locked, hence all of them. */
export const endWaiting = async (
  tx: Tx,
  historyIds: readonly string[],
  ended: Pick<RunRow, 'state' | 'endTime' | 'error' | 'stopRequestedAt' | 'stopRequestedBy' | 'updatedAt'>,
): Promise<void> => {
  if (historyIds.length === 0) return
  await tx
    .updateTable('Task_History')
    .set(ended)
    .where('historyId', 'in', historyIds)
    .where('state', '=', 'Queued')
    .execute()
}
