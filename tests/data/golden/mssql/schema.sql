-- 0001_initial
create table "Tasks" (
  "TaskID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskName" nvarchar(200) collate Latin1_General_100_BIN2 not null,
  "AppName" nvarchar(100) collate Latin1_General_100_BIN2 default '' not null,
  "Description" nvarchar(max) collate Latin1_General_100_BIN2,
  "ScriptPath" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "ScriptType" nvarchar(20) collate Latin1_General_100_BIN2,
  "ScriptHash" nvarchar(64) collate Latin1_General_100_BIN2,
  "Schedule" nvarchar(max) collate Latin1_General_100_BIN2,
  "TimeZone" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "Enabled" int not null,
  "AssignedNodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "AssignedNodeGroup" nvarchar(100) collate Latin1_General_100_BIN2,
  "AssignedNodeRole" nvarchar(100) collate Latin1_General_100_BIN2,
  "RunOn" nvarchar(20) collate Latin1_General_100_BIN2,
  "Priority" int not null,
  "Timeout" int,
  "MaxRetries" int not null,
  "RetryDelay" int not null,
  "RetryBackoff" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "OverlapPolicy" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "MisfirePolicy" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "MisfireWindow" int not null,
  "OnLeaseLost" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "Limits" nvarchar(max) collate Latin1_General_100_BIN2,
  "Tags" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Parameters" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Environment" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "CreatedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "ModifiedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "ModifiedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "Version" int not null,
  constraint "pk_tasks" primary key ("TaskID"));
create index "idx_tasks_enabled" on "Tasks" ("Enabled", "TaskName", "AppName", "TaskID");
create index "idx_tasks_node" on "Tasks" ("AssignedNodeID", "TaskName", "AppName", "TaskID");
create index "idx_tasks_group" on "Tasks" ("AssignedNodeGroup", "TaskName", "AppName", "TaskID");
create index "idx_tasks_role" on "Tasks" ("AssignedNodeRole", "TaskName", "AppName", "TaskID");
create unique index "uq_tasks_name" on "Tasks" ("TaskName", "AppName");
create table "Task_Schedule" (
  "ScheduleID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 default '' not null,
  "NextRun" nvarchar(24) collate Latin1_General_100_BIN2,
  "LastRun" nvarchar(24) collate Latin1_General_100_BIN2,
  "LastState" nvarchar(20) collate Latin1_General_100_BIN2,
  "LastHistoryID" nvarchar(36) collate Latin1_General_100_BIN2,
  "IsRunning" int not null,
  "RunningOnNode" nvarchar(36) collate Latin1_General_100_BIN2,
  "StartedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "TotalRuns" int not null,
  "SuccessCount" int not null,
  "FailureCount" int not null,
  constraint "pk_task_schedule" primary key ("ScheduleID"));
create index "idx_schedule_nextrun" on "Task_Schedule" ("NextRun");
create index "idx_schedule_running" on "Task_Schedule" ("IsRunning");
create index "idx_schedule_state" on "Task_Schedule" ("LastState", "TaskID");
create unique index "uq_schedule_task_node" on "Task_Schedule" ("TaskID", "NodeID");
create table "Task_History" (
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskName" nvarchar(200) collate Latin1_General_100_BIN2 not null,
  "AppName" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "ScheduleID" nvarchar(36) collate Latin1_General_100_BIN2,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "TargetNodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "ScheduledFor" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "NotBefore" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "StartTime" nvarchar(24) collate Latin1_General_100_BIN2,
  "EndTime" nvarchar(24) collate Latin1_General_100_BIN2,
  "SortTime" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "Duration" int,
  "State" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "ExitCode" int,
  "Priority" int not null,
  "Attempt" int not null,
  "TriggeredBy" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "RequestedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "Error" nvarchar(max) collate Latin1_General_100_BIN2,
  "Parameters" nvarchar(max) collate Latin1_General_100_BIN2,
  "TaskVersion" int,
  "ScriptHash" nvarchar(64) collate Latin1_General_100_BIN2,
  "SkippedCount" int,
  "OutputBytes" int,
  "Incarnation" nvarchar(36) collate Latin1_General_100_BIN2,
  "LeaseUntil" nvarchar(24) collate Latin1_General_100_BIN2,
  "StopRequestedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "StopRequestedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "UpdatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "Output" varbinary(max),
  constraint "pk_task_history" primary key ("HistoryID"));
