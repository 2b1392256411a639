import {
  effectiveRunOn,
  isPassing,
  refusalsOf,
  targetRefusal,
  type AssignableTask,
  type Refusal,
  type Target,
} from '../../../shared/domain/assignment.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import type { Page } from '../../../shared/domain/fields.ts'
import type { NodeTask, Placement, Placements } from '../../../shared/domain/node.ts'
import { taskFilterSchema } from '../../../shared/domain/task.ts'
import type { Database } from '../../data/db.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'
import { nextRowsFor, scheduleRowsOfTasks, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { listTasks } from '../../data/repos/task-list.ts'
import { findTask, findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { takerOf } from '../engine/taker.ts'
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
  /**
   * What falls due on the node first, as if it were there and took work.
   * @throws AppError NOT_FOUND
   */
  upcomingOf(nodeId: string, limit: number): Promise<NodeTask[]>
}

export interface PlacerDeps extends KnownNodesDeps {
  db: Pick<Database, 'read' | 'now'>
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
      const node = nodeIn(known, nodeId)
      const { items, nextCursor } = await listTasks(read, taskFilterSchema.parse(page))
      const rows = await scheduleRowsOfTasks(
        read,
        items.map(({ taskId }) => taskId),
      )
      const there = items.map((task) => nodeTask(task, node, known, nextRunOf(task, node, rows)))
      return { items: there, nextCursor }
    },
    upcomingOf: async (nodeId, limit) => {
      const known = await readNodes(read, deps)
      const node = nodeIn(known, nodeId)
      const atWork = { ...node, isActive: true, isDraining: false }
      const taker = takerOf(atWork, known.nodes, known.known(node).keyAvailable ?? true)
      if (taker === null) return []
      const rows = firstOfEach(await nextRowsFor(read, taker, limit))
      const taskIds = rows.map(({ taskId }) => taskId)
      const tasks = new Map((await findTasks(read, taskIds)).map((task) => [task.taskId, task]))
      return rows
        .flatMap(({ taskId, nextRun }) => {
          const task = tasks.get(taskId)
          return task ? [nodeTask(task, node, known, nextRun)] : []
        })
        .filter(({ reasonCodes }) => reasonCodes.every(isPassing))
    },
  }
}

/** A task may have two rows that mean the node: the sooner one counts. */
const firstOfEach = <T extends { taskId: string }>(rows: readonly T[]): T[] =>
  rows.filter((row, at) => rows.findIndex(({ taskId }) => taskId === row.taskId) === at)

const nodeIn = ({ nodes }: KnownNodes, nodeId: string): NodeRow => {
  const node = nodes.find((one) => one.nodeId === nodeId)
  if (!node) throw new AppError('NOT_FOUND', `There is no node ${nodeId}.`)
  return node
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
): Pick<Placement, 'runs' | 'reasons' | 'reasonCodes' | 'warnings'> => {
  const refusals = refusalsOf(assignable(task, known.nodes), node, known.known(node))
  const isTargeted = targetRefusal(task, node) === null
  if (isTargeted && node.isActive && !known.isThere(node)) refusals.push(awayRefusal(node, known, refusals))
  if (isTargeted && known.hold) refusals.push({ code: 'held', words: known.hold })
  const missing = task.taskId === undefined ? undefined : known.missing(node).get(task.taskId)
  const warnings = isTargeted && missing !== undefined ? [`its script is missing there: ${missing}`] : []
  return {
    runs: refusals.length === 0,
    reasons: refusals.map(({ words }) => words),
    reasonCodes: refusals.map(({ code }) => code),
    warnings,
  }
}

const awayRefusal = (node: NodeRow, known: KnownNodes, others: readonly Refusal[]): Refusal => ({
  code: 'away',
  words: others.length === 0 ? `${known.away(node)}: it runs this when it is back` : known.away(node),
})

/** By the row of the node's own, else by the one of any node. */
const nextRunOf = (task: TaskRow, node: NodeRow, rows: readonly ScheduleRowRow[]): string | null => {
  if (targetRefusal(task, node) !== null) return null
  const own = rows.filter(
    ({ taskId, nodeId }) => taskId === task.taskId && (nodeId === node.nodeId || nodeId === ''),
  )
  return (own.find(({ nodeId }) => nodeId !== '') ?? own[0])?.nextRun ?? null
}

const nodeTask = (task: TaskRow, node: NodeRow, known: KnownNodes, nextRun: string | null): NodeTask => ({
  taskId: task.taskId,
  taskName: task.taskName,
  appName: task.appName,
  enabled: task.enabled,
  nextRun,
  ...judge(task, node, known),
})
