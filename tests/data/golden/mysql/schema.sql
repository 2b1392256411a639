-- 0001_initial
create table `Tasks` (
  `TaskID` varchar(36) not null,
  `TaskName` varchar(200) not null,
  `AppName` varchar(100) default '' not null,
  `Description` longtext,
  `ScriptPath` longtext not null,
  `ScriptType` varchar(20),
  `ScriptHash` varchar(64),
  `Schedule` longtext,
  `TimeZone` varchar(64) not null,
  `Enabled` integer not null,
  `AssignedNodeID` varchar(36),
  `AssignedNodeGroup` varchar(100),
  `AssignedNodeRole` varchar(100),
  `RunOn` varchar(20),
  `Priority` integer not null,
  `Timeout` integer,
  `MaxRetries` integer not null,
  `RetryDelay` integer not null,
  `RetryBackoff` longtext not null,
  `OverlapPolicy` varchar(20) not null,
  `MisfirePolicy` varchar(20) not null,
  `MisfireWindow` integer not null,
  `OnLeaseLost` varchar(20) not null,
  `Limits` longtext,
  `Tags` longtext not null,
  `Parameters` longtext not null,
  `Environment` longtext not null,
  `CreatedBy` varchar(200),
  `CreatedAt` varchar(24) not null,
  `ModifiedBy` varchar(200),
  `ModifiedAt` varchar(24),
  `Version` integer not null,
  constraint `pk_tasks` primary key (`TaskID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_tasks_enabled` on `Tasks` (`Enabled`, `TaskName`, `AppName`, `TaskID`);
create index `idx_tasks_node` on `Tasks` (`AssignedNodeID`, `TaskName`, `AppName`, `TaskID`);
create index `idx_tasks_group` on `Tasks` (`AssignedNodeGroup`, `TaskName`, `AppName`, `TaskID`);
create index `idx_tasks_role` on `Tasks` (`AssignedNodeRole`, `TaskName`, `AppName`, `TaskID`);
create unique index `uq_tasks_name` on `Tasks` (`TaskName`, `AppName`);
create table `Task_Schedule` (
  `ScheduleID` varchar(36) not null,
  `TaskID` varchar(36) not null,
  `NodeID` varchar(36) default '' not null,
  `NextRun` varchar(24),
  `LastRun` varchar(24),
  `LastState` varchar(20),
  `LastHistoryID` varchar(36),
  `IsRunning` integer not null,
  `RunningOnNode` varchar(36),
  `StartedAt` varchar(24),
  `TotalRuns` integer not null,
  `SuccessCount` integer not null,
  `FailureCount` integer not null,
  constraint `pk_task_schedule` primary key (`ScheduleID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_schedule_nextrun` on `Task_Schedule` (`NextRun`);
create index `idx_schedule_running` on `Task_Schedule` (`IsRunning`);
create index `idx_schedule_state` on `Task_Schedule` (`LastState`, `TaskID`);
create unique index `uq_schedule_task_node` on `Task_Schedule` (`TaskID`, `NodeID`);
create table `Task_History` (
  `HistoryID` varchar(36) not null,
  `TaskID` varchar(36) not null,
  `TaskName` varchar(200) not null,
  `AppName` varchar(100) not null,
  `ScheduleID` varchar(36),
  `NodeID` varchar(36),
  `TargetNodeID` varchar(36),
  `ScheduledFor` varchar(24) not null,
  `NotBefore` varchar(24) not null,
  `StartTime` varchar(24),
  `EndTime` varchar(24),
  `SortTime` varchar(24) not null,
  `Duration` integer,
  `State` varchar(20) not null,
  `ExitCode` integer,
  `Priority` integer not null,
  `Attempt` integer not null,
  `TriggeredBy` varchar(20) not null,
  `RequestedBy` varchar(200),
  `Error` longtext,
  `Parameters` longtext,
  `TaskVersion` integer,
  `ScriptHash` varchar(64),
  `SkippedCount` integer,
  `OutputBytes` integer,
  `Incarnation` varchar(36),
  `LeaseUntil` varchar(24),
  `StopRequestedAt` varchar(24),
  `StopRequestedBy` varchar(200),
  `UpdatedAt` varchar(24) not null,
  `Output` longblob,
  constraint `pk_task_history` primary key (`HistoryID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_history_task` on `Task_History` (`TaskID`, `SortTime`, `HistoryID`);
create index `idx_history_task_state` on `Task_History` (`TaskID`, `State`);
create index `idx_history_sort` on `Task_History` (`SortTime`, `HistoryID`);
create index `idx_history_node` on `Task_History` (`NodeID`, `SortTime`, `HistoryID`);
create index `idx_history_state` on `Task_History` (`State`, `SortTime`, `HistoryID`);
create index `idx_history_updated` on `Task_History` (`UpdatedAt`);
create unique index `uq_history_slot` on `Task_History` (`ScheduleID`, `ScheduledFor`, `Attempt`);
create index `idx_history_queue` on `Task_History` (`State`, `NotBefore`);
create index `idx_history_running` on `Task_History` (`NodeID`, `LeaseUntil`);
create table `Nodes` (
  `NodeID` varchar(36) not null,
  `NodeName` varchar(100) not null,
  `Hostname` varchar(255) not null,
  `IPAddress` varchar(64),
  `Port` integer,
  `NodeGroup` varchar(100),
  `NodeRole` varchar(100),
  `Tags` longtext not null,
  `IsActive` integer not null,
  `IsDraining` integer not null,
  `LastHeartbeat` varchar(24),
  `Incarnation` varchar(36),
  `MaxConcurrentTasks` integer not null,
  `SupportedTaskTypes` longtext not null,
  `Version` varchar(50),
  `Platform` varchar(50),
  `RegisteredAt` varchar(24) not null,
  `RegisteredBy` varchar(200),
  constraint `pk_nodes` primary key (`NodeID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_nodes_active` on `Nodes` (`IsActive`);
create index `idx_nodes_group` on `Nodes` (`NodeGroup`);
create index `idx_nodes_role` on `Nodes` (`NodeRole`);
create unique index `uq_nodes_name` on `Nodes` (`NodeName`);
create table `Data_Change` (
  `LocalSeq` bigint not null auto_increment primary key,
  `Seq` bigint,
  `ChangeID` varchar(36) not null,
  `TableName` varchar(64) not null,
  `RecordID` varchar(100) not null,
  `Action` varchar(20) not null,
  `OldData` longblob,
  `NewData` longblob,
  `ChangedBy` varchar(200),
  `ChangedAt` varchar(24) not null,
  `NodeID` varchar(36),
  `ChangeReason` longtext,
  `TransactionID` varchar(36),
  `Origin` varchar(100),
  `SchemaVersion` integer not null,
  `Digest` varchar(64) not null) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_change_table` on `Data_Change` (`TableName`, `Seq`);
create index `idx_change_record` on `Data_Change` (`RecordID`, `Seq`);
create index `idx_change_actor` on `Data_Change` (`ChangedBy`, `Seq`);
create index `idx_change_node` on `Data_Change` (`NodeID`, `Seq`);
create index `idx_change_at` on `Data_Change` (`ChangedAt`, `Seq`);
create index `idx_change_transaction` on `Data_Change` (`TransactionID`);
create index `idx_change_origin` on `Data_Change` (`Origin`);
create unique index `uq_change_id` on `Data_Change` (`ChangeID`);
create unique index `uq_change_seq` on `Data_Change` (`Seq`);
create table `Cluster_Info` (
  `InfoKey` varchar(50) not null,
  `InfoValue` longtext not null,
  constraint `pk_cluster_info` primary key (`InfoKey`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Cluster_Key` (
  `KeyID` varchar(36) not null,
  `NodeID` varchar(36) not null,
  `Wrapped` longtext not null,
  `CreatedAt` varchar(24) not null,
  `RetiredAt` varchar(24),
  constraint `pk_cluster_key` primary key (`KeyID`, `NodeID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Api_Token` (
  `TokenID` varchar(36) not null,
  `TokenName` varchar(200) not null,
  `Role` varchar(20) not null,
  `TokenHash` varchar(64) not null,
  `CreatedBy` varchar(200),
  `CreatedAt` varchar(24) not null,
  `ExpiresAt` varchar(24),
  `RevokedAt` varchar(24),
  `Version` integer not null,
  constraint `pk_api_token` primary key (`TokenID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create unique index `uq_token_hash` on `Api_Token` (`TokenHash`);

-- 0002_schedule_last_run
create index `idx_schedule_lastrun` on `Task_Schedule` (`LastRun`);

-- 0003_several_databases
create table `Sync_Counter` (
  `CounterID` integer not null,
  `Value` bigint not null,
  constraint `pk_sync_counter` primary key (`CounterID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_history_claim` on `Task_History` (`State`, `Priority` desc, `ScheduledFor`, `HistoryID`);

-- 0004_many_nodes
create table `Node_State` (
  `NodeID` varchar(36) not null,
  `StartedAt` varchar(24),
  `Place` varchar(64),
  `PublicKey` varchar(64),
  `KeyID` varchar(36),
  `TokenHash` varchar(64),
  `ClockOffset` integer,
  `Addresses` longtext,
  `MissingScripts` longtext,
  `Isolation` longtext,
  `DrainingSince` varchar(24),
  `DrainingBy` varchar(200),
  `DrainingReason` longtext,
  `RetiredAt` varchar(24),
  `RetiredBy` varchar(200),
  `RetiredReason` longtext,
  constraint `pk_node_state` primary key (`NodeID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_node_token` on `Node_State` (`TokenHash`);
create table `Join_Token` (
  `JoinTokenID` varchar(36) not null,
  `TokenHash` varchar(64) not null,
  `CreatedBy` varchar(200),
  `CreatedAt` varchar(24) not null,
  `ExpiresAt` varchar(24) not null,
  `UsedAt` varchar(24),
  `UsedByNodeID` varchar(36),
  constraint `pk_join_token` primary key (`JoinTokenID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create unique index `uq_join_token_hash` on `Join_Token` (`TokenHash`);
create table `Task_Lock` (
  `LockID` varchar(36) not null,
  `LockName` varchar(100) not null,
  `MaxConcurrent` integer not null,
  `Description` longtext,
  `Version` integer not null,
  constraint `pk_task_lock` primary key (`LockID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create unique index `uq_lock_name` on `Task_Lock` (`LockName`);
create table `Run_Lock` (
  `LockName` varchar(100) not null,
  `HistoryID` varchar(36) not null,
  constraint `pk_run_lock` primary key (`LockName`, `HistoryID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Output_Follower` (
  `HistoryID` varchar(36) not null,
  `FollowUntil` varchar(24) not null,
  constraint `pk_output_follower` primary key (`HistoryID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Task_Output` (
  `HistoryID` varchar(36) not null,
  `Position` bigint not null,
  `Chunk` longblob not null,
  `CreatedAt` varchar(24) not null,
  constraint `pk_task_output` primary key (`HistoryID`, `Position`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_output_created` on `Task_Output` (`CreatedAt`);
create table `Cluster_Hold` (
  `HoldID` varchar(36) not null,
  `HeldAt` varchar(24) not null,
  `HeldBy` varchar(200),
  `Reason` longtext,
  `ReleasedAt` varchar(24),
  `ReleasedBy` varchar(200),
  constraint `pk_cluster_hold` primary key (`HoldID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;

-- 0005_table_sync
create table `Sync_Cursor` (
  `NodeID` varchar(36) not null,
  `Seq` bigint not null,
  `ChangeID` varchar(36),
  `SchemaVersion` integer not null,
  `DatabaseID` varchar(36) not null,
  `Waiting` integer not null,
  `LastError` longtext,
  `BootstrappedAt` varchar(24),
  `BootstrapReason` longtext,
  `UpdatedAt` varchar(24) not null,
  `AskedFor` varchar(20),
  constraint `pk_sync_cursor` primary key (`NodeID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Sync_Pending` (
  `PendingSeq` bigint not null auto_increment primary key,
  `ChangeID` varchar(36) not null,
  `TableName` varchar(64) not null,
  `RecordID` varchar(100) not null,
  `Action` varchar(20) not null,
  `OldData` longblob,
  `NewData` longblob,
  `ChangedBy` varchar(200),
  `ChangedAt` varchar(24) not null,
  `NodeID` varchar(36),
  `ChangeReason` longtext,
  `TransactionID` varchar(36),
  `Hlc` varchar(100) not null,
  `SchemaVersion` integer not null,
  `Problem` longtext) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create unique index `uq_pending_change` on `Sync_Pending` (`ChangeID`);
create index `idx_pending_record` on `Sync_Pending` (`RecordID`, `PendingSeq`);
create table `Sync_Run` (
  `HistoryID` varchar(36) not null,
  `CreatedAt` varchar(24) not null,
  constraint `pk_sync_run` primary key (`HistoryID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create table `Sync_Applied` (
  `ChangeID` varchar(36) not null,
  `NodeID` varchar(36) not null,
  `TransactionID` varchar(36),
  `Hlc` varchar(100) not null,
  `Outcome` varchar(20) not null,
  `AppliedAt` varchar(24) not null,
  constraint `pk_sync_applied` primary key (`ChangeID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_applied_at` on `Sync_Applied` (`AppliedAt`);
create index `idx_applied_transaction` on `Sync_Applied` (`TransactionID`);
create table `Sync_Conflict` (
  `ConflictID` varchar(36) not null,
  `TableName` varchar(64) not null,
  `RecordID` varchar(100) not null,
  `RecordName` longtext,
  `Kind` varchar(20) not null,
  `ChangeID` varchar(36) not null,
  `NodeID` varchar(36) not null,
  `ChangedBy` varchar(200),
  `ChangedAt` varchar(24) not null,
  `TheirsBy` varchar(200),
  `TheirsAt` varchar(24),
  `Policy` varchar(20) not null,
  `Fields` longtext not null,
  `DetectedAt` varchar(24) not null,
  `ResolvedAt` varchar(24),
  `ResolvedBy` varchar(200),
  `Resolution` varchar(20),
  `Version` integer not null,
  constraint `pk_sync_conflict` primary key (`ConflictID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_conflict_detected` on `Sync_Conflict` (`DetectedAt`, `ConflictID`);
create index `idx_conflict_record` on `Sync_Conflict` (`RecordID`, `DetectedAt`);
create index `idx_conflict_open` on `Sync_Conflict` (`ResolvedAt`, `DetectedAt`);
create table `Change_Seal` (
  `ToSeq` bigint not null,
  `FromSeq` bigint not null,
  `ChangeCount` integer not null,
  `Digest` varchar(64) not null,
  `PreviousDigest` varchar(64),
  `SealedAt` varchar(24) not null,
  `SealedBy` varchar(36),
  `PurgedAt` varchar(24),
  constraint `pk_change_seal` primary key (`ToSeq`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;

-- 0006-failures
create table `Task_Failure` (
  `FailureID` varchar(36) not null,
  `TaskID` varchar(36) not null,
  `TaskName` longtext not null,
  `AppName` longtext,
  `NodeID` varchar(36),
  `FirstAt` varchar(24) not null,
  `FirstHistoryID` varchar(36) not null,
  `FailingSince` varchar(24) not null,
  `LastAt` varchar(24) not null,
  `LastHistoryID` varchar(36) not null,
  `LastScheduledFor` varchar(24) not null,
  `LastState` varchar(20) not null,
  `LastError` longtext,
  `FailureCount` integer not null,
  `RecoveredAt` varchar(24),
  `RecoveredHistoryID` varchar(36),
  `AcknowledgedAt` varchar(24),
  `AcknowledgedBy` varchar(200),
  `Note` longtext,
  `UpdatedAt` varchar(24) not null,
  `Version` integer not null,
  constraint `pk_task_failure` primary key (`FailureID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_failure_task` on `Task_Failure` (`TaskID`, `RecoveredAt`);
create index `idx_failure_last` on `Task_Failure` (`LastAt`, `FailureID`);
create index `idx_failure_failing` on `Task_Failure` (`RecoveredAt`, `LastAt`, `FailureID`);
create index `idx_failure_open` on `Task_Failure` (`AcknowledgedAt`, `LastAt`);
create index `idx_failure_updated` on `Task_Failure` (`UpdatedAt`);
create table `Webhook` (
  `WebhookID` varchar(36) not null,
  `WebhookName` varchar(100) not null,
  `Origin` longtext not null,
  `Url` longtext not null,
  `Secret` longtext not null,
  `Enabled` integer not null,
  `DisabledReason` longtext,
  `OnFailure` integer not null,
  `OnRecovery` integer not null,
  `Repeats` integer not null,
  `Apps` longtext not null,
  `Tags` longtext not null,
  `Failures` integer not null,
  `PausedUntil` varchar(24),
  `CreatedAt` varchar(24) not null,
  `CreatedBy` varchar(200),
  `ModifiedAt` varchar(24),
  `ModifiedBy` varchar(200),
  `Version` integer not null,
  constraint `pk_webhook` primary key (`WebhookID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create unique index `uq_webhook_name` on `Webhook` (`WebhookName`);
create table `Webhook_Call` (
  `CallID` varchar(36) not null,
  `WebhookID` varchar(36) not null,
  `Event` varchar(20) not null,
  `TaskID` varchar(36),
  `HistoryID` varchar(36),
  `Body` longtext not null,
  `State` varchar(20) not null,
  `CreatedAt` varchar(24) not null,
  `NotBefore` varchar(24) not null,
  `Attempts` integer not null,
  `FirstTriedAt` varchar(24),
  `TakenUntil` varchar(24),
  `StatusCode` integer,
  `LastError` longtext,
  `EndedAt` varchar(24),
  constraint `pk_webhook_call` primary key (`CallID`)) engine=InnoDB default character
set utf8mb4 collate utf8mb4_0900_bin;
create index `idx_call_age` on `Webhook_Call` (`State`, `CreatedAt`);
create index `idx_call_waiting` on `Webhook_Call` (`WebhookID`, `State`, `NotBefore`, `CreatedAt`, `CallID`);
create index `idx_call_task` on `Webhook_Call` (`WebhookID`, `TaskID`, `State`, `CreatedAt`);
create index `idx_call_webhook` on `Webhook_Call` (`WebhookID`, `CreatedAt`);
create index `idx_call_ended` on `Webhook_Call` (`EndedAt`);
