import type { Insertable, Selectable, Updateable } from 'kysely'
import { ACTIVE_STATES, type RunState } from '../../../shared/domain/run.ts'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

/** Task_History as the queue: inserted Queued, claimed Running under a lease, finished once. */

export type RunRow = Selectable<Tables['Task_History']>
export type NewRunRow = Insertable<Tables['Task_History']>
type RunFields = Updateable<Tables['Task_History']>

export const findRun = (db: Query, historyId: string): Promise<Omit<RunRow, 'output'> | undefined> =>
  db.selectFrom('Task_History').select(RUN_COLUMNS).where('historyId', '=', historyId).executeTakeFirst()

/** Everything but the output, which may be megabytes. */
export const RUN_COLUMNS = [
  'historyId',
  'taskId',
  'taskName',
  'appName',
  'scheduleId',
  'nodeId',
  'targetNodeId',
  'scheduledFor',
  'notBefore',
  'startTime',
  'endTime',
  'sortTime',
  'duration',
  'state',
  'exitCode',
  'priority',
  'attempt',
  'triggeredBy',
  'requestedBy',
  'error',
  'parameters',
  'taskVersion',
  'scriptHash',
  'skippedCount',
  'outputBytes',
  'incarnation',
  'leaseUntil',
  'stopRequestedAt',
  'stopRequestedBy',
  'updatedAt',
] as const
export type RunRecord = Pick<RunRow, (typeof RUN_COLUMNS)[number]>

export const insertRun = async (tx: Tx, row: NewRunRow): Promise<void> => {
  await tx.insertInto('Task_History').values(row).execute()
}

/** Rows in one statement: SQL Server takes 2100 parameters. */
const INSERTED_AT_ONCE = 50

export const insertRuns = async (tx: Tx, rows: readonly NewRunRow[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += INSERTED_AT_ONCE)
    await tx
      .insertInto('Task_History')
      .values(rows.slice(from, from + INSERTED_AT_ONCE))
      .execute()
}

/** The gzipped output of an ended run, or null. */
export const runOutput = async (db: Query, historyId: string): Promise<Uint8Array | null> => {
  const row = await db
    .selectFrom('Task_History')
    .select('output')
    .where('historyId', '=', historyId)
    .executeTakeFirst()
  return row?.output ?? null
}

/** Runs of a task that have not ended; only those that wait for or run on one node when `nodeId` is given. */
export const activeRuns = (db: Query, taskId: string, nodeId?: string): Promise<RunRecord[]> => {
  let query = db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('taskId', '=', taskId)
    .where('state', 'in', ACTIVE_STATES)
  if (nodeId !== undefined)
    query = query.where((where) =>
      where.or([where('targetNodeId', '=', nodeId), where('nodeId', '=', nodeId)]),
    )
  return query.orderBy('scheduledFor').orderBy('historyId').execute()
}

/** What tells which runs of a task have not ended, and where. */
export type ActiveRun = Pick<
  RunRow,
  'historyId' | 'taskId' | 'scheduleId' | 'nodeId' | 'targetNodeId' | 'state' | 'startTime'
>

/** Runs of these tasks that have not ended, oldest slot first. */
export const activeRunsOf = (db: Query, taskIds: readonly string[]): Promise<ActiveRun[]> =>
  db
    .selectFrom('Task_History')
    .select(['historyId', 'taskId', 'scheduleId', 'nodeId', 'targetNodeId', 'state', 'startTime'])
    .where('taskId', 'in', taskIds)
    .where('state', 'in', ACTIVE_STATES)
    .orderBy('scheduledFor')
    .orderBy('historyId')
    .execute()

/** Writes to a run only while it is in `state` (and, for a running one, held by `incarnation`). */
export const updateRun = async (
  tx: Tx,
  historyId: string,
  held: { state: RunState; incarnation?: string },
  fields: RunFields,
): Promise<boolean> => {
  let query = tx
    .updateTable('Task_History')
    .set(fields)
    .where('historyId', '=', historyId)
    .where('state', '=', held.state)
  if (held.incarnation !== undefined) query = query.where('incarnation', '=', held.incarnation)
  const result = await query.executeTakeFirst()
  return result.numUpdatedRows > 0n
}
