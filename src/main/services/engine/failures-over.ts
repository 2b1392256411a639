import { effectiveRunOn } from '../../../shared/domain/assignment.ts'
import type { Tx } from '../../data/db.ts'
import { hasFailureTables } from '../../data/failure-tables.ts'
import { lockFailing, updateFailures, type FailureRow } from '../../data/repos/failures.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'

/** Failures that nothing can end by succeeding any more: nobody is to wait for that. Nobody outside is told of it. */

/** Of a task that is deleted. */
export const endFailures = (tx: Tx, taskId: string, now: string): Promise<void> =>
  endWhere(tx, taskId, now, () => true)

/** Of a task that has another target now: those of nodes that it left, or of the task as a whole. */
export const endMisplacedFailures = (
  tx: Tx,
  task: TaskRow,
  { nodes, now }: { nodes: readonly string[]; now: string },
): Promise<void> => {
  const eachByItself = effectiveRunOn(task) === 'All'
  return endWhere(tx, task.taskId, now, ({ nodeId }) =>
    nodeId === null ? eachByItself : !eachByItself || !nodes.includes(nodeId),
  )
}

const endWhere = async (
  tx: Tx,
  taskId: string,
  now: string,
  isOver: (row: FailureRow) => boolean,
): Promise<void> => {
  if (!hasFailureTables(tx)) return
  const over = (await lockFailing(tx, taskId)).filter(isOver)
  const ended = { recoveredAt: now, recoveredHistoryId: null, updatedAt: now }
  await updateFailures(
    tx,
    over.map((row) => row.failureId),
    ended,
  )
}
