-- what has moved
select (select max("LocalSeq") as "lastChange"
from "Data_Change") as "lastChange", (select min("HoldID") as "holdId"
from "Cluster_Hold"
where "ReleasedAt" is null) as "holdId", (select max("FollowUntil") as "followUntil"
from "Output_Follower") as "followUntil", (select max("DetectedAt") as "lastConflict"
from "Sync_Conflict") as "lastConflict", (select max("ResolvedAt") as "lastResolution"
from "Sync_Conflict") as "lastResolution", (select max("UpdatedAt") as "lastFailure"
from "Task_Failure") as "lastFailure", (select sum("Version") as "failing"
from "Task_Failure"
where "RecoveredAt" is null) as "failing";

-- what has moved, before there were failures
select (select max("LocalSeq") as "lastChange"
from "Data_Change") as "lastChange", (select min("HoldID") as "holdId"
from "Cluster_Hold"
where "ReleasedAt" is null) as "holdId", (select max("FollowUntil") as "followUntil"
from "Output_Follower") as "followUntil", (select max("DetectedAt") as "lastConflict"
from "Sync_Conflict") as "lastConflict", (select max("ResolvedAt") as "lastResolution"
from "Sync_Conflict") as "lastResolution";

-- runs written since
select "HistoryID", "TaskID", "NodeID", "TargetNodeID", "Incarnation", "State", "StopRequestedAt", "UpdatedAt"
from "Task_History"
where "UpdatedAt" >= $1
order by "UpdatedAt" limit $2;
-- "2026-03-01T08:00:00.000Z" | 1000

-- changes captured since
select "LocalSeq", "ChangeID", "TableName", "RecordID", "NodeID"
from "Data_Change"
where "ChangedAt" >= $1
order by "ChangedAt" limit $2;
-- "2026-03-01T08:00:00.000Z" | 1000

-- whether the cluster is held
select * from "Cluster_Hold" where "ReleasedAt" is null order by "HeldAt" limit $1;
-- 1

-- it is held
insert into "Cluster_Hold" ("HoldID", "HeldAt", "HeldBy", "Reason", "ReleasedAt", "ReleasedBy")
values ($1, $2, $3, $4, $5, $6);
-- "01900000-0000-7000-8000-0000000000e2" | "2026-03-01T08:00:00.000Z" | "local:ann" | "fire" | null | null

-- it is released
update "Cluster_Hold" set "ReleasedAt" = $1, "ReleasedBy" = $2 where "ReleasedAt" is null;
-- "2026-03-01T08:00:00.000Z" | "local:ann"

-- what runs and was not asked to stop
select "HistoryID", "TaskID"
from "Task_History"
where "State" = $1 and "StopRequestedAt" is null
order by "HistoryID" limit $2;
-- "Running" | 200

-- runs are asked to stop
update "Task_History"
set "StopRequestedAt" = $1, "StopRequestedBy" = $2, "UpdatedAt" = $3
where "HistoryID" in ($4, $5) and "State" = $6 and "StopRequestedAt" is null;
-- "2026-03-01T08:00:00.000Z" | "local:ann" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Running"

-- what waits
select "HistoryID", "TaskID"
from "Task_History"
where "State" = $1 and "HistoryID" > $2
order by "HistoryID" limit $3;
-- "Queued" | "01900000-0000-7000-8000-0000000000c1" | 200

-- waiting runs are locked
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" in ($1, $2) and "State" = $3
order by "HistoryID" for update;
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Queued"

-- waiting runs end
update "Task_History"
set "StopRequestedAt" = $1, "StopRequestedBy" = $2, "UpdatedAt" = $3, "EndTime" = $4, "Error" = $5, "State" = $6
where "HistoryID" in ($7) and "State" = $8;
-- "2026-03-01T08:00:00.000Z" | "local:ann" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "the cluster was stopped" | "Stopped" | "01900000-0000-7000-8000-0000000000c1" | "Queued"

-- somebody follows a run
update "Output_Follower" set "FollowUntil" = $1 where "HistoryID" = $2;
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1"

-- which runs are followed
select "HistoryID"
from "Output_Follower"
where "HistoryID" in ($1, $2) and "FollowUntil" >= $3
order by "HistoryID";
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "2026-03-01T08:00:00.000Z"

-- live output is written
delete from "Task_Output" where "HistoryID" = $1 and "Position" >= $2;
-- "01900000-0000-7000-8000-0000000000c1" | "4096"
insert into "Task_Output" ("HistoryID", "Position", "Chunk", "CreatedAt") values ($1, $2, $3, $4);
-- "01900000-0000-7000-8000-0000000000c1" | "4096" | x'6f6b' | "2026-03-01T08:00:00.000Z"

-- where it goes on
select "Position"
from "Task_Output"
where "HistoryID" = $1 and "Position" <= $2
order by "Position" desc limit $3;
-- "01900000-0000-7000-8000-0000000000c1" | "4100" | 1

-- it is read
select "Position", "Chunk"
from "Task_Output"
where "HistoryID" = $1 and "Position" >= $2
order by "Position" limit $3;
-- "01900000-0000-7000-8000-0000000000c1" | "4096" | 4

-- its beginning goes
delete from "Task_Output" where "HistoryID" = $1 and "Position" < $2;
-- "01900000-0000-7000-8000-0000000000c1" | "4096"

-- all of it goes
delete from "Task_Output" where "HistoryID" = $1;
-- "01900000-0000-7000-8000-0000000000c1"

-- nobody follows it
delete from "Output_Follower" where "HistoryID" = $1;
-- "01900000-0000-7000-8000-0000000000c1"
