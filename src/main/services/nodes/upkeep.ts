import type { Database, Tx, WriteContext } from '../../data/db.ts'
import { lockTasks } from '../../data/repos/locks.ts'
import { tasksForAllNodes } from '../../data/repos/tasks.ts'
import { upkeepScheduleRows } from '../tasks/schedule-rows.ts'

/** Schedule rows of `RunOn: All`, kept in step with the nodes. */

/** Tasks whose rows are put right in one transaction: about ten milliseconds of the main loop. */
const UPKEEP_SLICE = 50

/** One slice of the rows of `RunOn: All` after a task's id; the id to go on from, or null when there is no more. */
const upkeepSlice = async (
  tx: Tx,
  context: { now: string; actor: string },
  after: string,
): Promise<string | null> => {
  const tasks = await tasksForAllNodes(tx, { after, limit: UPKEEP_SLICE })
  for (const task of await lockTasks(
    tx,
    tasks.map(({ taskId }) => taskId),
  ))
    await upkeepScheduleRows(tx, task, { ...context, restart: false })
  return tasks.length < UPKEEP_SLICE ? null : (tasks.at(-1)?.taskId ?? null)
}

/** Rows of `RunOn: All` follow the nodes as they come, go or move (DESIGN §6), within one transaction. */
export const upkeepAllTargets = async (tx: Tx, context: { now: string; actor: string }): Promise<void> => {
  for (let after: string | null = ''; after !== null;) after = await upkeepSlice(tx, context, after)
}

/**
 * The same after a node was written, in transactions of their own that let others in between. A task saved
 * meanwhile puts its rows right itself; what a failure leaves undone, the next start of a node does.
 */
export const upkeepInSlices = async (db: Database, context: WriteContext): Promise<void> => {
  for (let after: string | null = ''; after !== null;) {
    const from: string = after
    after = await db.write(context, async (tx) =>
      upkeepSlice(tx, { now: await db.now(), actor: context.actor }, from),
    )
  }
}
