import { groupBy } from '../../../shared/domain/group-by.ts'
import { messageOf } from '../../../shared/domain/errors.ts'
import { planDue, type DuePlan } from '../../../shared/domain/schedule.ts'
import type { Tx } from '../../data/db.ts'
import type { NewRunRow } from '../../data/repos/runs.ts'
import type { Taker } from '../../data/repos/taker.ts'
import { advanceNextRuns, dueScheduleRows, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { lockFreeTasks } from '../../data/repos/locks.ts'
import { isoOf } from '../../platform/clock.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import type { ScheduleCache } from '../tasks/schedule-of.ts'
import { admitSlots } from './admit.ts'
import type { Due, Planned } from './due.ts'
import { foldSkipped } from './skipped.ts'

/**
 * Due slots become rows of the queue: each is created once, in the transaction that moves NextRun on, by a node that
 * may run it. What nobody present may run stays due: when one that may is back, the misfire policy decides.
 */

/** Schedule rows handled in one transaction at most. */
const ROWS_PER_TICK = 64
/** A transaction that has planned so many runs leaves the other rows to the next one. */
const RUNS_PER_TICK = 64
/**
 * A slot found this late is still on time. Long under `Skip`, where a busy moment must not cost a run; short
 * under the others, which run what was missed: of several late slots `Last` means the newest.
 */
const TOLERANCE_MS = { Skip: 10_000, Last: 1_000, All: 1_000 } as const

/** A schedule row of a task, and the slot it waits for now. */
export interface Moved {
  task: TaskRow
  scheduleId: string
  nextRun: string | null
}

export interface Created {
  created: NewRunRow[]
  /** Schedule rows that were moved on. */
  moved: Moved[]
  /** Other rows may be due too: come again. */
  more: boolean
  /** Rows are due whose task someone else works on: come again in a moment. */
  contended: boolean
}

const NOTHING: Created = { created: [], moved: [], more: false, contended: false }

/**
 * Rows that came due, as many as are one slice of some milliseconds.
 * @param taker the node that looks; null: one that takes no work
 * @param isSpent whether the slice has been used up; the first row is always done.
 */
export const createDueRuns = async (
  tx: Tx,
  now: string,
  schedules: ScheduleCache,
  taker: Taker | null,
  isSpent: () => boolean = () => false,
): Promise<Created> => {
  const rows = taker ? await dueScheduleRows(tx, now, ROWS_PER_TICK, taker) : []
  if (rows.length === 0) return NOTHING
  const due = await withTasks(tx, rows, now)
  const planned = planSome(due, schedules, isSpent)
  await advance(tx, planned)
  for (const one of planned) await foldMissed(tx, one)
  const more = rows.length === ROWS_PER_TICK || planned.length < due.length
  const contended = due.length < rows.length
  const moved = planned.map(({ task, row, plan }) => ({
    ...{ task, scheduleId: row.scheduleId },
    nextRun: plan.nextRun === null ? null : isoOf(plan.nextRun),
  }))
  return { created: await admitSlots(tx, planned), moved, more: more && planned.length > 0, contended }
}

const withTasks = async (tx: Tx, rows: readonly ScheduleRowRow[], now: string): Promise<Due[]> => {
  // Rows of a task that someone else works on come with the next look.
  const found = await lockFreeTasks(tx, [...new Set(rows.map((row) => row.taskId))])
  const tasks = new Map(found.map((task) => [task.taskId, task]))
  return rows.flatMap(({ nextRun, ...row }) => {
    const task = tasks.get(row.taskId)
    return task && nextRun !== null ? [{ row: { ...row, nextRun }, task, now }] : []
  })
}

const planSome = (due: readonly Due[], schedules: ScheduleCache, isSpent: () => boolean): Planned[] => {
  const planned: Planned[] = []
  let runs = 0
  for (const one of due) {
    if (planned.length > 0 && (runs >= RUNS_PER_TICK || isSpent())) break
    const next = planOf(one, schedules)
    planned.push(next)
    runs += next.plan.run.length
  }
  return planned
}

const nothingDue: DuePlan = { run: [], skipped: null, nextRun: null }

/**
 * A stored schedule that cannot be read (written past this program, or by a newer one) takes its own row out,
 * with the reason on record: it must not stop the others.
 */
const planOf = (due: Due, schedules: ScheduleCache): Planned => {
  const { row, task, now } = due
  try {
    const schedule = schedules(task)
    if (!schedule) return { ...due, plan: nothingDue, problem: null }
    const plan = planDue({
      schedule,
      nextRun: Date.parse(row.nextRun),
      now: Date.parse(now),
      misfirePolicy: task.misfirePolicy,
      misfireWindowSeconds: task.misfireWindow,
      toleranceMs: TOLERANCE_MS[task.misfirePolicy],
    })
    return { ...due, plan, problem: null }
  } catch (error) {
    return { ...due, plan: nothingDue, problem: `the schedule cannot be read: ${messageOf(error)}` }
  }
}

/** Rows that wait for the same slot now move together. */
const advance = async (tx: Tx, planned: readonly Planned[]): Promise<void> => {
  for (const [nextRun, group] of groupBy(planned, ({ plan }) => plan.nextRun)) {
    const ids = group.map(({ row }) => row.scheduleId)
    await advanceNextRuns(tx, ids, nextRun === null ? null : isoOf(nextRun))
  }
}

const MISSED_BY_ALL = 'missed: no node that may run it was there'
/** A row of one node waits for that node. */
const MISSED_HERE = 'missed while this node was away or drained'

const foldMissed = async (tx: Tx, { plan, problem, ...due }: Planned): Promise<void> => {
  if (problem !== null) await foldSkipped(tx, { ...due, firstAt: due.row.nextRun, count: 1, reason: problem })
  if (plan.skipped) {
    const { firstAt, count } = plan.skipped
    const reason = due.row.nodeId === '' ? MISSED_BY_ALL : MISSED_HERE
    await foldSkipped(tx, { ...due, firstAt: isoOf(firstAt), count, reason })
  }
}
