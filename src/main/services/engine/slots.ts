import { admitsSlot } from '../../../shared/domain/overlap.ts'
import { messageOf } from '../../../shared/domain/errors.ts'
import { jitterMs, planDue, type DuePlan, type Schedule } from '../../../shared/domain/schedule.ts'
import type { Tx } from '../../data/db.ts'
import { activeRuns, insertRun, type NewRunRow } from '../../data/repos/runs.ts'
import { advanceNextRun, dueScheduleRows, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { isoOf } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { ScheduleCache } from '../tasks/schedule-of.ts'
import { foldSkipped } from './skipped.ts'

/** Due slots become rows of the queue: each is created once, in the transaction that moves NextRun on. */

/** Schedule rows handled in one transaction: keeps it a slice of some milliseconds. */
const ROWS_PER_TICK = 50
/** A slot found this late is still on time: the loop polls and transactions queue. */
const TOLERANCE_MS = 3_000

/** @returns how many schedule rows were due; a full batch means that more may be. */
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
    if (task) created.push(...(await createSlots(tx, now, row, task, schedules)))
  }
  return { created, more: rows.length === ROWS_PER_TICK }
}

const createSlots = async (
  tx: Tx,
  now: string,
  row: ScheduleRowRow,
  task: TaskRow,
  schedules: ScheduleCache,
): Promise<NewRunRow[]> => {
  if (row.nextRun === null) return []
  const schedule = await readable(tx, now, row, task, schedules)
  if (!schedule) return []
  const plan = planDue({
    schedule,
    nextRun: Date.parse(row.nextRun),
    now: Date.parse(now),
    misfirePolicy: task.misfirePolicy,
    misfireWindowSeconds: task.misfireWindow,
    toleranceMs: TOLERANCE_MS,
  })
  const next = plan.nextRun === null ? null : isoOf(plan.nextRun)
  if (!(await advanceNextRun(tx, row.scheduleId, row.nextRun, next))) return []
  if (plan.skipped)
    await foldSkipped(tx, {
      task,
      row,
      now,
      ...skippedIso(plan.skipped),
      reason: 'missed while this node was away',
    })
  return admit(tx, now, row, task, plan)
}

/**
 * A stored schedule that cannot be read (written past this program, or by a newer one) takes its own row out,
 * with the reason on record: it must not stop the others.
 */
const readable = async (
  tx: Tx,
  now: string,
  row: ScheduleRowRow,
  task: TaskRow,
  schedules: ScheduleCache,
): Promise<Schedule | null> => {
  try {
    return schedules(task)
  } catch (error) {
    const firstAt = row.nextRun ?? now
    await advanceNextRun(tx, row.scheduleId, firstAt, null)
    await foldSkipped(tx, {
      task,
      row,
      now,
      firstAt,
      count: 1,
      reason: `the schedule cannot be read: ${messageOf(error)}`,
    })
    return null
  }
}

const skippedIso = (skipped: NonNullable<DuePlan['skipped']>) => ({
  firstAt: isoOf(skipped.firstAt),
  count: skipped.count,
})

/** Those slots of the plan that the overlap policy lets in; the others are recorded as skipped. */
const admit = async (
  tx: Tx,
  now: string,
  row: ScheduleRowRow,
  task: TaskRow,
  plan: DuePlan,
): Promise<NewRunRow[]> => {
  const waiting = await activeRuns(tx, task.taskId, row.nodeId || undefined)
  const active = {
    queued: waiting.filter((run) => run.state === 'Queued').length,
    running: waiting.filter((run) => run.state === 'Running').length,
  }
  const created: NewRunRow[] = []
  for (const slot of plan.run) {
    if (!admitsSlot(task.overlapPolicy, active, slot.catchUp && task.misfirePolicy === 'All')) {
      const busy = waiting[0] ?? created[0]
      const reason = `run ${busy?.historyId ?? ''} had not ended (overlap policy ${task.overlapPolicy})`
      await foldSkipped(tx, { task, row, now, firstAt: isoOf(slot.at), count: 1, reason })
      continue
    }
    const run = queuedRun(task, row, slot, now)
    await insertRun(tx, run)
    created.push(run)
    active.queued += 1
  }
  return created
}

const queuedRun = (
  task: TaskRow,
  row: ScheduleRowRow,
  slot: { at: number; catchUp: boolean },
  now: string,
): NewRunRow => {
  const jitter = typeof task.schedule === 'object' ? (task.schedule?.jitterSeconds ?? 0) : 0
  const planned = isoOf(slot.at + jitterMs(task.taskId, slot.at, jitter))
  return newRun(task, {
    scheduleId: row.scheduleId,
    targetNodeId: row.nodeId || null,
    scheduledFor: isoOf(slot.at),
    notBefore: planned > now ? planned : isoOf(slot.at),
    triggeredBy: 'Schedule',
    now,
  })
}

type RunOrigin = Pick<NewRunRow, 'scheduleId' | 'targetNodeId' | 'scheduledFor' | 'notBefore' | 'triggeredBy'>

/** A waiting run of `task` with nothing done yet. */
export const newRun = (
  task: Pick<TaskRow, 'taskId' | 'taskName' | 'appName' | 'priority' | 'version'>,
  options: RunOrigin & Partial<NewRunRow> & { now: string },
): NewRunRow => {
  const { now, ...origin } = options
  return {
    historyId: newId(),
    taskId: task.taskId,
    taskName: task.taskName,
    appName: task.appName,
    nodeId: null,
    startTime: null,
    endTime: null,
    sortTime: origin.scheduledFor,
    duration: null,
    state: 'Queued',
    exitCode: null,
    priority: task.priority,
    attempt: 1,
    requestedBy: null,
    error: null,
    parameters: null,
    taskVersion: task.version,
    scriptHash: null,
    skippedCount: null,
    outputBytes: null,
    incarnation: null,
    leaseUntil: null,
    stopRequestedAt: null,
    stopRequestedBy: null,
    output: null,
    ...origin,
    updatedAt: now,
  }
}
