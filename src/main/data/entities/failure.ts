import { defineEntity } from '@mikro-orm/core'
import type { FailedState } from '../../../shared/domain/failure.ts'
import { key, longText, name, time, whole, word } from './columns.ts'

/** A task that fails, from its first failed run until somebody has seen it and it succeeds: one row, however often. */
export const TaskFailureEntity = defineEntity({
  name: 'TaskFailure',
  tableName: 'Task_Failure',
  properties: {
    failureId: key('FailureID').primary(),
    taskId: key('TaskID'),
    taskName: longText('TaskName'),
    appName: longText('AppName').nullable(),
    /** Of a task that runs on all nodes: each fails by itself. Null: the task as a whole. */
    nodeId: key('NodeID').nullable(),
    firstAt: time('FirstAt'),
    firstHistoryId: key('FirstHistoryID'),
    failingSince: time('FailingSince'),
    lastAt: time('LastAt'),
    lastHistoryId: key('LastHistoryID'),
    lastScheduledFor: time('LastScheduledFor'),
    lastState: word<FailedState>('LastState'),
    lastError: longText('LastError').nullable(),
    failureCount: whole('FailureCount'),
    recoveredAt: time('RecoveredAt').nullable(),
    recoveredHistoryId: key('RecoveredHistoryID').nullable(),
    acknowledgedAt: time('AcknowledgedAt').nullable(),
    acknowledgedBy: name('AcknowledgedBy', 200).nullable(),
    note: longText('Note').nullable(),
    updatedAt: time('UpdatedAt'),
    version: whole('Version'),
  },
  indexes: [
    { name: 'idx_failure_task', properties: ['taskId', 'recoveredAt'] },
    { name: 'idx_failure_last', properties: ['lastAt', 'failureId'] },
    { name: 'idx_failure_failing', properties: ['recoveredAt', 'lastAt', 'failureId'] },
    { name: 'idx_failure_open', properties: ['acknowledgedAt', 'lastAt'] },
    { name: 'idx_failure_updated', properties: ['updatedAt'] },
  ],
})
