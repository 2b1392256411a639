import { identity, optional, required, type SchemaStep, type SchemaWriter } from './schema-step.ts'

/**
 * The first schema: the specification's tables with the additions of docs/architecture.md. Written out, not derived:
 * entities move on, a released migration does not. A test compares the two.
 */
export const initial: SchemaStep = {
  name: '0001_initial',
  minProgram: '0.1.0',
  up: (schema) => {
    tasks(schema)
    taskSchedule(schema)
    taskHistory(schema)
    nodes(schema)
    dataChange(schema)
    clusterInfo(schema)
    clusterKey(schema)
    apiToken(schema)
  },
}

const tasks = (schema: SchemaWriter): void => {
  schema.table(
    'Tasks',
    {
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
    },
    ['TaskID'],
  )
  schema.index('Tasks', { name: 'idx_tasks_enabled', columns: ['Enabled'] })
  schema.index('Tasks', { name: 'idx_tasks_node', columns: ['AssignedNodeID'] })
  schema.index('Tasks', { name: 'idx_tasks_group', columns: ['AssignedNodeGroup'] })
  schema.index('Tasks', { name: 'idx_tasks_role', columns: ['AssignedNodeRole'] })
  schema.index('Tasks', { name: 'uq_tasks_name', columns: ['TaskName', 'AppName'], unique: true })
}

const taskSchedule = (schema: SchemaWriter): void => {
  schema.table(
    'Task_Schedule',
    {
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
    },
    ['ScheduleID'],
  )
  schema.index('Task_Schedule', { name: 'idx_schedule_nextrun', columns: ['NextRun'] })
  schema.index('Task_Schedule', { name: 'idx_schedule_running', columns: ['IsRunning'] })
  schema.index('Task_Schedule', {
    name: 'uq_schedule_task_node',
    columns: ['TaskID', 'NodeID'],
    unique: true,
  })
}

const taskHistory = (schema: SchemaWriter): void => {
  schema.table(
    'Task_History',
    {
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
    },
    ['HistoryID'],
  )
  schema.index('Task_History', { name: 'idx_history_task', columns: ['TaskID', 'SortTime', 'HistoryID'] })
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
    columns: ['NotBefore'],
    where: `"State" = 'Queued'`,
  })
  schema.index('Task_History', {
    name: 'idx_history_running',
    columns: ['NodeID', 'LeaseUntil'],
    where: `"State" = 'Running'`,
  })
}

const nodes = (schema: SchemaWriter): void => {
  schema.table(
    'Nodes',
    {
      NodeID: required('key'),
      NodeName: required('name100'),
      Hostname: required('name255'),
      IPAddress: optional('name64'),
      Port: optional('whole'),
      NodeGroup: optional('name100'),
      NodeRole: optional('name100'),
      Tags: required('json'),
      IsActive: required('flag'),
      IsDraining: required('flag'),
      LastHeartbeat: optional('time'),
      Incarnation: optional('key'),
      MaxConcurrentTasks: required('whole'),
      SupportedTaskTypes: required('json'),
      Version: optional('name50'),
      Platform: optional('name50'),
      RegisteredAt: required('time'),
      RegisteredBy: optional('name200'),
    },
    ['NodeID'],
  )
  schema.index('Nodes', { name: 'idx_nodes_active', columns: ['IsActive'] })
  schema.index('Nodes', { name: 'idx_nodes_group', columns: ['NodeGroup'] })
  schema.index('Nodes', { name: 'idx_nodes_role', columns: ['NodeRole'] })
  schema.index('Nodes', { name: 'uq_nodes_name', columns: ['NodeName'], unique: true })
}

const dataChange = (schema: SchemaWriter): void => {
  schema.table(
    'Data_Change',
    {
      LocalSeq: identity(),
      Seq: optional('bigint'),
      ChangeID: required('key'),
      TableName: required('name64'),
      RecordID: required('name100'),
      Action: required('word'),
      OldData: optional('bytes'),
      NewData: optional('bytes'),
      ChangedBy: optional('name200'),
      ChangedAt: required('time'),
      NodeID: optional('key'),
      ChangeReason: optional('longText'),
      TransactionID: optional('key'),
      Origin: optional('name100'),
      SchemaVersion: required('whole'),
      Digest: required('name64'),
    },
    ['LocalSeq'],
  )
  schema.index('Data_Change', { name: 'idx_change_table', columns: ['TableName', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_record', columns: ['RecordID', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_actor', columns: ['ChangedBy', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_at', columns: ['ChangedAt'] })
  schema.index('Data_Change', { name: 'idx_change_transaction', columns: ['TransactionID'] })
  schema.index('Data_Change', { name: 'idx_change_origin', columns: ['Origin'] })
  schema.index('Data_Change', { name: 'uq_change_id', columns: ['ChangeID'], unique: true })
  schema.index('Data_Change', { name: 'uq_change_seq', columns: ['Seq'], unique: true })
}

const clusterInfo = (schema: SchemaWriter): void => {
  schema.table(
    'Cluster_Info',
    {
      InfoKey: required('name50'),
      InfoValue: required('longText'),
    },
    ['InfoKey'],
  )
}

const clusterKey = (schema: SchemaWriter): void => {
  schema.table(
    'Cluster_Key',
    {
      KeyID: required('key'),
      NodeID: required('key'),
      Wrapped: required('longText'),
      CreatedAt: required('time'),
      RetiredAt: optional('time'),
    },
    ['KeyID', 'NodeID'],
  )
}

const apiToken = (schema: SchemaWriter): void => {
  schema.table(
    'Api_Token',
    {
      TokenID: required('key'),
      TokenName: required('name200'),
      Role: required('word'),
      TokenHash: required('name64'),
      CreatedBy: optional('name200'),
      CreatedAt: required('time'),
      ExpiresAt: optional('time'),
      RevokedAt: optional('time'),
      Version: required('whole'),
    },
    ['TokenID'],
  )
  schema.index('Api_Token', { name: 'uq_token_hash', columns: ['TokenHash'], unique: true })
}
