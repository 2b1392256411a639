-- 0001_initial
create table "Tasks" (
  "TaskID" text not null,
  "TaskName" text not null,
  "AppName" text default '' not null,
  "Description" text,
  "ScriptPath" text not null,
  "ScriptType" text,
  "ScriptHash" text,
  "Schedule" text,
  "TimeZone" text not null,
  "Enabled" integer not null,
  "AssignedNodeID" text,
  "AssignedNodeGroup" text,
  "AssignedNodeRole" text,
  "RunOn" text,
  "Priority" integer not null,
  "Timeout" integer,
  "MaxRetries" integer not null,
  "RetryDelay" integer not null,
  "RetryBackoff" text not null,
  "OverlapPolicy" text not null,
  "MisfirePolicy" text not null,
  "MisfireWindow" integer not null,
  "OnLeaseLost" text not null,
  "Limits" text,
  "Tags" text not null,
  "Parameters" text not null,
  "Environment" text not null,
  "CreatedBy" text,
  "CreatedAt" text not null,
  "ModifiedBy" text,
  "ModifiedAt" text,
  "Version" integer not null,
  constraint "pk_tasks" primary key ("TaskID"));
create index "idx_tasks_enabled" on "Tasks" ("Enabled", "TaskName", "AppName", "TaskID");
create index "idx_tasks_node" on "Tasks" ("AssignedNodeID", "TaskName", "AppName", "TaskID");
create index "idx_tasks_group" on "Tasks" ("AssignedNodeGroup", "TaskName", "AppName", "TaskID");
create index "idx_tasks_role" on "Tasks" ("AssignedNodeRole", "TaskName", "AppName", "TaskID");
create unique index "uq_tasks_name" on "Tasks" ("TaskName", "AppName");
create table "Task_Schedule" (
  "ScheduleID" text not null,
  "TaskID" text not null,
  "NodeID" text default '' not null,
  "NextRun" text,
  "LastRun" text,
  "LastState" text,
  "LastHistoryID" text,
  "IsRunning" integer not null,
  "RunningOnNode" text,
  "StartedAt" text,
  "TotalRuns" integer not null,
  "SuccessCount" integer not null,
  "FailureCount" integer not null,
  constraint "pk_task_schedule" primary key ("ScheduleID"));
create index "idx_schedule_nextrun" on "Task_Schedule" ("NextRun");
create index "idx_schedule_running" on "Task_Schedule" ("IsRunning");
create index "idx_schedule_state" on "Task_Schedule" ("LastState", "TaskID");
create unique index "uq_schedule_task_node" on "Task_Schedule" ("TaskID", "NodeID");
create table "Task_History" (
  "HistoryID" text not null,
  "TaskID" text not null,
  "TaskName" text not null,
  "AppName" text not null,
  "ScheduleID" text,
  "NodeID" text,
  "TargetNodeID" text,
  "ScheduledFor" text not null,
  "NotBefore" text not null,
  "StartTime" text,
  "EndTime" text,
  "SortTime" text not null,
  "Duration" integer,
  "State" text not null,
  "ExitCode" integer,
  "Priority" integer not null,
  "Attempt" integer not null,
  "TriggeredBy" text not null,
  "RequestedBy" text,
  "Error" text,
  "Parameters" text,
  "TaskVersion" integer,
  "ScriptHash" text,
  "SkippedCount" integer,
  "OutputBytes" integer,
  "Incarnation" text,
  "LeaseUntil" text,
  "StopRequestedAt" text,
  "StopRequestedBy" text,
  "UpdatedAt" text not null,
  "Output" blob,
  constraint "pk_task_history" primary key ("HistoryID"));
