-- 0001_initial
create table "Tasks" (
  "TaskID" varchar(36) collate "C" not null,
  "TaskName" varchar(200) collate "C" not null,
  "AppName" varchar(100) collate "C" default '' not null,
  "Description" text collate "C",
  "ScriptPath" text collate "C" not null,
  "ScriptType" varchar(20) collate "C",
  "ScriptHash" varchar(64) collate "C",
  "Schedule" text collate "C",
  "TimeZone" varchar(64) collate "C" not null,
  "Enabled" integer not null,
  "AssignedNodeID" varchar(36) collate "C",
  "AssignedNodeGroup" varchar(100) collate "C",
  "AssignedNodeRole" varchar(100) collate "C",
  "RunOn" varchar(20) collate "C",
  "Priority" integer not null,
  "Timeout" integer,
  "MaxRetries" integer not null,
  "RetryDelay" integer not null,
  "RetryBackoff" text collate "C" not null,
  "OverlapPolicy" varchar(20) collate "C" not null,
  "MisfirePolicy" varchar(20) collate "C" not null,
  "MisfireWindow" integer not null,
  "OnLeaseLost" varchar(20) collate "C" not null,
  "Limits" text collate "C",
  "Tags" text collate "C" not null,
  "Parameters" text collate "C" not null,
  "Environment" text collate "C" not null,
  "CreatedBy" varchar(200) collate "C",
  "CreatedAt" varchar(24) collate "C" not null,
  "ModifiedBy" varchar(200) collate "C",
  "ModifiedAt" varchar(24) collate "C",
  "Version" integer not null,
  constraint "pk_tasks" primary key ("TaskID"));
create index "idx_tasks_enabled" on "Tasks" ("Enabled", "TaskName", "AppName", "TaskID");
create index "idx_tasks_node" on "Tasks" ("AssignedNodeID", "TaskName", "AppName", "TaskID");
create index "idx_tasks_group" on "Tasks" ("AssignedNodeGroup", "TaskName", "AppName", "TaskID");
create index "idx_tasks_role" on "Tasks" ("AssignedNodeRole", "TaskName", "AppName", "TaskID");
create unique index "uq_tasks_name" on "Tasks" ("TaskName", "AppName");
create table "Task_Schedule" (
  "ScheduleID" varchar(36) collate "C" not null,
  "TaskID" varchar(36) collate "C" not null,
  "NodeID" varchar(36) collate "C" default '' not null,
  "NextRun" varchar(24) collate "C",
  "LastRun" varchar(24) collate "C",
  "LastState" varchar(20) collate "C",
  "LastHistoryID" varchar(36) collate "C",
  "IsRunning" integer not null,
  "RunningOnNode" varchar(36) collate "C",
  "StartedAt" varchar(24) collate "C",
  "TotalRuns" integer not null,
  "SuccessCount" integer not null,
  "FailureCount" integer not null,
  constraint "pk_task_schedule" primary key ("ScheduleID"));
create index "idx_schedule_nextrun" on "Task_Schedule" ("NextRun");
create index "idx_schedule_running" on "Task_Schedule" ("IsRunning");
create index "idx_schedule_state" on "Task_Schedule" ("LastState", "TaskID");
create unique index "uq_schedule_task_node" on "Task_Schedule" ("TaskID", "NodeID");
create table "Task_History" (
  "HistoryID" varchar(36) collate "C" not null,
  "TaskID" varchar(36) collate "C" not null,
  "TaskName" varchar(200) collate "C" not null,
  "AppName" varchar(100) collate "C" not null,
  "ScheduleID" varchar(36) collate "C",
  "NodeID" varchar(36) collate "C",
  "TargetNodeID" varchar(36) collate "C",
  "ScheduledFor" varchar(24) collate "C" not null,
  "NotBefore" varchar(24) collate "C" not null,
  "StartTime" varchar(24) collate "C",
  "EndTime" varchar(24) collate "C",
  "SortTime" varchar(24) collate "C" not null,
  "Duration" integer,
  "State" varchar(20) collate "C" not null,
  "ExitCode" integer,
  "Priority" integer not null,
  "Attempt" integer not null,
  "TriggeredBy" varchar(20) collate "C" not null,
  "RequestedBy" varchar(200) collate "C",
  "Error" text collate "C",
  "Parameters" text collate "C",
  "TaskVersion" integer,
  "ScriptHash" varchar(64) collate "C",
  "SkippedCount" integer,
  "OutputBytes" integer,
  "Incarnation" varchar(36) collate "C",
  "LeaseUntil" varchar(24) collate "C",
  "StopRequestedAt" varchar(24) collate "C",
  "StopRequestedBy" varchar(200) collate "C",
  "UpdatedAt" varchar(24) collate "C" not null,
  "Output" bytea,
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
  "NodeID" varchar(36) collate "C" not null,
  "NodeName" varchar(100) collate "C" not null,
  "Hostname" varchar(255) collate "C" not null,
  "IPAddress" varchar(64) collate "C",
  "Port" integer,
  "NodeGroup" varchar(100) collate "C",
  "NodeRole" varchar(100) collate "C",
  "Tags" text collate "C" not null,
  "IsActive" integer not null,
  "IsDraining" integer not null,
  "LastHeartbeat" varchar(24) collate "C",
  "Incarnation" varchar(36) collate "C",
  "MaxConcurrentTasks" integer not null,
  "SupportedTaskTypes" text collate "C" not null,
  "Version" varchar(50) collate "C",
  "Platform" varchar(50) collate "C",
  "RegisteredAt" varchar(24) collate "C" not null,
  "RegisteredBy" varchar(200) collate "C",
  constraint "pk_nodes" primary key ("NodeID"));
