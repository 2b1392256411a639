import { effectiveRunOn, targetRefusal } from '../../../shared/domain/assignment.ts'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import {
  countSlotsBetween,
  parseSchedule,
  slotsBetween,
  systemTimeZone,
  type Schedule,
} from '../../../shared/domain/schedule.ts'
import { NODE_ZONE, type Task } from '../../../shared/domain/task.ts'
import { UPCOMING_BUCKET_MS } from '../../../shared/domain/upcoming.ts'
import { SHARED, type Plan } from './lanes.ts'

/** Slots by half hours for each node. Its code brings cron along: it comes when a cluster has several nodes. */

type PlannedTask = Pick<
  Task,
  | 'schedule'
  | 'timeZone'
  | 'assignedNodeId'
  | 'assignedNodeGroup'
  | 'assignedNodeRole'
  | 'runOn'
  | 'scriptType'
>

/** Slots of one schedule that are looked at one by one; one that fires more often is counted. */
const FEW = 100
/** So many tasks are some milliseconds: then the window has its turn. */
const SLICE = 20

/** The lanes a task's slots stand in: each node of All, the only one of One, else the shared one. */
export const lanesOf = (task: PlannedTask, nodes: readonly ClusterNode[]): string[] => {
  const meant = nodes
    .filter((node) => node.isActive && node.maxConcurrentTasks > 0 && targetRefusal(task, node) === null)
    .filter((node) => task.scriptType === null || node.supportedTaskTypes.includes(task.scriptType))
    .map(({ nodeId }) => nodeId)
  return effectiveRunOn(task) === 'All' || meant.length < 2 ? meant : [SHARED]
}

const scheduleOf = ({ schedule, timeZone }: PlannedTask): Schedule | null => {
  if (schedule === null) return null
  const zone = timeZone === NODE_ZONE ? systemTimeZone() : timeZone
  try {
    return parseSchedule(schedule, zone)
  } catch {
    return null // a schedule or a zone that this window does not know is not drawn
  }
}

const bucketOf = (at: number): number => Math.floor(at / UPCOMING_BUCKET_MS) * UPCOMING_BUCKET_MS

/** How many slots each half hour of (from, until] has. */
const slotsByBucket = (schedule: Schedule, from: number, until: number): Map<number, number> => {
  const found = new Map<number, number>()
  const slots = slotsBetween(schedule, from, until, FEW)
  if (slots.length < FEW) {
    for (const { at } of slots) found.set(bucketOf(at), (found.get(bucketOf(at)) ?? 0) + 1)
    return found
  }
  for (let at = bucketOf(from); at <= until; at += UPCOMING_BUCKET_MS) {
    const last = Math.min(at + UPCOMING_BUCKET_MS - 1, until)
    const { count } = countSlotsBetween(schedule, Math.max(at - 1, from), last)
    if (count > 0) found.set(at, count)
  }
  return found
}

/** What falls due between two times (ms), by node; `SHARED` for what any of several may take. */
export const planOf = async (
  tasks: readonly PlannedTask[],
  nodes: readonly ClusterNode[],
  from: number,
  until: number,
): Promise<ReadonlyMap<string, Plan>> => {
  const plans = new Map<string, Map<number, number>>()
  for (const [i, task] of tasks.entries()) {
    const schedule = scheduleOf(task)
    const lanes = schedule ? lanesOf(task, nodes) : []
    const slots = schedule && lanes.length > 0 ? slotsByBucket(schedule, from, until) : []
    for (const lane of lanes) {
      const plan = plans.get(lane) ?? new Map<number, number>()
      for (const [at, count] of slots) plan.set(at, (plan.get(at) ?? 0) + count)
      plans.set(lane, plan)
    }
    if (i % SLICE === SLICE - 1) await new Promise((resolve) => setTimeout(resolve))
  }
  return plans
}