create index "idx_history_task" on "Task_History" ("TaskID", "SortTime", "HistoryID");
create index "idx_history_task_state" on "Task_History" ("TaskID", "State");
create index "idx_history_sort" on "Task_History" ("SortTime", "HistoryID");
create index "idx_history_node" on "Task_History" ("NodeID", "SortTime", "HistoryID");
create index "idx_history_state" on "Task_History" ("State", "SortTime", "HistoryID");
create index "idx_history_updated" on "Task_History" ("UpdatedAt");
create unique index "uq_history_slot" on "Task_History" ("ScheduleID", "ScheduledFor", "Attempt")
where "ScheduleID" is not null;
create index "idx_history_queue" on "Task_History" ("State", "NotBefore") where "State" = 'Queued';
create index "idx_history_running" on "Task_History" ("NodeID", "LeaseUntil")
where "State" = 'Running';
create table "Nodes" (
  "NodeID" text not null,
  "NodeName" text not null,
  "Hostname" text not null,
  "IPAddress" text,
  "Port" integer,
  "NodeGroup" text,
  "NodeRole" text,
  "Tags" text not null,
  "IsActive" integer not null,
  "IsDraining" integer not null,
  "LastHeartbeat" text,
  "Incarnation" text,
  "MaxConcurrentTasks" integer not null,
  "SupportedTaskTypes" text not null,
  "Version" text,
  "Platform" text,
  "RegisteredAt" text not null,
  "RegisteredBy" text,
  constraint "pk_nodes" primary key ("NodeID"));
create index "idx_nodes_active" on "Nodes" ("IsActive");
create index "idx_nodes_group" on "Nodes" ("NodeGroup");
create index "idx_nodes_role" on "Nodes" ("NodeRole");
create unique index "uq_nodes_name" on "Nodes" ("NodeName");
create table "Data_Change" (
  "LocalSeq" integer not null primary key autoincrement,
  "Seq" bigint,
  "ChangeID" text not null,
  "TableName" text not null,
  "RecordID" text not null,
  "Action" text not null,
  "OldData" blob,
  "NewData" blob,
  "ChangedBy" text,
  "ChangedAt" text not null,
  "NodeID" text,
  "ChangeReason" text,
  "TransactionID" text,
  "Origin" text,
  "SchemaVersion" integer not null,
  "Digest" text not null);
create index "idx_change_table" on "Data_Change" ("TableName", "Seq");
create index "idx_change_record" on "Data_Change" ("RecordID", "Seq");
create index "idx_change_actor" on "Data_Change" ("ChangedBy", "Seq");
create index "idx_change_node" on "Data_Change" ("NodeID", "Seq");
create index "idx_change_at" on "Data_Change" ("ChangedAt", "Seq");
create index "idx_change_transaction" on "Data_Change" ("TransactionID");
create index "idx_change_origin" on "Data_Change" ("Origin");
create unique index "uq_change_id" on "Data_Change" ("ChangeID");
create unique index "uq_change_seq" on "Data_Change" ("Seq");
create table "Cluster_Info" (
  "InfoKey" text not null,
  "InfoValue" text not null,
  constraint "pk_cluster_info" primary key ("InfoKey"));
create table "Cluster_Key" (
  "KeyID" text not null,
  "NodeID" text not null,
  "Wrapped" text not null,
  "CreatedAt" text not null,
  "RetiredAt" text,
  constraint "pk_cluster_key" primary key ("KeyID", "NodeID"));
create table "Api_Token" (
  "TokenID" text not null,
  "TokenName" text not null,
  "Role" text not null,
  "TokenHash" text not null,
  "CreatedBy" text,
  "CreatedAt" text not null,
  "ExpiresAt" text,
  "RevokedAt" text,
  "Version" integer not null,
  constraint "pk_api_token" primary key ("TokenID"));
create unique index "uq_token_hash" on "Api_Token" ("TokenHash");

-- 0002_schedule_last_run
create index "idx_schedule_lastrun" on "Task_Schedule" ("LastRun");

-- 0003_several_databases
create table "Sync_Counter" (
  "CounterID" integer not null,
  "Value" bigint not null,
  constraint "pk_sync_counter" primary key ("CounterID"));
create index "idx_change_pending" on "Data_Change" ("LocalSeq") where "Seq" is null;
create index "idx_history_claim" on "Task_History" ("State", "Priority" desc, "ScheduledFor", "HistoryID")
where "State" = 'Queued';