create index "idx_nodes_active" on "Nodes" ("IsActive");
create index "idx_nodes_group" on "Nodes" ("NodeGroup");
create index "idx_nodes_role" on "Nodes" ("NodeRole");
create unique index "uq_nodes_name" on "Nodes" ("NodeName");
create table "Data_Change" (
  "LocalSeq" bigint generated by default as identity primary key,
  "Seq" bigint,
  "ChangeID" varchar(36) collate "C" not null,
  "TableName" varchar(64) collate "C" not null,
  "RecordID" varchar(100) collate "C" not null,
  "Action" varchar(20) collate "C" not null,
  "OldData" bytea,
  "NewData" bytea,
  "ChangedBy" varchar(200) collate "C",
  "ChangedAt" varchar(24) collate "C" not null,
  "NodeID" varchar(36) collate "C",
  "ChangeReason" text collate "C",
  "TransactionID" varchar(36) collate "C",
  "Origin" varchar(100) collate "C",
  "SchemaVersion" integer not null,
  "Digest" varchar(64) collate "C" not null);
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
  "InfoKey" varchar(50) collate "C" not null,
  "InfoValue" text collate "C" not null,
  constraint "pk_cluster_info" primary key ("InfoKey"));
create table "Cluster_Key" (
  "KeyID" varchar(36) collate "C" not null,
  "NodeID" varchar(36) collate "C" not null,
  "Wrapped" text collate "C" not null,
  "CreatedAt" varchar(24) collate "C" not null,
  "RetiredAt" varchar(24) collate "C",
  constraint "pk_cluster_key" primary key ("KeyID", "NodeID"));
create table "Api_Token" (
  "TokenID" varchar(36) collate "C" not null,
  "TokenName" varchar(200) collate "C" not null,
  "Role" varchar(20) collate "C" not null,
  "TokenHash" varchar(64) collate "C" not null,
  "CreatedBy" varchar(200) collate "C",
  "CreatedAt" varchar(24) collate "C" not null,
  "ExpiresAt" varchar(24) collate "C",
  "RevokedAt" varchar(24) collate "C",
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
  "NodeID" varchar(36) collate "C" not null,
  "StartedAt" varchar(24) collate "C",
  "Place" varchar(64) collate "C",
  "PublicKey" varchar(64) collate "C",
  "KeyID" varchar(36) collate "C",
  "TokenHash" varchar(64) collate "C",
  "ClockOffset" integer,
  "Addresses" text collate "C",
  "MissingScripts" text collate "C",
  "Isolation" text collate "C",
  "DrainingSince" varchar(24) collate "C",
  "DrainingBy" varchar(200) collate "C",
  "DrainingReason" text collate "C",
  "RetiredAt" varchar(24) collate "C",
  "RetiredBy" varchar(200) collate "C",
  "RetiredReason" text collate "C",
  constraint "pk_node_state" primary key ("NodeID"));
create index "idx_node_token" on "Node_State" ("TokenHash");
create table "Join_Token" (
  "JoinTokenID" varchar(36) collate "C" not null,
  "TokenHash" varchar(64) collate "C" not null,
  "CreatedBy" varchar(200) collate "C",
  "CreatedAt" varchar(24) collate "C" not null,
  "ExpiresAt" varchar(24) collate "C" not null,
  "UsedAt" varchar(24) collate "C",
  "UsedByNodeID" varchar(36) collate "C",
  constraint "pk_join_token" primary key ("JoinTokenID"));
create unique index "uq_join_token_hash" on "Join_Token" ("TokenHash");
create table "Task_Lock" (
  "LockID" varchar(36) collate "C" not null,
  "LockName" varchar(100) collate "C" not null,
  "MaxConcurrent" integer not null,
  "Description" text collate "C",
  "Version" integer not null,
  constraint "pk_task_lock" primary key ("LockID"));
