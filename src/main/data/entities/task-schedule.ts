import { defineEntity } from '@mikro-orm/core'
import type { RunState } from '../../../shared/domain/run.ts'
import { flag, key, time, whole, word } from './columns.ts'

/**
 * One row per task (NodeID '') or per task and node (RunOn All). `isRunning`, `runningOnNode` and
 * `startedAt` are for display; claims never test them. Rows go with their task by an explicit delete in
 * the same transaction: cascades of MySQL and MariaDB fire no triggers (replication.md §1).
 */
export const TaskScheduleEntity = defineEntity({
  name: 'TaskSchedule',
  tableName: 'Task_Schedule',
  properties: {
    scheduleId: key('ScheduleID').primary(),
    taskId: key('TaskID'),
    nodeId: key('NodeID').default(''),
    nextRun: time('NextRun').nullable(),
    lastRun: time('LastRun').nullable(),
    lastState: word<RunState>('LastState').nullable(),
    lastHistoryId: key('LastHistoryID').nullable(),
    isRunning: flag('IsRunning'),
    runningOnNode: key('RunningOnNode').nullable(),
    startedAt: time('StartedAt').nullable(),
    totalRuns: whole('TotalRuns'),
    successCount: whole('SuccessCount'),
    failureCount: whole('FailureCount'),
  },
  uniques: [{ name: 'uq_schedule_task_node', properties: ['taskId', 'nodeId'] }],
  indexes: [
    { name: 'idx_schedule_nextrun', properties: ['nextRun'] },
    { name: 'idx_schedule_lastrun', properties: ['lastRun'] },
    { name: 'idx_schedule_running', properties: ['isRunning'] },
    { name: 'idx_schedule_state', properties: ['lastState', 'taskId'] },
  ],
})
