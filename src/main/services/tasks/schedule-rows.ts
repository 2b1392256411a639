import { canRun, effectiveRunOn, targetRefusal } from '../../../shared/domain/assignment.ts'
import { AppError } from '../../../shared/domain/errors.ts'
import { nextSlot, type Schedule } from '../../../shared/domain/schedule.ts'
import type { Tx } from '../../data/db.ts'
import { allNodes } from '../../data/repos/nodes.ts'
import { activeRuns } from '../../data/repos/runs.ts'
import {
  deleteScheduleRows,
  insertScheduleRow,
  scheduleRowsOf,
  updateScheduleRow,
  type ScheduleRowRow,
} from '../../data/repos/schedules.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { isoOf } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { cancelQueued } from '../engine/cancel.ts'
import { endMisplacedFailures } from '../engine/failures-over.ts'
import { scheduleOf } from './schedule-of.ts'
import { assignable } from './script-type.ts'

/** Keeps a task's schedule rows in step with its target, schedule and state. */

/** Which rows a task has: one for any node (''), or one for each node of its target. */
interface Wanted {
  /** Nodes that run it now, or when they have drained: what comes due meanwhile waits for them (ADR 20). */
  active: string[]
  /** Nodes of the target that cannot (no interpreter, no capacity): their rows pause. */
  paused: string[]
}

const wantedNodes = async (tx: Tx, task: TaskRow): Promise<Wanted> => {
  if (effectiveRunOn(task) === 'One') return { active: [''], paused: [] }
  const nodes = await allNodes(tx)
  const judged = assignable(task, nodes)
  const targeted = nodes.filter((node) => node.isActive && targetRefusal(task, node) === null)
  const idsWhere = (runs: boolean) =>
    targeted
      .filter((node) => canRun(judged, { ...node, isDraining: false }) === runs)
      .map((node) => node.nodeId)
  return { active: idsWhere(true), paused: idsWhere(false) }
}

/** The first slot after `now`, or null when nothing is scheduled, or the stored schedule cannot be read. */
export const nextRunOf = (task: TaskRow, now: string): string | null => {
  if (!task.enabled) return null
  const schedule = readable(task)
  const slot = schedule && nextSlot(schedule, Date.parse(now))
  return slot ? isoOf(slot.at) : null
}

/** An edit is checked before it is written; what is stored already must not stop the upkeep of other tasks. */
const readable = (task: TaskRow): Schedule | null => {
  try {
    return scheduleOf(task)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/**
 * New rows start after `now`; `restart` recomputes the others too (a changed schedule, zone or state). A row
 * whose node cannot run the task now pauses; one outside the target goes, or, while a run of it goes on,
 * stays without a next slot.
 */
export const upkeepScheduleRows = async (
  tx: Tx,
  task: TaskRow,
  options: { now: string; actor: string; restart: boolean },
): Promise<void> => {
  // A node that registers now would miss the task, and the task the node.
  if (effectiveRunOn(task) === 'All') await lockCluster(tx)
  const rows = await scheduleRowsOf(tx, task.taskId)
  const { active, paused } = await wantedNodes(tx, task)
  const nextRun = nextRunOf(task, options.now)
  for (const nodeId of active) {
    const row = rows.find((known) => known.nodeId === nodeId)
    if (!row) await insertScheduleRow(tx, emptyScheduleRow(task.taskId, nodeId, nextRun))
    else if (options.restart || row.nextRun === null) await setNextRun(tx, row, nextRun)
  }
  for (const row of rows) if (paused.includes(row.nodeId)) await setNextRun(tx, row, null)
  const kept = [...active, ...paused]
  await cancelMisplaced(tx, task, options)
  await endMisplacedFailures(tx, task, { nodes: kept, now: options.now })
  await retireRows(
    tx,
    task.taskId,
    rows.filter((row) => !kept.includes(row.nodeId)),
  )
}

const setNextRun = async (tx: Tx, row: ScheduleRowRow, nextRun: string | null): Promise<void> => {
  if (row.nextRun !== nextRun) await updateScheduleRow(tx, row.scheduleId, { nextRun })
}

/** What waits for a node outside the target would wait for ever, and count as active. */
const cancelMisplaced = async (
  tx: Tx,
  task: TaskRow,
  context: { now: string; actor: string },
): Promise<void> => {
  const nodes = await allNodes(tx)
  const isOutside = (nodeId: string): boolean => {
    const node = nodes.find((one) => one.nodeId === nodeId)
    return !node?.isActive || targetRefusal(task, node) !== null
  }
  await cancelQueued(
    { tx, ...context },
    task.taskId,
    'its node does not belong to the target of the task any more',
    (run) => run.targetNodeId !== null && isOutside(run.targetNodeId),
  )
}

const retireRows = async (tx: Tx, taskId: string, rows: readonly ScheduleRowRow[]): Promise<void> => {
  if (rows.length === 0) return
  const active = new Set((await activeRuns(tx, taskId)).map((run) => run.scheduleId))
  await deleteScheduleRows(
    tx,
    rows.filter((row) => !active.has(row.scheduleId)).map((row) => row.scheduleId),
  )
  for (const row of rows) if (active.has(row.scheduleId)) await setNextRun(tx, row, null)
}

export const emptyScheduleRow = (taskId: string, nodeId: string, nextRun: string | null) => ({
  scheduleId: newId(),
  taskId,
  nodeId,
  nextRun,
  lastRun: null,
  lastState: null,
  lastHistoryId: null,
  isRunning: false,
  runningOnNode: null,
  startedAt: null,
  totalRuns: 0,
  successCount: 0,
  failureCount: 0,
})