create index "idx_history_task" on "Task_History" ("TaskID", "SortTime", "HistoryID");
create index "idx_history_task_state" on "Task_History" ("TaskID", "State");
create index "idx_history_sort" on "Task_History" ("SortTime", "HistoryID");
create index "idx_history_node" on "Task_History" ("NodeID", "SortTime", "HistoryID");
create index "idx_history_state" on "Task_History" ("State", "SortTime", "HistoryID");
create index "idx_history_updated" on "Task_History" ("UpdatedAt");
create unique index "uq_history_slot" on "Task_History" ("ScheduleID", "ScheduledFor", "Attempt")
where "ScheduleID" is not null;
create index "idx_history_queue" on "Task_History" ("State", "NotBefore");
create index "idx_history_running" on "Task_History" ("NodeID", "LeaseUntil");
create table "Nodes" (
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "NodeName" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Hostname" nvarchar(255) collate Latin1_General_100_BIN2 not null,
  "IPAddress" nvarchar(64) collate Latin1_General_100_BIN2,
  "Port" int,
  "NodeGroup" nvarchar(100) collate Latin1_General_100_BIN2,
  "NodeRole" nvarchar(100) collate Latin1_General_100_BIN2,
  "Tags" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "IsActive" int not null,
  "IsDraining" int not null,
  "LastHeartbeat" nvarchar(24) collate Latin1_General_100_BIN2,
  "Incarnation" nvarchar(36) collate Latin1_General_100_BIN2,
  "MaxConcurrentTasks" int not null,
  "SupportedTaskTypes" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Version" nvarchar(50) collate Latin1_General_100_BIN2,
  "Platform" nvarchar(50) collate Latin1_General_100_BIN2,
  "RegisteredAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "RegisteredBy" nvarchar(200) collate Latin1_General_100_BIN2,
  constraint "pk_nodes" primary key ("NodeID"));
create index "idx_nodes_active" on "Nodes" ("IsActive");
create index "idx_nodes_group" on "Nodes" ("NodeGroup");
create index "idx_nodes_role" on "Nodes" ("NodeRole");
create unique index "uq_nodes_name" on "Nodes" ("NodeName");
create table "Data_Change" (
  "LocalSeq" bigint identity(1,1) not null primary key,
  "Seq" bigint,
  "ChangeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TableName" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "RecordID" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Action" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "OldData" varbinary(max),
  "NewData" varbinary(max),
  "ChangedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "ChangedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "ChangeReason" nvarchar(max) collate Latin1_General_100_BIN2,
  "TransactionID" nvarchar(36) collate Latin1_General_100_BIN2,
  "Origin" nvarchar(100) collate Latin1_General_100_BIN2,
  "SchemaVersion" int not null,
  "Digest" nvarchar(64) collate Latin1_General_100_BIN2 not null);
create index "idx_change_table" on "Data_Change" ("TableName", "Seq");
create index "idx_change_record" on "Data_Change" ("RecordID", "Seq");
create index "idx_change_actor" on "Data_Change" ("ChangedBy", "Seq");
create index "idx_change_node" on "Data_Change" ("NodeID", "Seq");
create index "idx_change_at" on "Data_Change" ("ChangedAt", "Seq");
create index "idx_change_transaction" on "Data_Change" ("TransactionID");
create index "idx_change_origin" on "Data_Change" ("Origin");
create unique index "uq_change_id" on "Data_Change" ("ChangeID");
create unique index "uq_change_seq" on "Data_Change" ("Seq") where "Seq" is not null;
create table "Cluster_Info" (
  "InfoKey" nvarchar(50) collate Latin1_General_100_BIN2 not null,
  "InfoValue" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  constraint "pk_cluster_info" primary key ("InfoKey"));
create table "Cluster_Key" (
  "KeyID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "Wrapped" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "RetiredAt" nvarchar(24) collate Latin1_General_100_BIN2,
  constraint "pk_cluster_key" primary key ("KeyID", "NodeID"));
create table "Api_Token" (
  "TokenID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TokenName" nvarchar(200) collate Latin1_General_100_BIN2 not null,
  "Role" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "TokenHash" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "CreatedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "ExpiresAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "RevokedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "Version" int not null,
  constraint "pk_api_token" primary key ("TokenID"));
create unique index "uq_token_hash" on "Api_Token" ("TokenHash");

-- 0002_schedule_last_run
create index "idx_schedule_lastrun" on "Task_Schedule" ("LastRun");

-- 0003_several_databases
create table "Sync_Counter" (
  "CounterID" int not null,
  "Value" bigint not null,
  constraint "pk_sync_counter" primary key ("CounterID"));
create index "idx_change_pending" on "Data_Change" ("LocalSeq") where "Seq" is null;
create index "idx_history_claim" on "Task_History" ("State", "Priority" desc, "ScheduledFor", "HistoryID");

