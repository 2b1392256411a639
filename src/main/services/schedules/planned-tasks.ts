import { canRun, effectiveRunOn } from '../../../shared/domain/assignment.ts'
import type { PlannedTask, Target } from '../../../shared/domain/calendar/entries.ts'
import { NODE_ZONE } from '../../../shared/domain/task.ts'
import type { NodeRow } from '../../data/repos/nodes.ts'
import type { RowToPlan } from '../../data/repos/schedules.ts'
import type { ScheduleCache } from '../tasks/schedule-of.ts'
import { assignable, neededType } from '../tasks/script-type.ts'
import type { RowsOfPlan } from './rows-of-plan.ts'

/** Schedule rows as the tasks of a plan: one of each task, with all nodes its rows are for. */

export function* readTasks(
  { rows, nodes, clashesCapped }: Pick<RowsOfPlan, 'rows' | 'nodes' | 'clashesCapped'>,
  scheduleFor: ScheduleCache,
): Generator<void, PlannedTask[]> {
  // Of some rows only, a node that has none here may have one that was left out.
  const own = clashesCapped ? new Map<string, Set<string>>() : yield* nodesOfRows(rows)
  const takers = createTakers(nodes)
  const found = new Map<string, PlannedTask>()
  for (const row of rows) {
    yield
    const schedule = found.has(row.taskId) ? null : scheduleFor(row)
    if (!schedule) continue
    const { taskId, taskName, appName, overlapPolicy, limits } = row
    const scheduleKey = `${schedule.timeZone} ${JSON.stringify(row.schedule)}`
    const target = targetOf(row, own.get(taskId), takers)
    const planned = { taskId, taskName, appName, scheduleKey, schedule, target, overlapPolicy }
    const isInNodeZone = row.timeZone === NODE_ZONE
    found.set(taskId, { ...planned, isInNodeZone, locks: limits?.locks ?? [] })
  }
  return [...found.values()]
}

function* nodesOfRows(rows: readonly RowToPlan[]): Generator<void, Map<string, Set<string>>> {
  const own = new Map<string, Set<string>>()
  for (const { taskId, nodeId } of rows) {
    yield
    if (nodeId === '') continue
    const there = own.get(taskId) ?? new Set()
    own.set(taskId, there.add(nodeId))
  }
  return own
}

const targetOf = (
  row: RowToPlan,
  own: ReadonlySet<string> | undefined,
  takers: (row: RowToPlan) => string[],
): Target => {
  const there = takers(row)
  if (effectiveRunOn(row) === 'All')
    return { kind: 'all', nodeIds: own ? there.filter((id) => own.has(id)) : there }
  return { kind: row.assignedNodeId ? 'node' : 'any', nodeIds: there }
}

/** Nodes that take work and that a task is for; asked once for all tasks of one target. */
const createTakers = (nodes: readonly NodeRow[]): ((row: RowToPlan) => string[]) => {
  const known = new Map<string, string[]>()
  return (row) => {
    const { assignedNodeId, assignedNodeGroup, assignedNodeRole } = row
    const key = JSON.stringify([assignedNodeId, assignedNodeGroup, assignedNodeRole, neededType(row)])
    const there = known.get(key)
    if (there) return there
    const task = assignable({ ...row, parameters: {}, environment: {} }, nodes)
    const found = nodes.filter((node) => canRun(task, node)).map(({ nodeId }) => nodeId)
    known.set(key, found)
    return found
  }
}
