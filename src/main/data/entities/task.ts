import { defineEntity } from '@mikro-orm/core'
import type { Limits, ScriptType } from '../../../shared/domain/task.ts'
import type { ScheduleSpec } from '../../../shared/domain/schedule.ts'
import { flag, json, key, longText, name, schedule, time, whole, word } from './columns.ts'

export const TaskEntity = defineEntity({
  name: 'Task',
  tableName: 'Tasks',
  properties: {
    taskId: key('TaskID').primary(),
    taskName: name('TaskName', 200),
    /** Never NULL: a NULL would let two tasks share a name (replication.md §0). */
    appName: name('AppName', 100).default(''),
    description: longText('Description').nullable(),
    scriptPath: longText('ScriptPath'),
    scriptType: word<ScriptType>('ScriptType').nullable(),
    scriptHash: name('ScriptHash', 64).nullable(),
    schedule: schedule<ScheduleSpec>('Schedule').nullable(),
    timeZone: name('TimeZone', 64),
    enabled: flag('Enabled'),
    assignedNodeId: key('AssignedNodeID').nullable(),
    assignedNodeGroup: name('AssignedNodeGroup', 100).nullable(),
    assignedNodeRole: name('AssignedNodeRole', 100).nullable(),
    runOn: word<'One' | 'All'>('RunOn').nullable(),
    priority: whole('Priority'),
    timeout: whole('Timeout').nullable(),
    maxRetries: whole('MaxRetries'),
    retryDelay: whole('RetryDelay'),
    retryBackoff: json<number>('RetryBackoff'),
    overlapPolicy: word<'Skip' | 'Queue' | 'Parallel'>('OverlapPolicy'),
    misfirePolicy: word<'Skip' | 'Last' | 'All'>('MisfirePolicy'),
    misfireWindow: whole('MisfireWindow'),
    onLeaseLost: word<'Finish' | 'Kill'>('OnLeaseLost'),
    limits: json<Limits>('Limits').nullable(),
    tags: json<string[]>('Tags'),
    parameters: json<Record<string, unknown>>('Parameters'),
    environment: json<Record<string, unknown>>('Environment'),
    createdBy: name('CreatedBy', 200).nullable(),
    createdAt: time('CreatedAt'),
    modifiedBy: name('ModifiedBy', 200).nullable(),
    modifiedAt: time('ModifiedAt').nullable(),
    /** Edit counter kept by the service, not by the ORM (SQL Server triggers forbid its OUTPUT). */
    version: whole('Version'),
  },
  uniques: [{ name: 'uq_tasks_name', properties: ['taskName', 'appName'] }],
  // Each filter in the order of the list: a page is read, not sorted out of all tasks.
  indexes: [
    { name: 'idx_tasks_enabled', properties: ['enabled', 'taskName', 'appName', 'taskId'] },
    { name: 'idx_tasks_node', properties: ['assignedNodeId', 'taskName', 'appName', 'taskId'] },
    { name: 'idx_tasks_group', properties: ['assignedNodeGroup', 'taskName', 'appName', 'taskId'] },
    { name: 'idx_tasks_role', properties: ['assignedNodeRole', 'taskName', 'appName', 'taskId'] },
  ],
})
