import { admitsSlot } from '../../../shared/domain/overlap.ts'
import { messageOf } from '../../../shared/domain/errors.ts'
import { jitterMs, planDue, type DuePlan } from '../../../shared/domain/schedule.ts'
import type { Tx } from '../../data/db.ts'
import { activeRuns, insertRun, slotExists, type NewRunRow } from '../../data/repos/runs.ts'
import { advanceNextRun, dueScheduleRows, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { isoOf } from '../../platform/clock.ts'
import type { ScheduleCache } from '../tasks/schedule-of.ts'
import { newRun } from './new-run.ts'
import { foldSkipped } from './skipped.ts'

/** Due slots become rows of the queue: each is created once, in the transaction that moves NextRun on. */

/** Schedule rows handled in one transaction: keeps it a slice of some milliseconds. */
const ROWS_PER_TICK = 16
/** A slot found this late is still on time: the loop polls and transactions queue. */
const TOLERANCE_MS = 3_000

/** A schedule row whose slot has come, and what it belongs to. */
interface Due {
  row: ScheduleRowRow & { nextRun: string }
  task: TaskRow
  now: string
}

/** @returns the queued runs; `more` when the batch was full, so that other rows may be due too. */
export const createDueRuns = async (
  tx: Tx,
  now: string,
  schedules: ScheduleCache,
): Promise<{ created: NewRunRow[]; more: boolean }> => {
  const rows = await dueScheduleRows(tx, now, ROWS_PER_TICK)
  const tasks = new Map(
    (await findTasks(tx, [...new Set(rows.map((row) => row.taskId))])).map((t) => [t.taskId, t]),
  )
  const created: NewRunRow[] = []
  for (const row of rows) {
    const task = tasks.get(row.taskId)
    const { nextRun } = row
    if (!task || nextRun === null) continue
    created.push(...(await createSlots(tx, { row: { ...row, nextRun }, task, now }, schedules)))
  }
  return { created, more: rows.length === ROWS_PER_TICK }
}

const createSlots = async (tx: Tx, due: Due, schedules: ScheduleCache): Promise<NewRunRow[]> => {
  const { row } = due
  const planned = planOf(due, schedules)
  const plan = 'problem' in planned ? nothingDue : planned
  const next = plan.nextRun === null ? null : isoOf(plan.nextRun)
  if (!(await advanceNextRun(tx, row.scheduleId, row.nextRun, next))) return []
  if ('problem' in planned)
    await foldSkipped(tx, { ...due, firstAt: row.nextRun, count: 1, reason: planned.problem })
  if (plan.skipped)
    await foldSkipped(tx, {
      ...due,
      firstAt: isoOf(plan.skipped.firstAt),
      count: plan.skipped.count,
      reason: 'missed while this node was away',
    })
  return admit(tx, due, plan)
}

const nothingDue: DuePlan = { run: [], skipped: null, nextRun: null }

/**
 * A stored schedule that cannot be read (written past this program, or by a newer one) takes its own row out,
 * with the reason on record: it must not stop the others.
 */
const planOf = ({ row, task, now }: Due, schedules: ScheduleCache): DuePlan | { problem: string } => {
  try {
    const schedule = schedules(task)
    if (!schedule) return nothingDue
    return planDue({
      schedule,
      nextRun: Date.parse(row.nextRun),
      now: Date.parse(now),
      misfirePolicy: task.misfirePolicy,
      misfireWindowSeconds: task.misfireWindow,
      toleranceMs: TOLERANCE_MS,
    })
  } catch (error) {
    return { problem: `the schedule cannot be read: ${messageOf(error)}` }
  }
}

/** Those slots of the plan that the overlap policy lets in; the others are recorded as skipped. */
const admit = async (tx: Tx, due: Due, plan: DuePlan): Promise<NewRunRow[]> => {
  const { row, task } = due
  const waiting = await activeRuns(tx, task.taskId, row.nodeId || undefined)
  const active = {
    queued: waiting.filter((run) => run.state === 'Queued').length,
    running: waiting.filter((run) => run.state === 'Running').length,
  }
  const created: NewRunRow[] = []
  for (const slot of plan.run) {
    // After the clock was set back and the schedule edited, slots come by again that had their run.
    if (await slotExists(tx, row.scheduleId, isoOf(slot.at))) continue
    if (!admitsSlot(task.overlapPolicy, active, slot.catchUp && task.misfirePolicy === 'All')) {
      const busy = waiting[0] ?? created[0]
      const reason = `run ${busy?.historyId ?? ''} had not ended (overlap policy ${task.overlapPolicy})`
      await foldSkipped(tx, { ...due, firstAt: isoOf(slot.at), count: 1, reason })
      continue
    }
    const run = queuedRun(due, slot.at)
    await insertRun(tx, run)
    created.push(run)
    active.queued += 1
  }
  return created
}

const queuedRun = ({ task, row, now }: Due, at: number): NewRunRow => {
  const jitter = typeof task.schedule === 'object' ? (task.schedule?.jitterSeconds ?? 0) : 0
  return newRun(task, {
    scheduleId: row.scheduleId,
    targetNodeId: row.nodeId || null,
    scheduledFor: isoOf(at),
    notBefore: isoOf(at + jitterMs(task.taskId, at, jitter)),
    triggeredBy: 'Schedule',
    now,
  })
}