-- 0004_many_nodes
create table "Node_State" (
  "NodeID" text not null,
  "StartedAt" text,
  "Place" text,
  "PublicKey" text,
  "KeyID" text,
  "TokenHash" text,
  "ClockOffset" integer,
  "Addresses" text,
  "MissingScripts" text,
  "Isolation" text,
  "DrainingSince" text,
  "DrainingBy" text,
  "DrainingReason" text,
  "RetiredAt" text,
  "RetiredBy" text,
  "RetiredReason" text,
  constraint "pk_node_state" primary key ("NodeID"));
create index "idx_node_token" on "Node_State" ("TokenHash");
create table "Join_Token" (
  "JoinTokenID" text not null,
  "TokenHash" text not null,
  "CreatedBy" text,
  "CreatedAt" text not null,
  "ExpiresAt" text not null,
  "UsedAt" text,
  "UsedByNodeID" text,
  constraint "pk_join_token" primary key ("JoinTokenID"));
create unique index "uq_join_token_hash" on "Join_Token" ("TokenHash");
create table "Task_Lock" (
  "LockID" text not null,
  "LockName" text not null,
  "MaxConcurrent" integer not null,
  "Description" text,
  "Version" integer not null,
  constraint "pk_task_lock" primary key ("LockID"));
create unique index "uq_lock_name" on "Task_Lock" ("LockName");
create table "Run_Lock" (
  "LockName" text not null,
  "HistoryID" text not null,
  constraint "pk_run_lock" primary key ("LockName", "HistoryID"));
create table "Output_Follower" (
  "HistoryID" text not null,
  "FollowUntil" text not null,
  constraint "pk_output_follower" primary key ("HistoryID"));
create table "Task_Output" (
  "HistoryID" text not null,
  "Position" bigint not null,
  "Chunk" blob not null,
  "CreatedAt" text not null,
  constraint "pk_task_output" primary key ("HistoryID", "Position"));
create index "idx_output_created" on "Task_Output" ("CreatedAt");
create table "Cluster_Hold" (
  "HoldID" text not null,
  "HeldAt" text not null,
  "HeldBy" text,
  "Reason" text,
  "ReleasedAt" text,
  "ReleasedBy" text,
  constraint "pk_cluster_hold" primary key ("HoldID"));

-- 0005_table_sync
create table "Sync_Cursor" (
  "NodeID" text not null,
  "Seq" bigint not null,
  "ChangeID" text,
  "SchemaVersion" integer not null,
  "DatabaseID" text not null,
  "Waiting" integer not null,
  "LastError" text,
  "BootstrappedAt" text,
  "BootstrapReason" text,
  "UpdatedAt" text not null,
  "AskedFor" text,
  constraint "pk_sync_cursor" primary key ("NodeID"));
create table "Sync_Pending" (
  "PendingSeq" integer not null primary key autoincrement,
  "ChangeID" text not null,
  "TableName" text not null,
  "RecordID" text not null,
  "Action" text not null,
  "OldData" blob,
  "NewData" blob,
  "ChangedBy" text,
  "ChangedAt" text not null,
  "NodeID" text,
  "ChangeReason" text,
  "TransactionID" text,
  "Hlc" text not null,
  "SchemaVersion" integer not null,
  "Problem" text);
create unique index "uq_pending_change" on "Sync_Pending" ("ChangeID");
create index "idx_pending_record" on "Sync_Pending" ("RecordID", "PendingSeq");
create table "Sync_Run" (
  "HistoryID" text not null,
  "CreatedAt" text not null,
  constraint "pk_sync_run" primary key ("HistoryID"));
create table "Sync_Applied" (
  "ChangeID" text not null,
  "NodeID" text not null,
  "TransactionID" text,
  "Hlc" text not null,
  "Outcome" text not null,
  "AppliedAt" text not null,
  constraint "pk_sync_applied" primary key ("ChangeID"));
