import type { CalendarDay, CalendarHour, ClockChange } from '../calendar.ts'
import { changeOn, clocksOf, touchedBy } from './clock-changes.ts'
import { lockCrowdsOf, placeCrowds } from './crowds.ts'
import { hourKey, HOURS, type PlanDay } from './days.ts'
import { assumedZoneOf, hourOf, type Charted, type EntryContext, type PlannedTask } from './entries.ts'
import { playOverlaps, type Overlaps, type Usual } from './going-on.ts'
import { MINUTE, readPattern, type Pattern, type PlanRange } from './pattern.ts'

/**
 * The plan of some days. All tasks count for what clashes, those that are asked for are shown. Each step is a piece of
 * some milliseconds: whoever plans thousands of tasks on a busy loop lets others have their turn in between.
 */

/** Slots of each schedule, read once whatever number of tasks share it. */
export function* readPatterns(
  tasks: readonly PlannedTask[],
  range: PlanRange,
): Generator<void, Map<string, Pattern>> {
  const patterns = new Map<string, Pattern>()
  for (const { scheduleKey, schedule } of tasks)
    if (!patterns.has(scheduleKey)) patterns.set(scheduleKey, yield* readPattern(schedule, range))
  return patterns
}

export interface PlanInput {
  tasks: readonly PlannedTask[]
  patterns: ReadonlyMap<string, Pattern>
  range: PlanRange
  /** How many runs each node takes at once, and each lock group lets in. */
  rooms: { nodes: ReadonlyMap<string, number>; locks: ReadonlyMap<string, number> }
  usual: ReadonlyMap<string, Usual>
  /** The node that plans. */
  ownNodeId: string
  shown: { nodeId: string | undefined; taskId: string | undefined; limit: number }
}

export function* planDays(input: PlanInput): Generator<void, CalendarDay[]> {
  const { range, shown } = input
  const { places, crowdsOf } = yield* placeCrowds(input)
  const lockCrowds = yield* lockCrowdsOf(input)
  const charted: Charted[] = []
  for (const task of input.tasks.filter((one) => isShown(one, shown))) {
    const pattern = input.patterns.get(task.scheduleKey)
    if (!pattern || pattern.hours.size === 0) continue
    const usual = input.usual.get(task.taskId) ?? null
    charted.push({
      ...{ task, pattern, usual },
      overlaps: usual ? playOverlaps(pattern, usual, task.overlapPolicy) : new Map<number, Overlaps>(),
      crowds: yield* crowdsOf(task.target, shown.nodeId),
      lockCrowds: task.locks.flatMap((name) => lockCrowds.get(name) ?? []),
    })
    yield
  }
  const start = range.days[0]?.from ?? 0
  const timeOf = (minute: number): string => new Date(start + minute * MINUTE).toISOString()
  const { nodeId, limit } = shown
  const context: EntryContext = { places, timeOf, nodeId, ownNodeId: input.ownNodeId, limit }
  const days: CalendarDay[] = []
  for (const [n, day] of range.days.entries()) {
    const hours = yield* hoursOf(charted, n, context)
    const clock = yield* clockChangesOf(charted, day, { ...context, now: range.now })
    const times = { from: new Date(day.from).toISOString(), until: new Date(day.until).toISOString() }
    days.push({ date: day.date, ...times, clock, hours })
  }
  return days
}

const isShown = ({ taskId, target }: PlannedTask, shown: PlanInput['shown']): boolean =>
  (shown.taskId === undefined || taskId === shown.taskId) &&
  (shown.nodeId === undefined || target.nodeIds.includes(shown.nodeId))

function* hoursOf(
  charted: readonly Charted[],
  day: number,
  context: EntryContext,
): Generator<void, CalendarHour[]> {
  const hours: CalendarHour[] = []
  for (let hour = 0; hour < HOURS; hour++) {
    const found = yield* hourOf(charted, { key: hourKey(day, hour), hour }, context)
    if (found) hours.push(found)
  }
  return hours
}

const named = (task: PlannedTask, context: EntryContext) => {
  const { taskId, taskName } = task
  return { taskId, taskName, zoneAssumed: assumedZoneOf(task, context) !== null }
}

/** So many tasks are named beside a change of the clock. */
const NAMED = 20

function* clockChangesOf(
  charted: readonly Charted[],
  day: PlanDay,
  { now, ...context }: EntryContext & { now: number },
): Generator<void, ClockChange[]> {
  const found = new Map<string, ClockChange>()
  for (const { task } of charted) {
    yield
    const { timeZone } = task.schedule
    const change = changeOn(timeZone, day)
    if (!change || change.at <= now) continue
    const times = { timeZone, at: new Date(change.at).toISOString(), ...clocksOf(change) }
    const told: ClockChange = found.get(timeZone) ?? { ...times, tasks: [], more: 0 }
    found.set(timeZone, told)
    const touched = touchedBy(task.schedule, change)
    if (touched && told.tasks.length < NAMED) told.tasks.push({ ...named(task, context), ...touched })
    else if (touched) told.more += 1
  }
  return [...found.values()]
}
