import type { ExpressionBuilder } from 'kysely'
import { ACTIVE_STATES } from '../../../shared/domain/run.ts'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { RUN_COLUMNS, type RunRecord, type RunRow } from './runs.ts'
import { mayTake, type Taker } from './taker.ts'

/** Runs that wait, and what claims decide by. */

/** Where a look through the queue has come to: its last row, in the order of claims. */
export type QueuePosition = Pick<RunRow, 'priority' | 'scheduledFor' | 'historyId'>

/** By their own parameters runs are judged one by one: whether those are secret is not asked here. */
const ofTaskFor = (taker: Taker) => (where: ExpressionBuilder<Tables & { h: Tables['Task_History'] }, 'h'>) =>
  where.exists(
    where
      .selectFrom('Tasks as t')
      .select('t.taskId')
      .whereRef('t.taskId', '=', 'h.taskId')
      .where((task) => mayTake(task, { ...taker, withoutKey: false })),
  )

/** What waits in the cluster database may be taken there only. */
const isOfReplica = (where: ExpressionBuilder<Tables & { h: Tables['Task_History'] }, 'h'>) =>
  where.exists(
    where.selectFrom('Sync_Run as s').select('s.historyId').whereRef('s.historyId', '=', 'h.historyId'),
  )

interface Waiting {
  now: string
  nodeId: string
  /** Given where there are others: what is for them is not locked here, when they look at the same moment. */
  taker: Taker | null
  /** Found blocked. */
  skipTasks: readonly string[]
}

/** Waiting runs this node may look at. */
const waitingFor = (tx: Tx, options: Waiting) => {
  const { taker } = options
  let query = tx
    .selectFrom('Task_History as h')
    .where('state', '=', 'Queued')
    .where('notBefore', '<=', options.now)
    .where((where) =>
      where.or([where('targetNodeId', 'is', null), where('targetNodeId', '=', options.nodeId)]),
    )
  if (taker) query = query.where(ofTaskFor(taker))
  if (taker?.offline) query = query.where(isOfReplica)
  return options.skipTasks.length > 0 ? query.where('taskId', 'not in', options.skipTasks) : query
}

/**
 * Waiting runs this node may look at, best first, behind `after`. They are locked, and those that another node has
 * locked are passed over: each claims other runs, and none waits.
 */
export const claimCandidates = (
  tx: Tx,
  options: Waiting & { after: QueuePosition | null; limit: number },
): Promise<RunRecord[]> => {
  const { after } = options
  let query = waitingFor(tx, options).select(RUN_COLUMNS)
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

/** Whether any waits besides those that were `shown`: others have it locked, and may leave it. Locks nothing. */
export const isMoreWaiting = async (
  tx: Tx,
  options: Waiting & { shown: readonly string[] },
): Promise<boolean> => {
  const { shown } = options
  const query = waitingFor(tx, options).select('historyId').limit(1)
  const found = await (
    shown.length > 0 ? query.where('historyId', 'not in', shown) : query
  ).executeTakeFirst()
  return found !== undefined
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

/** When the next run that waits for its time may start, for the loop's sleep. */
export const earliestNotBefore = async (
  db: Query,
  { nodeId, now, offline }: { nodeId: string; now: string; offline?: boolean },
): Promise<string | null> => {
  const row = await db
    .selectFrom('Task_History as h')
    .select('notBefore')
    .$if(offline ?? false, (query) => query.where(isOfReplica))
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
