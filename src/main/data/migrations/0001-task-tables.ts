import { optional, required, type SchemaWriter } from './schema-step.ts'

/** The tables of tasks and their runs as 0001 made them. */

const tasksColumns = {
  TaskID: required('key'),
  TaskName: required('name200'),
  AppName: required('name100', ''),
  Description: optional('longText'),
  ScriptPath: required('longText'),
  ScriptType: optional('word'),
  ScriptHash: optional('name64'),
  Schedule: optional('json'),
  TimeZone: required('name64'),
  Enabled: required('flag'),
  AssignedNodeID: optional('key'),
  AssignedNodeGroup: optional('name100'),
  AssignedNodeRole: optional('name100'),
  RunOn: optional('word'),
  Priority: required('whole'),
  Timeout: optional('whole'),
  MaxRetries: required('whole'),
  RetryDelay: required('whole'),
  RetryBackoff: required('json'),
  OverlapPolicy: required('word'),
  MisfirePolicy: required('word'),
  MisfireWindow: required('whole'),
  OnLeaseLost: required('word'),
  Limits: optional('json'),
  Tags: required('json'),
  Parameters: required('json'),
  Environment: required('json'),
  CreatedBy: optional('name200'),
  CreatedAt: required('time'),
  ModifiedBy: optional('name200'),
  ModifiedAt: optional('time'),
  Version: required('whole'),
}

/** The order of the list: an index on a filter ends with it, so that a page is read and not sorted. */
const BY_NAME = ['TaskName', 'AppName', 'TaskID']

export const tasks = (schema: SchemaWriter): void => {
  schema.table('Tasks', tasksColumns, ['TaskID'])
  schema.index('Tasks', { name: 'idx_tasks_enabled', columns: ['Enabled', ...BY_NAME] })
  schema.index('Tasks', { name: 'idx_tasks_node', columns: ['AssignedNodeID', ...BY_NAME] })
  schema.index('Tasks', { name: 'idx_tasks_group', columns: ['AssignedNodeGroup', ...BY_NAME] })
  schema.index('Tasks', { name: 'idx_tasks_role', columns: ['AssignedNodeRole', ...BY_NAME] })
  schema.index('Tasks', { name: 'uq_tasks_name', columns: ['TaskName', 'AppName'], unique: true })
}

const taskScheduleColumns = {
  ScheduleID: required('key'),
  TaskID: required('key'),
  NodeID: required('key', ''),
  NextRun: optional('time'),
  LastRun: optional('time'),
  LastState: optional('word'),
  LastHistoryID: optional('key'),
  IsRunning: required('flag'),
  RunningOnNode: optional('key'),
  StartedAt: optional('time'),
  TotalRuns: required('whole'),
  SuccessCount: required('whole'),
  FailureCount: required('whole'),
}

export const taskSchedule = (schema: SchemaWriter): void => {
  schema.table('Task_Schedule', taskScheduleColumns, ['ScheduleID'])
  schema.index('Task_Schedule', { name: 'idx_schedule_nextrun', columns: ['NextRun'] })
  schema.index('Task_Schedule', { name: 'idx_schedule_running', columns: ['IsRunning'] })
  schema.index('Task_Schedule', { name: 'idx_schedule_state', columns: ['LastState', 'TaskID'] })
  schema.index('Task_Schedule', {
    name: 'uq_schedule_task_node',
    columns: ['TaskID', 'NodeID'],
    unique: true,
  })
}

const taskHistoryColumns = {
  HistoryID: required('key'),
  TaskID: required('key'),
  TaskName: required('name200'),
  AppName: required('name100'),
  ScheduleID: optional('key'),
  NodeID: optional('key'),
  TargetNodeID: optional('key'),
  ScheduledFor: required('time'),
  NotBefore: required('time'),
  StartTime: optional('time'),
  EndTime: optional('time'),
  SortTime: required('time'),
  Duration: optional('whole'),
  State: required('word'),
  ExitCode: optional('whole'),
  Priority: required('whole'),
  Attempt: required('whole'),
  TriggeredBy: required('word'),
  RequestedBy: optional('name200'),
  Error: optional('longText'),
  Parameters: optional('json'),
  TaskVersion: optional('whole'),
  ScriptHash: optional('name64'),
  SkippedCount: optional('whole'),
  OutputBytes: optional('whole'),
  Incarnation: optional('key'),
  LeaseUntil: optional('time'),
  StopRequestedAt: optional('time'),
  StopRequestedBy: optional('name200'),
  UpdatedAt: required('time'),
  Output: optional('bytes'),
}

export const taskHistory = (schema: SchemaWriter): void => {
  schema.table('Task_History', taskHistoryColumns, ['HistoryID'])
  schema.index('Task_History', { name: 'idx_history_task', columns: ['TaskID', 'SortTime', 'HistoryID'] })
  // Each slot asks what of its task has not ended: not to be read out of the task's whole history.
  schema.index('Task_History', { name: 'idx_history_task_state', columns: ['TaskID', 'State'] })
  schema.index('Task_History', { name: 'idx_history_sort', columns: ['SortTime', 'HistoryID'] })
  schema.index('Task_History', { name: 'idx_history_node', columns: ['NodeID', 'SortTime', 'HistoryID'] })
  schema.index('Task_History', { name: 'idx_history_state', columns: ['State', 'SortTime', 'HistoryID'] })
  schema.index('Task_History', { name: 'idx_history_updated', columns: ['UpdatedAt'] })
  // A slot is run once per attempt, whoever creates it (replication.md §6).
  schema.index('Task_History', {
    name: 'uq_history_slot',
    columns: ['ScheduleID', 'ScheduledFor', 'Attempt'],
    unique: true,
    where: '"ScheduleID" is not null',
  })
  schema.index('Task_History', {
    name: 'idx_history_queue',
    columns: ['State', 'NotBefore'],
    where: `"State" = 'Queued'`,
  })
  schema.index('Task_History', {
    name: 'idx_history_running',
    columns: ['NodeID', 'LeaseUntil'],
    where: `"State" = 'Running'`,
  })
}
