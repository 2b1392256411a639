import type { Calendar, CalendarInput } from '../../../shared/domain/calendar.ts'
import { daysFrom } from '../../../shared/domain/calendar/days.ts'
import type { PlannedTask } from '../../../shared/domain/calendar/entries.ts'
import type { Pattern, PlanRange } from '../../../shared/domain/calendar/pattern.ts'
import { planDays, readPatterns, type PlanInput } from '../../../shared/domain/calendar/plan.ts'
import { openZone } from '../../../shared/domain/schedule/time-zone.ts'
import type { Database } from '../../data/db.ts'
import { allLocks } from '../../data/repos/task-locks.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import { createScheduleCache } from '../tasks/schedule-of.ts'
import { inSlices } from './in-slices.ts'
import { readTasks } from './planned-tasks.ts'
import { readRows } from './rows-of-plan.ts'
import { createUsual, type AskedTask } from './usual.ts'

export interface CalendarDeps {
  db: Pick<Database, 'read' | 'now'>
  clock: Pick<Clock, 'monotonic'>
  self: Pick<Self, 'nodeId'>
  /** Of the cluster: whose days are meant when nobody says. */
  timeZone: string
  /** Schedule rows that are planned, those due first. */
  rows: number
}

type ReadCalendar = (input: CalendarInput) => Promise<Calendar>

/** What comes, day by day: planned from what each schedule says, all tasks together, for what clashes. */
export const createCalendar = (deps: CalendarDeps): ReadCalendar => {
  const plan = createPlan(deps)
  const making = new Map<string, Promise<Calendar>>()
  // Windows that show the same week ask at the same event: one plan is made, and told to all of them.
  return (input) => {
    const { from, days, timeZone, node, task, limit } = input
    const key = JSON.stringify([from, days, timeZone, node, task, limit])
    const made = making.get(key) ?? plan(input).finally(() => making.delete(key))
    making.set(key, made)
    return made
  }
}

const createPlan = ({ db, clock, self, timeZone: ownZone, rows: most }: CalendarDeps): ReadCalendar => {
  const scheduleFor = createScheduleCache(most * 2)
  const usualOf = createUsual(db)
  return async (input) => {
    const { from, days: length, timeZone = ownZone, node, task, limit } = input
    const now = await db.now()
    const zone = openZone(timeZone)
    const range: PlanRange = { zone, days: daysFrom(zone, from, length), now: Date.parse(now) }
    const until = isoOf(range.days.at(-1)?.until ?? 0)
    const found = await readRows(db, { until, limit: most, node, task })
    const locks = await allLocks(db.read)
    const tasks = await inSlices(readTasks(found, scheduleFor), clock)
    const patterns = await inSlices(readPatterns(tasks, range), clock)
    const rooms: PlanInput['rooms'] = {
      nodes: new Map(found.nodes.map((one) => [one.nodeId, one.maxConcurrentTasks])),
      locks: new Map(locks.map((lock) => [lock.lockName, lock.maxConcurrent])),
    }
    const usual = await usualOf(askedTasks(tasks, patterns), range.now)
    const planned = { tasks, patterns, range, ownNodeId: self.nodeId }
    const shown = { nodeId: node, taskId: task, limit }
    const days = await inSlices(planDays({ ...planned, rooms, usual, shown }), clock)
    return { now, timeZone, days, capped: found.capped, clashesCapped: found.clashesCapped }
  }
}

/** Of those with one slot at most nothing can still run when the next one comes. */
const askedTasks = (tasks: readonly PlannedTask[], patterns: ReadonlyMap<string, Pattern>): AskedTask[] =>
  tasks.map(({ taskId, scheduleKey }) => ({ taskId, gapMs: patterns.get(scheduleKey)?.gapMs ?? Infinity }))
