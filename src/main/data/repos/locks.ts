import { ACTIVE_STATES } from '../../../shared/domain/run.ts'
import type { Query, Tx } from '../db.ts'
import { RUN_COLUMNS, type RunRecord } from './runs.ts'
import type { TaskRow } from './tasks.ts'

/*
 * What writes that go on side by side must not decide at the same time. Locks end with their transaction; on a file
 * they mean nothing, for there is one write at a time.
 *
 * Whoever makes, claims, ends or cancels runs of a task, or changes its schedule rows, locks the task first; several
 * in the order of their ids; the cluster after tasks; lock groups (task-locks.ts) last, in the order of their names.
 * What one of them decides by then holds until it has written, and no two wait for each other. A claim waits for
 * nobody: what others have locked it passes over. It does not lock tasks whose runs may start side by side without
 * number (`Parallel`, no limit, no lock group): there it decides by nothing that others could change, and the runs it
 * takes are locked themselves.
 */

const tasksForUpdate = (tx: Tx, taskIds: readonly string[]) =>
  tx.selectFrom('Tasks').selectAll().where('taskId', 'in', taskIds).orderBy('taskId').forUpdate()

/** Waits for whoever has one of them locked. */
export const lockTasks = async (tx: Tx, taskIds: readonly string[]): Promise<TaskRow[]> =>
  taskIds.length === 0 ? [] : tasksForUpdate(tx, taskIds).execute()

/** Leaves out those that somebody else has locked. */
export const lockFreeTasks = async (tx: Tx, taskIds: readonly string[]): Promise<TaskRow[]> =>
  taskIds.length === 0 ? [] : tasksForUpdate(tx, taskIds).skipLocked().execute()

/** Undefined when there is no such task. */
export const lockTask = async (tx: Tx, taskId: string): Promise<TaskRow | undefined> => {
  const [task] = await lockTasks(tx, [taskId])
  return task
}

/** A run as it stands, its task locked before it. */
export interface LockedRun {
  run: RunRecord
  task: TaskRow | undefined
}

/** Undefined when there is no such run. */
export const lockRun = async (tx: Tx, historyId: string): Promise<LockedRun | undefined> => {
  const found = await runs(tx).select('taskId').where('historyId', '=', historyId).executeTakeFirst()
  if (!found) return undefined
  const task = await lockTask(tx, found.taskId)
  const run = await runs(tx)
    .select(RUN_COLUMNS)
    .where('historyId', '=', historyId)
    .forUpdate()
    .executeTakeFirst()
  return run && { run, task }
}

/** The runs of a task that have not ended, as they stand: none of them is claimed, or ends, until this is written. */
export const lockActiveRuns = (tx: Tx, taskId: string): Promise<RunRecord[]> =>
  runs(tx)
    .select(RUN_COLUMNS)
    .where('taskId', '=', taskId)
    .where('state', 'in', ACTIVE_STATES)
    .orderBy('historyId')
    .forUpdate()
    .execute()

const runs = (db: Query) => db.selectFrom('Task_History')

/** For what concerns nodes and all tasks at once: who registers, and which rows `RunOn: All` has. */
export const lockCluster = async (tx: Tx): Promise<void> => {
  await tx
    .selectFrom('Cluster_Info')
    .select('infoValue')
    .where('infoKey', '=', 'ClusterID')
    .forUpdate()
    .execute()
}
