import { defineEntity } from '@mikro-orm/core'
import type { RunState, Trigger } from '../../../shared/domain/run.ts'
import { bytes, json, key, longText, name, time, whole, word } from './columns.ts'

/**
 * Task_History: the run table and the only queue. No foreign key: history outlives its task, hence the
 * task's name is kept here too. `sortTime` is the start time, else the scheduled one: the order of lists,
 * in a column of its own so that an index can serve it on every dialect.
 */
export const RunEntity = defineEntity({
  name: 'Run',
  tableName: 'Task_History',
  properties: {
    historyId: key('HistoryID').primary(),
    taskId: key('TaskID'),
    taskName: name('TaskName', 200),
    appName: name('AppName', 100),
    scheduleId: key('ScheduleID').nullable(),
    nodeId: key('NodeID').nullable(),
    targetNodeId: key('TargetNodeID').nullable(),
    scheduledFor: time('ScheduledFor'),
    notBefore: time('NotBefore'),
    startTime: time('StartTime').nullable(),
    endTime: time('EndTime').nullable(),
    sortTime: time('SortTime'),
    duration: whole('Duration').nullable(),
    state: word<RunState>('State'),
    exitCode: whole('ExitCode').nullable(),
    priority: whole('Priority'),
    attempt: whole('Attempt'),
    triggeredBy: word<Trigger>('TriggeredBy'),
    requestedBy: name('RequestedBy', 200).nullable(),
    error: longText('Error').nullable(),
    parameters: json<Record<string, unknown>>('Parameters').nullable(),
    taskVersion: whole('TaskVersion').nullable(),
    scriptHash: name('ScriptHash', 64).nullable(),
    skippedCount: whole('SkippedCount').nullable(),
    outputBytes: whole('OutputBytes').nullable(),
    incarnation: key('Incarnation').nullable(),
    leaseUntil: time('LeaseUntil').nullable(),
    stopRequestedAt: time('StopRequestedAt').nullable(),
    stopRequestedBy: name('StopRequestedBy', 200).nullable(),
    updatedAt: time('UpdatedAt'),
    /** gzip; last, so that lists never read past it. */
    output: bytes('Output').nullable(),
  },
  indexes: [
    { name: 'idx_history_task', properties: ['taskId', 'sortTime', 'historyId'] },
    { name: 'idx_history_task_state', properties: ['taskId', 'state'] },
    { name: 'idx_history_sort', properties: ['sortTime', 'historyId'] },
    { name: 'idx_history_node', properties: ['nodeId', 'sortTime', 'historyId'] },
    { name: 'idx_history_state', properties: ['state', 'sortTime', 'historyId'] },
    { name: 'idx_history_updated', properties: ['updatedAt'] },
  ],
})
