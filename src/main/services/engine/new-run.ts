import type { NewRunRow } from '../../data/repos/runs.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { newId } from '../../platform/ids.ts'

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