create unique index "uq_lock_name" on "Task_Lock" ("LockName");
create table "Run_Lock" (
  "LockName" varchar(100) collate "C" not null,
  "HistoryID" varchar(36) collate "C" not null,
  constraint "pk_run_lock" primary key ("LockName", "HistoryID"));
create table "Output_Follower" (
  "HistoryID" varchar(36) collate "C" not null,
  "FollowUntil" varchar(24) collate "C" not null,
  constraint "pk_output_follower" primary key ("HistoryID"));
create table "Task_Output" (
  "HistoryID" varchar(36) collate "C" not null,
  "Position" bigint not null,
  "Chunk" bytea not null,
  "CreatedAt" varchar(24) collate "C" not null,
  constraint "pk_task_output" primary key ("HistoryID", "Position"));
create index "idx_output_created" on "Task_Output" ("CreatedAt");
create table "Cluster_Hold" (
  "HoldID" varchar(36) collate "C" not null,
  "HeldAt" varchar(24) collate "C" not null,
  "HeldBy" varchar(200) collate "C",
  "Reason" text collate "C",
  "ReleasedAt" varchar(24) collate "C",
  "ReleasedBy" varchar(200) collate "C",
  constraint "pk_cluster_hold" primary key ("HoldID"));

-- 0005_table_sync
create table "Sync_Cursor" (
  "NodeID" varchar(36) collate "C" not null,
  "Seq" bigint not null,
  "ChangeID" varchar(36) collate "C",
  "SchemaVersion" integer not null,
  "DatabaseID" varchar(36) collate "C" not null,
  "Waiting" integer not null,
  "LastError" text collate "C",
  "BootstrappedAt" varchar(24) collate "C",
  "BootstrapReason" text collate "C",
  "UpdatedAt" varchar(24) collate "C" not null,
  "AskedFor" varchar(20) collate "C",
  constraint "pk_sync_cursor" primary key ("NodeID"));
create table "Sync_Pending" (
  "PendingSeq" bigint generated by default as identity primary key,
  "ChangeID" varchar(36) collate "C" not null,
  "TableName" varchar(64) collate "C" not null,
  "RecordID" varchar(100) collate "C" not null,
  "Action" varchar(20) collate "C" not null,
  "OldData" bytea,
  "NewData" bytea,
  "ChangedBy" varchar(200) collate "C",
  "ChangedAt" varchar(24) collate "C" not null,
  "NodeID" varchar(36) collate "C",
  "ChangeReason" text collate "C",
  "TransactionID" varchar(36) collate "C",
  "Hlc" varchar(100) collate "C" not null,
  "SchemaVersion" integer not null,
  "Problem" text collate "C");
create unique index "uq_pending_change" on "Sync_Pending" ("ChangeID");
create index "idx_pending_record" on "Sync_Pending" ("RecordID", "PendingSeq");
create table "Sync_Run" (
  "HistoryID" varchar(36) collate "C" not null,
  "CreatedAt" varchar(24) collate "C" not null,
  constraint "pk_sync_run" primary key ("HistoryID"));
create table "Sync_Applied" (
  "ChangeID" varchar(36) collate "C" not null,
  "NodeID" varchar(36) collate "C" not null,
  "TransactionID" varchar(36) collate "C",
  "Hlc" varchar(100) collate "C" not null,
  "Outcome" varchar(20) collate "C" not null,
  "AppliedAt" varchar(24) collate "C" not null,
  constraint "pk_sync_applied" primary key ("ChangeID"));
create index "idx_applied_at" on "Sync_Applied" ("AppliedAt");
create index "idx_applied_transaction" on "Sync_Applied" ("TransactionID");
create table "Sync_Conflict" (
  "ConflictID" varchar(36) collate "C" not null,
  "TableName" varchar(64) collate "C" not null,
  "RecordID" varchar(100) collate "C" not null,
  "RecordName" text collate "C",
  "Kind" varchar(20) collate "C" not null,
  "ChangeID" varchar(36) collate "C" not null,
  "NodeID" varchar(36) collate "C" not null,
  "ChangedBy" varchar(200) collate "C",
  "ChangedAt" varchar(24) collate "C" not null,
  "TheirsBy" varchar(200) collate "C",
  "TheirsAt" varchar(24) collate "C",
  "Policy" varchar(20) collate "C" not null,
  "Fields" text collate "C" not null,
  "DetectedAt" varchar(24) collate "C" not null,
  "ResolvedAt" varchar(24) collate "C",
  "ResolvedBy" varchar(200) collate "C",
  "Resolution" varchar(20) collate "C",
  "Version" integer not null,
  constraint "pk_sync_conflict" primary key ("ConflictID"));
