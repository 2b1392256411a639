import { canRun, idleReason, type AssignableNode } from '../../../shared/domain/assignment.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { isAway } from '../nodes/records.ts'
import { assignable } from '../tasks/script-type.ts'

/** Whom a node shares the queue with. */

/** Nodes that take work now, `own` among them whatever its row says of its last heartbeat. */
export const nodesThere = (
  own: AssignableNode,
  nodes: readonly NodeRow[],
  { now, leaseMs }: { now: string; leaseMs: number },
): AssignableNode[] => [
  own,
  ...nodes.filter(
    (node) =>
      node.nodeId !== own.nodeId && idleReason(node) === null && !isAway(node, { now, awayAfterMs: leaseMs }),
  ),
]

/** How many of those that are there may run a task, the one that asks among them. */
export const takersOf = (
  tasks: ReadonlyMap<string, TaskRow>,
  nodes: readonly AssignableNode[],
  there: readonly AssignableNode[],
): ((task: TaskRow) => number) => {
  if (there.length === 1) return () => 1
  const counts = new Map<string, number>()
  for (const task of tasks.values()) {
    const judged = assignable(task, nodes)
    counts.set(task.taskId, there.filter((node) => canRun(judged, node)).length)
  }
  return ({ taskId }) => Math.max(1, counts.get(taskId) ?? 1)
}