create index "idx_applied_at" on "Sync_Applied" ("AppliedAt");
create index "idx_applied_transaction" on "Sync_Applied" ("TransactionID");
create table "Sync_Conflict" (
  "ConflictID" text not null,
  "TableName" text not null,
  "RecordID" text not null,
  "RecordName" text,
  "Kind" text not null,
  "ChangeID" text not null,
  "NodeID" text not null,
  "ChangedBy" text,
  "ChangedAt" text not null,
  "TheirsBy" text,
  "TheirsAt" text,
  "Policy" text not null,
  "Fields" text not null,
  "DetectedAt" text not null,
  "ResolvedAt" text,
  "ResolvedBy" text,
  "Resolution" text,
  "Version" integer not null,
  constraint "pk_sync_conflict" primary key ("ConflictID"));
create index "idx_conflict_detected" on "Sync_Conflict" ("DetectedAt", "ConflictID");
create index "idx_conflict_record" on "Sync_Conflict" ("RecordID", "DetectedAt");
create index "idx_conflict_open" on "Sync_Conflict" ("ResolvedAt", "DetectedAt");
create table "Change_Seal" (
  "ToSeq" bigint not null,
  "FromSeq" bigint not null,
  "ChangeCount" integer not null,
  "Digest" text not null,
  "PreviousDigest" text,
  "SealedAt" text not null,
  "SealedBy" text,
  "PurgedAt" text,
  constraint "pk_change_seal" primary key ("ToSeq"));

-- 0006-failures
create table "Task_Failure" (
  "FailureID" text not null,
  "TaskID" text not null,
  "TaskName" text not null,
  "AppName" text,
  "NodeID" text,
  "FirstAt" text not null,
  "FirstHistoryID" text not null,
  "FailingSince" text not null,
  "LastAt" text not null,
  "LastHistoryID" text not null,
  "LastScheduledFor" text not null,
  "LastState" text not null,
  "LastError" text,
  "FailureCount" integer not null,
  "RecoveredAt" text,
  "RecoveredHistoryID" text,
  "AcknowledgedAt" text,
  "AcknowledgedBy" text,
  "Note" text,
  "UpdatedAt" text not null,
  "Version" integer not null,
  constraint "pk_task_failure" primary key ("FailureID"));
create index "idx_failure_task" on "Task_Failure" ("TaskID", "RecoveredAt");
create index "idx_failure_last" on "Task_Failure" ("LastAt", "FailureID");
create index "idx_failure_failing" on "Task_Failure" ("RecoveredAt", "LastAt", "FailureID");
create index "idx_failure_open" on "Task_Failure" ("AcknowledgedAt", "LastAt");
create index "idx_failure_updated" on "Task_Failure" ("UpdatedAt");
create table "Webhook" (
  "WebhookID" text not null,
  "WebhookName" text not null,
  "Origin" text not null,
  "Url" text not null,
  "Secret" text not null,
  "Enabled" integer not null,
  "DisabledReason" text,
  "OnFailure" integer not null,
  "OnRecovery" integer not null,
  "Repeats" integer not null,
  "Apps" text not null,
  "Tags" text not null,
  "Failures" integer not null,
  "PausedUntil" text,
  "CreatedAt" text not null,
  "CreatedBy" text,
  "ModifiedAt" text,
  "ModifiedBy" text,
  "Version" integer not null,
  constraint "pk_webhook" primary key ("WebhookID"));
create unique index "uq_webhook_name" on "Webhook" ("WebhookName");
create table "Webhook_Call" (
  "CallID" text not null,
  "WebhookID" text not null,
  "Event" text not null,
  "TaskID" text,
  "HistoryID" text,
  "Body" text not null,
  "State" text not null,
  "CreatedAt" text not null,
  "NotBefore" text not null,
  "Attempts" integer not null,
  "FirstTriedAt" text,
  "TakenUntil" text,
  "StatusCode" integer,
  "LastError" text,
  "EndedAt" text,
  constraint "pk_webhook_call" primary key ("CallID"));
create index "idx_call_age" on "Webhook_Call" ("State", "CreatedAt");
create index "idx_call_waiting" on "Webhook_Call" ("WebhookID", "State", "NotBefore", "CreatedAt", "CallID");
create index "idx_call_task" on "Webhook_Call" ("WebhookID", "TaskID", "State", "CreatedAt");
create index "idx_call_webhook" on "Webhook_Call" ("WebhookID", "CreatedAt");
create index "idx_call_ended" on "Webhook_Call" ("EndedAt");