create index "idx_conflict_detected" on "Sync_Conflict" ("DetectedAt", "ConflictID");
create index "idx_conflict_record" on "Sync_Conflict" ("RecordID", "DetectedAt");
create index "idx_conflict_open" on "Sync_Conflict" ("ResolvedAt", "DetectedAt");
create table "Change_Seal" (
  "ToSeq" bigint not null,
  "FromSeq" bigint not null,
  "ChangeCount" integer not null,
  "Digest" varchar(64) collate "C" not null,
  "PreviousDigest" varchar(64) collate "C",
  "SealedAt" varchar(24) collate "C" not null,
  "SealedBy" varchar(36) collate "C",
  "PurgedAt" varchar(24) collate "C",
  constraint "pk_change_seal" primary key ("ToSeq"));

-- 0006-failures
create table "Task_Failure" (
  "FailureID" varchar(36) collate "C" not null,
  "TaskID" varchar(36) collate "C" not null,
  "TaskName" text collate "C" not null,
  "AppName" text collate "C",
  "NodeID" varchar(36) collate "C",
  "FirstAt" varchar(24) collate "C" not null,
  "FirstHistoryID" varchar(36) collate "C" not null,
  "FailingSince" varchar(24) collate "C" not null,
  "LastAt" varchar(24) collate "C" not null,
  "LastHistoryID" varchar(36) collate "C" not null,
  "LastScheduledFor" varchar(24) collate "C" not null,
  "LastState" varchar(20) collate "C" not null,
  "LastError" text collate "C",
  "FailureCount" integer not null,
  "RecoveredAt" varchar(24) collate "C",
  "RecoveredHistoryID" varchar(36) collate "C",
  "AcknowledgedAt" varchar(24) collate "C",
  "AcknowledgedBy" varchar(200) collate "C",
  "Note" text collate "C",
  "UpdatedAt" varchar(24) collate "C" not null,
  "Version" integer not null,
  constraint "pk_task_failure" primary key ("FailureID"));
create index "idx_failure_task" on "Task_Failure" ("TaskID", "RecoveredAt");
create index "idx_failure_last" on "Task_Failure" ("LastAt", "FailureID");
create index "idx_failure_failing" on "Task_Failure" ("RecoveredAt", "LastAt", "FailureID");
create index "idx_failure_open" on "Task_Failure" ("AcknowledgedAt", "LastAt");
create index "idx_failure_updated" on "Task_Failure" ("UpdatedAt");
create table "Webhook" (
  "WebhookID" varchar(36) collate "C" not null,
  "WebhookName" varchar(100) collate "C" not null,
  "Origin" text collate "C" not null,
  "Url" text collate "C" not null,
  "Secret" text collate "C" not null,
  "Enabled" integer not null,
  "DisabledReason" text collate "C",
  "OnFailure" integer not null,
  "OnRecovery" integer not null,
  "Repeats" integer not null,
  "Apps" text collate "C" not null,
  "Tags" text collate "C" not null,
  "Failures" integer not null,
  "PausedUntil" varchar(24) collate "C",
  "CreatedAt" varchar(24) collate "C" not null,
  "CreatedBy" varchar(200) collate "C",
  "ModifiedAt" varchar(24) collate "C",
  "ModifiedBy" varchar(200) collate "C",
  "Version" integer not null,
  constraint "pk_webhook" primary key ("WebhookID"));
create unique index "uq_webhook_name" on "Webhook" ("WebhookName");
create table "Webhook_Call" (
  "CallID" varchar(36) collate "C" not null,
  "WebhookID" varchar(36) collate "C" not null,
  "Event" varchar(20) collate "C" not null,
  "TaskID" varchar(36) collate "C",
  "HistoryID" varchar(36) collate "C",
  "Body" text collate "C" not null,
  "State" varchar(20) collate "C" not null,
  "CreatedAt" varchar(24) collate "C" not null,
  "NotBefore" varchar(24) collate "C" not null,
  "Attempts" integer not null,
  "FirstTriedAt" varchar(24) collate "C",
  "TakenUntil" varchar(24) collate "C",
  "StatusCode" integer,
  "LastError" text collate "C",
  "EndedAt" varchar(24) collate "C",
  constraint "pk_webhook_call" primary key ("CallID"));
create index "idx_call_age" on "Webhook_Call" ("State", "CreatedAt");
create index "idx_call_waiting" on "Webhook_Call" ("WebhookID", "State", "NotBefore", "CreatedAt", "CallID");
create index "idx_call_task" on "Webhook_Call" ("WebhookID", "TaskID", "State", "CreatedAt");
create index "idx_call_webhook" on "Webhook_Call" ("WebhookID", "CreatedAt");
create index "idx_call_ended" on "Webhook_Call" ("EndedAt");