-- 0004_many_nodes
create table "Node_State" (
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "StartedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "Place" nvarchar(64) collate Latin1_General_100_BIN2,
  "PublicKey" nvarchar(64) collate Latin1_General_100_BIN2,
  "KeyID" nvarchar(36) collate Latin1_General_100_BIN2,
  "TokenHash" nvarchar(64) collate Latin1_General_100_BIN2,
  "ClockOffset" int,
  "Addresses" nvarchar(max) collate Latin1_General_100_BIN2,
  "MissingScripts" nvarchar(max) collate Latin1_General_100_BIN2,
  "Isolation" nvarchar(max) collate Latin1_General_100_BIN2,
  "DrainingSince" nvarchar(24) collate Latin1_General_100_BIN2,
  "DrainingBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "DrainingReason" nvarchar(max) collate Latin1_General_100_BIN2,
  "RetiredAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "RetiredBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "RetiredReason" nvarchar(max) collate Latin1_General_100_BIN2,
  constraint "pk_node_state" primary key ("NodeID"));
create index "idx_node_token" on "Node_State" ("TokenHash");
create table "Join_Token" (
  "JoinTokenID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TokenHash" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "CreatedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "ExpiresAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "UsedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "UsedByNodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  constraint "pk_join_token" primary key ("JoinTokenID"));
create unique index "uq_join_token_hash" on "Join_Token" ("TokenHash");
create table "Task_Lock" (
  "LockID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "LockName" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "MaxConcurrent" int not null,
  "Description" nvarchar(max) collate Latin1_General_100_BIN2,
  "Version" int not null,
  constraint "pk_task_lock" primary key ("LockID"));
create unique index "uq_lock_name" on "Task_Lock" ("LockName");
create table "Run_Lock" (
  "LockName" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  constraint "pk_run_lock" primary key ("LockName", "HistoryID"));
create table "Output_Follower" (
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "FollowUntil" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  constraint "pk_output_follower" primary key ("HistoryID"));
create table "Task_Output" (
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "Position" bigint not null,
  "Chunk" varbinary(max) not null,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  constraint "pk_task_output" primary key ("HistoryID", "Position"));
create index "idx_output_created" on "Task_Output" ("CreatedAt");
create table "Cluster_Hold" (
  "HoldID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "HeldAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "HeldBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "Reason" nvarchar(max) collate Latin1_General_100_BIN2,
  "ReleasedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "ReleasedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  constraint "pk_cluster_hold" primary key ("HoldID"));

-- 0005_table_sync
create table "Sync_Cursor" (
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "Seq" bigint not null,
  "ChangeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "SchemaVersion" int not null,
  "DatabaseID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "Waiting" int not null,
  "LastError" nvarchar(max) collate Latin1_General_100_BIN2,
  "BootstrappedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "BootstrapReason" nvarchar(max) collate Latin1_General_100_BIN2,
  "UpdatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "AskedFor" nvarchar(20) collate Latin1_General_100_BIN2,
  constraint "pk_sync_cursor" primary key ("NodeID"));
create table "Sync_Pending" (
  "PendingSeq" bigint identity(1,1) not null primary key,
  "ChangeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TableName" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "RecordID" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Action" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "OldData" varbinary(max),
  "NewData" varbinary(max),
  "ChangedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "ChangedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "ChangeReason" nvarchar(max) collate Latin1_General_100_BIN2,
  "TransactionID" nvarchar(36) collate Latin1_General_100_BIN2,
  "Hlc" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "SchemaVersion" int not null,
  "Problem" nvarchar(max) collate Latin1_General_100_BIN2);
create unique index "uq_pending_change" on "Sync_Pending" ("ChangeID");
create index "idx_pending_record" on "Sync_Pending" ("RecordID", "PendingSeq");
create table "Sync_Run" (
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  constraint "pk_sync_run" primary key ("HistoryID"));
create table "Sync_Applied" (
  "ChangeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TransactionID" nvarchar(36) collate Latin1_General_100_BIN2,
  "Hlc" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Outcome" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "AppliedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  constraint "pk_sync_applied" primary key ("ChangeID"));
create index "idx_applied_at" on "Sync_Applied" ("AppliedAt");
create index "idx_applied_transaction" on "Sync_Applied" ("TransactionID");
create table "Sync_Conflict" (
  "ConflictID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TableName" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "RecordID" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "RecordName" nvarchar(max) collate Latin1_General_100_BIN2,
  "Kind" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "ChangeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "ChangedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "ChangedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "TheirsBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "TheirsAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "Policy" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "Fields" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "DetectedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "ResolvedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "ResolvedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "Resolution" nvarchar(20) collate Latin1_General_100_BIN2,
  "Version" int not null,
  constraint "pk_sync_conflict" primary key ("ConflictID"));
