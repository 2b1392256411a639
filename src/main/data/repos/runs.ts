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

/** Where a look through the queue has come to: its last row, in the order of claims. */
export type QueuePosition = Pick<RunRow, 'priority' | 'scheduledFor' | 'historyId'>

/**
 * Waiting runs this node may look at, best first, behind `after`; those of `skipTasks` were found blocked. They are
 * locked, and those that another node has locked are passed over: each claims other runs, and none waits.
 */
export const claimCandidates = (
  tx: Tx,
  options: {
    now: string
    nodeId: string
    skipTasks: readonly string[]
    after: QueuePosition | null
    limit: number
  },
): Promise<RunRecord[]> => {
  const { after } = options
  let query = tx
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('state', '=', 'Queued')
    .where('notBefore', '<=', options.now)
    .where((where) =>
      where.or([where('targetNodeId', 'is', null), where('targetNodeId', '=', options.nodeId)]),
    )
  if (options.skipTasks.length > 0) query = query.where('taskId', 'not in', options.skipTasks)
  if (after)
    query = query.where((where) =>
      where.or([
        where('priority', '<', after.priority),
        where.and([where('priority', '=', after.priority), where('scheduledFor', '>', after.scheduledFor)]),
        where.and([
          where('priority', '=', after.priority),
          where('scheduledFor', '=', after.scheduledFor),
          where('historyId', '>', after.historyId),
        ]),
      ]),
    )
  return query
    .orderBy('priority', 'desc')
    .orderBy('scheduledFor')
    .orderBy('historyId')
    .limit(options.limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** The running ones of these tasks, on every node: what overlap and limits count. */
export const runningOf = async (
  tx: Tx,
  taskIds: readonly string[],
): Promise<Pick<RunRow, 'taskId' | 'nodeId'>[]> => {
  const rows = await tx
    .selectFrom('Task_History')
    .select(['taskId', 'nodeId', 'state'])
    // Both states: of few running ones a planner believes that there are none, and reads them all.
    .where('state', 'in', ACTIVE_STATES)
    .where('taskId', 'in', taskIds)
    .execute()
  return rows.filter((row) => row.state === 'Running')
}

/** Queued → Running for runs that this transaction has locked, hence all of them. */
export const claimRuns = async (
  tx: Tx,
  historyIds: readonly string[],
  lease: Pick<RunRow, 'nodeId' | 'incarnation' | 'leaseUntil' | 'startTime' | 'sortTime' | 'updatedAt'>,
): Promise<void> => {
  if (historyIds.length === 0) return
  await tx
    .updateTable('Task_History')
    .set({ ...lease, state: 'Running' })
    .where('historyId', 'in', historyIds)
    .where('state', '=', 'Queued')
    .execute()
}

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

/** Prolongs this incarnation's leases; answers how many it still holds. */
export const renewLeases = async (
  tx: Tx,
  holder: { nodeId: string; incarnation: string },
  lease: { leaseUntil: string },
): Promise<number> => {
  const result = await tx
    .updateTable('Task_History')
    .set(lease)
    .where('state', '=', 'Running')
    .where('nodeId', '=', holder.nodeId)
    .where('incarnation', '=', holder.incarnation)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Leases that end after `after` end at `to`. */
export const shortenLeases = async (tx: Tx, lease: { after: string; to: string }): Promise<void> => {
  await tx
    .updateTable('Task_History')
    .set({ leaseUntil: lease.to })
    .where('state', '=', 'Running')
    .where('leaseUntil', '>', lease.after)
    .execute()
}

/** Waiting runs that may not start before `time`, the latest first. */
export const waitingUntilAfter = (
  db: Query,
  time: string,
  limit: number,
): Promise<Pick<RunRow, 'historyId' | 'taskId' | 'attempt' | 'notBefore'>[]> =>
  db
    .selectFrom('Task_History')
    .select(['historyId', 'taskId', 'attempt', 'notBefore'])
    .where('state', '=', 'Queued')
    .where('notBefore', '>', time)
    .orderBy('notBefore', 'desc')
    .limit(limit)
    .execute()

export const runningOn = (db: Query, nodeId: string): Promise<RunRecord[]> =>
  db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('state', '=', 'Running')
    .where('nodeId', '=', nodeId)
    .execute()

/** Running rows whose lease ran out before `now`: nobody renews them any more. */
export const expiredRuns = (db: Query, now: string): Promise<RunRecord[]> =>
  db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('state', '=', 'Running')
    .where('leaseUntil', '<', now)
    .execute()

/** When the next run that waits for its time may start, for the loop's sleep. */
export const earliestNotBefore = async (db: Query, nodeId: string, now: string): Promise<string | null> => {
  const row = await db
    .selectFrom('Task_History')
    .select('notBefore')
    .where('state', '=', 'Queued')
    .where('notBefore', '>', now)
    .where((where) => where.or([where('targetNodeId', 'is', null), where('targetNodeId', '=', nodeId)]))
    .orderBy('notBefore')
    .limit(1)
    .executeTakeFirst()
  return row?.notBefore ?? null
}

export const countQueued = async (db: Query): Promise<number> => {
  const row = await db
    .selectFrom('Task_History')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', '=', 'Queued')
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}
