import {
  effectiveRunOn,
  targetRefusal,
  whyNot,
  type AssignableTask,
  type Target,
} from '../../../shared/domain/assignment.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import type { Page } from '../../../shared/domain/fields.ts'
import type { NodeTask, Placement, Placements } from '../../../shared/domain/node.ts'
import { taskFilterSchema } from '../../../shared/domain/task.ts'
import type { Database } from '../../data/db.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'
import { scheduleRowsOfTasks, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { listTasks } from '../../data/repos/task-list.ts'
import { findTask, type TaskRow } from '../../data/repos/tasks.ts'
import { readNodes, type KnownNodes, type KnownNodesDeps } from '../nodes/known-nodes.ts'
import { assignable } from './script-type.ts'

/** Why a task does, or does not, run on a node: in words, for every task and every node. */

/** A task as it is stored, or a draft of one; a draft that was never saved has no id. */
type Placed = Omit<AssignableTask, 'scriptType'> &
  Pick<TaskRow, 'scriptType' | 'scriptPath' | 'runOn'> &
  Target & { taskId?: string | undefined }

export interface Placer {
  /** @throws AppError NOT_FOUND */
  ofTask(taskId: string): Promise<Placements>
  /** @throws AppError NOT_FOUND */
  ofNode(nodeId: string, page: { limit: number; cursor?: string | undefined }): Promise<Page<NodeTask>>
}

export interface PlacerDeps extends KnownNodesDeps {
  db: Pick<Database, 'read' | 'schemaVersion' | 'now'>
}

export const createPlacer = (deps: PlacerDeps): Placer => {
  const { read } = deps.db
  return {
    ofTask: async (taskId) => {
      const task = await findTask(read, taskId)
      if (!task) throw new AppError('NOT_FOUND', `There is no task ${taskId}.`)
      const known = await readNodes(read, deps)
      return { runOn: effectiveRunOn(task), items: placementsOf(task, known) }
    },
    ofNode: async (nodeId, page) => {
      const known = await readNodes(read, deps)
      const node = known.nodes.find((one) => one.nodeId === nodeId)
      if (!node) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
      const { items, nextCursor } = await listTasks(read, taskFilterSchema.parse(page))
      const rows = await scheduleRowsOfTasks(
        read,
        items.map(({ taskId }) => taskId),
      )
      return { items: items.map((task) => nodeTask(task, node, known, rows)), nextCursor }
    },
  }
}

/** For each node, in the order of their names. */
export const placementsOf = (task: Placed, known: KnownNodes): Placement[] =>
  known.nodes.map((node) => ({
    nodeId: node.nodeId,
    nodeName: node.nodeName,
    state: known.state(node),
    ...judge(task, node, known),
  }))

/** Claims ask less: a node that looks for work is there. */
const judge = (
  task: Placed,
  node: NodeRow,
  known: KnownNodes,
): Pick<Placement, 'runs' | 'reasons' | 'warnings'> => {
  const reasons = whyNot(assignable(task, known.nodes), node, known.known(node))
  const isTargeted = targetRefusal(task, node) === null
  if (isTargeted && node.isActive && !known.isThere(node))
    reasons.push(
      reasons.length === 0 ? `${known.away(node)}: it runs this when it is back` : known.away(node),
    )
  if (isTargeted && known.hold) reasons.push(known.hold)
  const missing = task.taskId === undefined ? undefined : known.missing(node).get(task.taskId)
  const warnings = isTargeted && missing !== undefined ? [`its script is missing there: ${missing}`] : []
  return { runs: reasons.length === 0, reasons, warnings }
}

/** The row of the node's own, else the one of any node. */
const nodeTask = (
  task: TaskRow,
  node: NodeRow,
  known: KnownNodes,
  rows: readonly ScheduleRowRow[],
): NodeTask => {
  const own = rows.filter(
    ({ taskId, nodeId }) => taskId === task.taskId && (nodeId === node.nodeId || nodeId === ''),
  )
  const isTargeted = targetRefusal(task, node) === null
  const row = own.find(({ nodeId }) => nodeId !== '') ?? own[0]
  return {
    taskId: task.taskId,
    taskName: task.taskName,
    appName: task.appName,
    enabled: task.enabled,
    nextRun: isTargeted ? (row?.nextRun ?? null) : null,
    ...judge(task, node, known),
  }
}
