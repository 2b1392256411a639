import { canRun, effectiveRunOn } from '../../../shared/domain/assignment.ts'
import { nextSlot } from '../../../shared/domain/schedule.ts'
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
import type { TaskRow } from '../../data/repos/tasks.ts'
import { isoOf } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { scheduleOf } from './schedule-of.ts'
import { assignable } from './script-type.ts'

/** Keeps a task's schedule rows in step with its target, schedule and state. */

/** Which rows a task has: one for any node (''), or one for each node that matches now. */
const wantedNodes = async (tx: Tx, task: TaskRow): Promise<string[]> => {
  if (effectiveRunOn(task) === 'One') return ['']
  const nodes = await allNodes(tx)
  const judged = assignable(task, nodes)
  return nodes.filter((node) => canRun(judged, node)).map((node) => node.nodeId)
}

/** The first slot after `now`, or null when nothing is scheduled. */
export const nextRunOf = (task: TaskRow, now: string): string | null => {
  if (!task.enabled) return null
  const schedule = scheduleOf(task)
  const slot = schedule && nextSlot(schedule, Date.parse(now))
  return slot ? isoOf(slot.at) : null
}

/**
 * New rows start after `now`; `restart` recomputes the others too (a changed schedule, zone or state).
 * A row that is no longer wanted goes, or, while a run of it goes on, stays without a next slot.
 */
export const upkeepScheduleRows = async (
  tx: Tx,
  task: TaskRow,
  options: { now: string; restart: boolean },
): Promise<void> => {
  const rows = await scheduleRowsOf(tx, task.taskId)
  const wanted = await wantedNodes(tx, task)
  const nextRun = nextRunOf(task, options.now)
  for (const nodeId of wanted) {
    const row = rows.find((known) => known.nodeId === nodeId)
    if (!row) await insertScheduleRow(tx, emptyScheduleRow(task.taskId, nodeId, nextRun))
    else if (options.restart) await updateScheduleRow(tx, row.scheduleId, { nextRun })
  }
  await retireRows(
    tx,
    task.taskId,
    rows.filter((row) => !wanted.includes(row.nodeId)),
  )
}

const retireRows = async (tx: Tx, taskId: string, rows: readonly ScheduleRowRow[]): Promise<void> => {
  if (rows.length === 0) return
  const active = new Set((await activeRuns(tx, taskId)).map((run) => run.scheduleId))
  await deleteScheduleRows(
    tx,
    rows.filter((row) => !active.has(row.scheduleId)).map((row) => row.scheduleId),
  )
  for (const row of rows) {
    if (active.has(row.scheduleId)) await updateScheduleRow(tx, row.scheduleId, { nextRun: null })
  }
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
