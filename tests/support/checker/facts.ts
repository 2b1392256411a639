import type { RunState } from '../../../src/shared/domain/run.ts'
import type { Task } from '../../../src/shared/domain/task.ts'

/** What the checker is told: what should have happened, what the history says, what the scripts themselves wrote. */

export interface CheckedTask extends Pick<
  Task,
  'taskId' | 'taskName' | 'overlapPolicy' | 'misfirePolicy' | 'maxRetries' | 'onLeaseLost'
> {
  /** Runs of the task at once in the whole cluster; null: as the overlap policy says. */
  maxConcurrent: number | null
  /** Lock groups, of which each lets one run be at once. */
  locks: readonly string[]
  rows: CheckedRow[]
}

/** A schedule row and every slot it had. */
export interface CheckedRow {
  scheduleId: string
  slots: readonly string[]
}

/** A row of Task_History. */
export interface CheckedRun {
  historyId: string
  taskId: string
  scheduleId: string | null
  scheduledFor: string
  attempt: number
  state: RunState
  nodeId: string | null
  targetNodeId: string | null
  startTime: string | null
  endTime: string | null
  leaseUntil: string | null
  stopRequestedAt: string | null
  skippedCount: number | null
  error: string | null
}

/** One start of a script, as it wrote itself; milliseconds since the epoch. */
export interface Span {
  historyId: string
  node: string
  pid: number
  startedAt: number
  /** Null: it was killed, or its machine ended. */
  endedAt: number | null
  exitCode: number | null
  /** The last sign of life. */
  seenAt: number
}

/**
 * What was done to a node: `cut` off from the database, `node suspended` (the node's process alone, its scripts go
 * on), `machine suspended` (all of them stand still), and what ends scripts at once.
 */
export type FaultKind =
  | 'kill -9'
  | 'power loss'
  | 'cut'
  | 'half-open'
  | 'node suspended'
  | 'machine suspended'
  | 'supervisor killed'
  | 'supervisor suspended'
  | 'clock moved'
  | 'graceful stop'
  | 'database restart'
  | 'drain'
  | 'emergency stop'

export interface Fault {
  kind: FaultKind
  /** The node's name; null: all of them. */
  node: string | null
  from: number
  to: number
}

export interface Facts {
  tasks: readonly CheckedTask[]
  runs: readonly CheckedRun[]
  spans: readonly Span[]
  faults: readonly Fault[]
  /** How long a lease is, at the longest. */
  leaseMs: number
}

/** What the promises except; `kind` names the exception, and is counted. */
export interface Exception {
  kind: string
  text: string
}

/** What is wrong, and what is excepted by name. */
export interface Findings {
  problems: string[]
  exceptions: Exception[]
}

export const FINAL: ReadonlySet<string> = new Set([
  'Success',
  'Failed',
  'Timeout',
  'Stopped',
  'Lost',
  'Skipped',
])

/** The slot of a run; a run that somebody asked for is a slot by itself. */
export const slotOf = ({ scheduleId, taskId, scheduledFor }: CheckedRun): string =>
  `${scheduleId ?? `asked ${taskId}`} ${scheduledFor}`

/** What the checker compares the history with. @param slots of each schedule row, none where left out. */
export const checked = (task: Task, rows: CheckedTask['rows'] = []): CheckedTask => ({
  taskId: task.taskId,
  taskName: task.taskName,
  overlapPolicy: task.overlapPolicy,
  misfirePolicy: task.misfirePolicy,
  maxRetries: task.maxRetries,
  onLeaseLost: task.onLeaseLost,
  maxConcurrent: task.limits?.maxConcurrent ?? null,
  locks: task.limits?.locks ?? [],
  rows,
})
