-- what has moved
select (select max(`LocalSeq`) as `lastChange`
from `Data_Change`) as `lastChange`, (select min(`HoldID`) as `holdId`
from `Cluster_Hold`
where `ReleasedAt` is null) as `holdId`, (select max(`FollowUntil`) as `followUntil`
from `Output_Follower`) as `followUntil`, (select max(`DetectedAt`) as `lastConflict`
from `Sync_Conflict`) as `lastConflict`, (select max(`ResolvedAt`) as `lastResolution`
from `Sync_Conflict`) as `lastResolution`, (select max(`UpdatedAt`) as `lastFailure`
from `Task_Failure`) as `lastFailure`, (select sum(`Version`) as `failing`
from `Task_Failure`
where `RecoveredAt` is null) as `failing`;

-- what has moved, before there were failures
select (select max(`LocalSeq`) as `lastChange`
from `Data_Change`) as `lastChange`, (select min(`HoldID`) as `holdId`
from `Cluster_Hold`
where `ReleasedAt` is null) as `holdId`, (select max(`FollowUntil`) as `followUntil`
from `Output_Follower`) as `followUntil`, (select max(`DetectedAt`) as `lastConflict`
from `Sync_Conflict`) as `lastConflict`, (select max(`ResolvedAt`) as `lastResolution`
from `Sync_Conflict`) as `lastResolution`;

-- runs written since
select `HistoryID`, `TaskID`, `NodeID`, `TargetNodeID`, `Incarnation`, `State`, `StopRequestedAt`, `UpdatedAt`
from `Task_History`
where `UpdatedAt` >= ?
order by `UpdatedAt` limit ?;
-- "2026-03-01T08:00:00.000Z" | 1000

-- changes captured since
select `LocalSeq`, `ChangeID`, `TableName`, `RecordID`, `NodeID`
from `Data_Change`
where `ChangedAt` >= ?
order by `ChangedAt` limit ?;
-- "2026-03-01T08:00:00.000Z" | 1000

-- whether the cluster is held
select * from `Cluster_Hold` where `ReleasedAt` is null order by `HeldAt` limit ?;
-- 1

-- it is held
insert into `Cluster_Hold` (`HoldID`, `HeldAt`, `HeldBy`, `Reason`, `ReleasedAt`, `ReleasedBy`)
values (?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000e2" | "2026-03-01T08:00:00.000Z" | "local:ann" | "fire" | null | null

-- it is released
update `Cluster_Hold` set `ReleasedAt` = ?, `ReleasedBy` = ? where `ReleasedAt` is null;
-- "2026-03-01T08:00:00.000Z" | "local:ann"

-- what runs and was not asked to stop
select `HistoryID`, `TaskID`
from `Task_History`
where `State` = ? and `StopRequestedAt` is null
order by `HistoryID` limit ?;
-- "Running" | 200

-- runs are asked to stop
update `Task_History`
set `StopRequestedAt` = ?, `StopRequestedBy` = ?, `UpdatedAt` = ?
where `HistoryID` in (?, ?) and `State` = ? and `StopRequestedAt` is null;
-- "2026-03-01T08:00:00.000Z" | "local:ann" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Running"

-- what waits
select `HistoryID`, `TaskID`
from `Task_History`
where `State` = ? and `HistoryID` > ?
order by `HistoryID` limit ?;
-- "Queued" | "01900000-0000-7000-8000-0000000000c1" | 200

-- waiting runs are locked
select `HistoryID`, `TaskID`, `TaskName`, `AppName`, `ScheduleID`, `NodeID`, `TargetNodeID`, `ScheduledFor`, `NotBefore`, `StartTime`, `EndTime`, `SortTime`, `Duration`, `State`, `ExitCode`, `Priority`, `Attempt`, `TriggeredBy`, `RequestedBy`, `Error`, `Parameters`, `TaskVersion`, `ScriptHash`, `SkippedCount`, `OutputBytes`, `Incarnation`, `LeaseUntil`, `StopRequestedAt`, `StopRequestedBy`, `UpdatedAt`
from `Task_History`
where `HistoryID` in (?, ?) and `State` = ?
order by `HistoryID` for update;
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Queued"

-- waiting runs end
update `Task_History`
set `StopRequestedAt` = ?, `StopRequestedBy` = ?, `UpdatedAt` = ?, `EndTime` = ?, `Error` = ?, `State` = ?
where `HistoryID` in (?) and `State` = ?;
-- "2026-03-01T08:00:00.000Z" | "local:ann" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "the cluster was stopped" | "Stopped" | "01900000-0000-7000-8000-0000000000c1" | "Queued"

-- somebody follows a run
update `Output_Follower` set `FollowUntil` = ? where `HistoryID` = ?;
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1"

-- which runs are followed
select `HistoryID`
from `Output_Follower`
where `HistoryID` in (?, ?) and `FollowUntil` >= ?
order by `HistoryID`;
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "2026-03-01T08:00:00.000Z"

-- live output is written
delete from `Task_Output` where `HistoryID` = ? and `Position` >= ?;
-- "01900000-0000-7000-8000-0000000000c1" | "4096"
insert into `Task_Output` (`HistoryID`, `Position`, `Chunk`, `CreatedAt`) values (?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000c1" | "4096" | x'6f6b' | "2026-03-01T08:00:00.000Z"

-- where it goes on
select `Position`
from `Task_Output`
where `HistoryID` = ? and `Position` <= ?
order by `Position` desc limit ?;
-- "01900000-0000-7000-8000-0000000000c1" | "4100" | 1

-- it is read
select `Position`, `Chunk`
from `Task_Output`
where `HistoryID` = ? and `Position` >= ?
order by `Position` limit ?;
-- "01900000-0000-7000-8000-0000000000c1" | "4096" | 4

-- its beginning goes
delete from `Task_Output` where `HistoryID` = ? and `Position` < ?;
-- "01900000-0000-7000-8000-0000000000c1" | "4096"

-- all of it goes
delete from `Task_Output` where `HistoryID` = ?;
-- "01900000-0000-7000-8000-0000000000c1"

-- nobody follows it
delete from `Output_Follower` where `HistoryID` = ?;
-- "01900000-0000-7000-8000-0000000000c1"