create index "idx_conflict_detected" on "Sync_Conflict" ("DetectedAt", "ConflictID");
create index "idx_conflict_record" on "Sync_Conflict" ("RecordID", "DetectedAt");
create index "idx_conflict_open" on "Sync_Conflict" ("ResolvedAt", "DetectedAt");
create table "Change_Seal" (
  "ToSeq" bigint not null,
  "FromSeq" bigint not null,
  "ChangeCount" int not null,
  "Digest" nvarchar(64) collate Latin1_General_100_BIN2 not null,
  "PreviousDigest" nvarchar(64) collate Latin1_General_100_BIN2,
  "SealedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "SealedBy" nvarchar(36) collate Latin1_General_100_BIN2,
  "PurgedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  constraint "pk_change_seal" primary key ("ToSeq"));

-- 0006-failures
create table "Task_Failure" (
  "FailureID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "TaskName" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "AppName" nvarchar(max) collate Latin1_General_100_BIN2,
  "NodeID" nvarchar(36) collate Latin1_General_100_BIN2,
  "FirstAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "FirstHistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "FailingSince" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "LastAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "LastHistoryID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "LastScheduledFor" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "LastState" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "LastError" nvarchar(max) collate Latin1_General_100_BIN2,
  "FailureCount" int not null,
  "RecoveredAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "RecoveredHistoryID" nvarchar(36) collate Latin1_General_100_BIN2,
  "AcknowledgedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "AcknowledgedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "Note" nvarchar(max) collate Latin1_General_100_BIN2,
  "UpdatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "Version" int not null,
  constraint "pk_task_failure" primary key ("FailureID"));
create index "idx_failure_task" on "Task_Failure" ("TaskID", "RecoveredAt");
create index "idx_failure_last" on "Task_Failure" ("LastAt", "FailureID");
create index "idx_failure_failing" on "Task_Failure" ("RecoveredAt", "LastAt", "FailureID");
create index "idx_failure_open" on "Task_Failure" ("AcknowledgedAt", "LastAt");
create index "idx_failure_updated" on "Task_Failure" ("UpdatedAt");
create table "Webhook" (
  "WebhookID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "WebhookName" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Origin" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Url" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Secret" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Enabled" int not null,
  "DisabledReason" nvarchar(max) collate Latin1_General_100_BIN2,
  "OnFailure" int not null,
  "OnRecovery" int not null,
  "Repeats" int not null,
  "Apps" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Tags" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "Failures" int not null,
  "PausedUntil" nvarchar(24) collate Latin1_General_100_BIN2,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "CreatedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "ModifiedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "ModifiedBy" nvarchar(200) collate Latin1_General_100_BIN2,
  "Version" int not null,
  constraint "pk_webhook" primary key ("WebhookID"));
create unique index "uq_webhook_name" on "Webhook" ("WebhookName");
create table "Webhook_Call" (
  "CallID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "WebhookID" nvarchar(36) collate Latin1_General_100_BIN2 not null,
  "Event" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "TaskID" nvarchar(36) collate Latin1_General_100_BIN2,
  "HistoryID" nvarchar(36) collate Latin1_General_100_BIN2,
  "Body" nvarchar(max) collate Latin1_General_100_BIN2 not null,
  "State" nvarchar(20) collate Latin1_General_100_BIN2 not null,
  "CreatedAt" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "NotBefore" nvarchar(24) collate Latin1_General_100_BIN2 not null,
  "Attempts" int not null,
  "FirstTriedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  "TakenUntil" nvarchar(24) collate Latin1_General_100_BIN2,
  "StatusCode" int,
  "LastError" nvarchar(max) collate Latin1_General_100_BIN2,
  "EndedAt" nvarchar(24) collate Latin1_General_100_BIN2,
  constraint "pk_webhook_call" primary key ("CallID"));
create index "idx_call_age" on "Webhook_Call" ("State", "CreatedAt");
create index "idx_call_waiting" on "Webhook_Call" ("WebhookID", "State", "NotBefore", "CreatedAt", "CallID");
create index "idx_call_task" on "Webhook_Call" ("WebhookID", "TaskID", "State", "CreatedAt");
create index "idx_call_webhook" on "Webhook_Call" ("WebhookID", "CreatedAt");
create index "idx_call_ended" on "Webhook_Call" ("EndedAt");
