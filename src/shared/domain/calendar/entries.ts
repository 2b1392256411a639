import type { CalendarEntry, CalendarHour, CalendarMark } from '../calendar.ts'
import type { OverlapPolicy } from '../overlap.ts'
import type { Schedule } from '../schedule.ts'
import type { Crowds, Place } from './demand.ts'
import type { Overlaps, Usual } from './going-on.ts'
import type { Pattern, PatternHour } from './pattern.ts'

/** The entries of one hour: each task's slots folded, with what will become of them. */

/** Where the runs of a task go. */
export interface Target {
  kind: CalendarEntry['where']['kind']
  nodeIds: readonly string[]
}

export interface PlannedTask {
  taskId: string
  taskName: string
  appName: string
  /** The same for the same schedule: its pattern is read once. */
  scheduleKey: string
  schedule: Schedule
  /** Its times are each node's own; `schedule` has those of the node that plans. */
  isInNodeZone: boolean
  target: Target
  overlapPolicy: OverlapPolicy
  locks: readonly string[]
}

/** A task with all that is known of its slots; crowds are those that it may meet, null: none. */
export interface Charted {
  task: PlannedTask
  pattern: Pattern
  usual: Usual | null
  overlaps: ReadonlyMap<number, Overlaps>
  crowds: Crowds | null
  lockCrowds: readonly Crowds[]
}

export interface EntryContext {
  places: ReadonlyMap<string, Place>
  timeOf: (minute: number) => string
  /** Entries as this node has them. */
  nodeId: string | undefined
  /** The node that plans: the only one whose time zone is known. */
  ownNodeId: string
  limit: number
}

const NAMED = 3

const iso = (at: number): string => new Date(at).toISOString()

/** The worst minute of an hour in which more falls due than may start. */
const worstMinute = (crowds: Crowds | null, { minutes }: PatternHour): number | null => {
  if (!crowds) return null
  let [worst, most]: [number | null, number] = [null, 0]
  for (const minute of minutes) {
    const over = crowds.over[minute] ?? 0
    if (over > most) [worst, most] = [minute, over]
  }
  return worst
}

const marksOf = (charted: Charted, key: number, hour: PatternHour, context: EntryContext): CalendarMark[] => {
  const { task, usual } = charted
  const marks: CalendarMark[] = task.target.nodeIds.length === 0 ? [{ kind: 'nowhere' }] : []
  const overlaps = charted.overlaps.get(key)
  if (overlaps && usual)
    marks.push({
      ...{ kind: 'overlap', policy: task.overlapPolicy, usualMs: usual.ms, measured: usual.measured },
      ...overlaps,
    })
  for (const crowds of charted.lockCrowds) {
    const minute = worstMinute(crowds, hour)
    if (minute === null) continue
    const { due, room, key: lock } = crowds.crowdAt(minute)
    marks.push({ kind: 'lock', at: context.timeOf(minute), due, room, lock })
  }
  const minute = worstMinute(charted.crowds, hour)
  if (charted.crowds && minute !== null) {
    const { due, room, key: placeKey } = charted.crowds.crowdAt(minute)
    const nodeIds = context.places.get(placeKey)?.nodeIds ?? []
    const on = { nodeIds: nodeIds.slice(0, NAMED), nodes: nodeIds.length }
    marks.push({ kind: 'capacity', at: context.timeOf(minute), due, room, ...on })
  }
  return marks
}

/** In which zone a task is planned though nodes that it is for may be in others; null: in the right one. */
export const assumedZoneOf = (
  { isInNodeZone, schedule, target }: PlannedTask,
  { nodeId, ownNodeId }: Pick<EntryContext, 'nodeId' | 'ownNodeId'>,
): string | null => {
  const nodeIds = nodeId === undefined ? target.nodeIds : [nodeId]
  return isInNodeZone && nodeIds.some((id) => id !== ownNodeId) ? schedule.timeZone : null
}

const entryOf = (charted: Charted, key: number, hour: PatternHour, context: EntryContext): CalendarEntry => {
  const { taskId, taskName, appName, target } = charted.task
  const nodes = target.kind === 'all' && context.nodeId === undefined ? target.nodeIds.length : 1
  return {
    ...{ taskId, taskName, appName, first: iso(hour.first), last: iso(hour.last) },
    slots: hour.count,
    runs: hour.count * nodes,
    everySeconds: hour.every,
    where: { kind: target.kind, nodes: target.nodeIds.length, nodeIds: target.nodeIds.slice(0, NAMED) },
    assumedZone: assumedZoneOf(charted.task, context),
    notes: [...hour.notes],
    marks: marksOf(charted, key, hour, context),
  }
}

interface Candidate {
  charted: Charted
  hour: PatternHour
  isMarked: boolean
}

/** What clashes, then what comes seldom: those are looked for. */
const isBefore = (a: Candidate, b: Candidate): boolean => {
  if (a.isMarked !== b.isMarked) return a.isMarked
  if (a.hour.count !== b.hour.count) return a.hour.count < b.hour.count
  return a.hour.first < b.hour.first
}

/** Those that come first, without sorting thousands for a dozen. */
const keepFirst = (kept: Candidate[], one: Candidate, limit: number): void => {
  const last = kept.at(-1)
  if (kept.length >= limit && last && !isBefore(one, last)) return
  let at = kept.length
  for (let before = kept[at - 1]; before && isBefore(one, before); before = kept[at - 1]) at -= 1
  kept.splice(at, 0, one)
  if (kept.length > limit) kept.pop()
}

const isMarked = ({ task, overlaps, lockCrowds, crowds }: Charted, key: number, hour: PatternHour): boolean =>
  task.target.nodeIds.length === 0 ||
  overlaps.has(key) ||
  lockCrowds.some((one) => worstMinute(one, hour) !== null) ||
  worstMinute(crowds, hour) !== null

/** So many tasks of an hour are a step. */
const AT_ONCE = 500

/** One hour of the calendar; null when nothing of these tasks is due in it. */
export function* hourOf(
  tasks: readonly Charted[],
  { key, hour: clockHour }: { key: number; hour: number },
  context: EntryContext,
): Generator<void, CalendarHour | null> {
  const sum = { tasks: 0, runs: 0, marked: 0 }
  const kept: Candidate[] = []
  for (const [i, charted] of tasks.entries()) {
    if (i % AT_ONCE === 0) yield
    const hour = charted.pattern.hours.get(key)
    if (!hour) continue
    const one = { charted, hour, isMarked: isMarked(charted, key, hour) }
    const { kind, nodeIds } = charted.task.target
    sum.tasks += 1
    sum.runs += hour.count * (kind === 'all' && context.nodeId === undefined ? nodeIds.length : 1)
    sum.marked += one.isMarked ? 1 : 0
    keepFirst(kept, one, context.limit)
  }
  if (sum.tasks === 0) return null
  const entries = kept.map(({ charted, hour }) => entryOf(charted, key, hour, context))
  entries.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.taskName < b.taskName ? -1 : 1))
  return { hour: clockHour, ...sum, entries }
}
