-- a run is queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | "{\"path\":\"/srv\"}"

-- runs are queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | "{\"path\":\"/srv\"}" | "01900000-0000-7000-8000-0000000000c2" | "01900000-0000-7000-8000-0000000000a2" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | null

-- candidates of a claim
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = ? and "NotBefore" <= ? and ("TargetNodeID" is null or "TargetNodeID" = ?)
order by "Priority" desc, "ScheduledFor", "HistoryID" limit ?;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | 4

-- candidates of a claim beside other nodes
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = ? and "NotBefore" <= ? and ("TargetNodeID" is null or "TargetNodeID" = ?) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "h"."TaskID" and (("t"."AssignedNodeID" = ? or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?))))))
order by "Priority" desc, "ScheduledFor", "HistoryID" limit ?;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | 4

-- candidates behind others, without blocked tasks
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = ? and "NotBefore" <= ? and ("TargetNodeID" is null or "TargetNodeID" = ?) and "TaskID" not in (?) and ("Priority" < ? or ("Priority" = ? and "ScheduledFor" > ?) or ("Priority" = ? and "ScheduledFor" = ? and "HistoryID" > ?))
order by "Priority" desc, "ScheduledFor", "HistoryID" limit ?;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000a2" | 5 | 5 | "2026-03-01T08:00:00.000Z" | 5 | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1" | 4

-- what runs of these tasks
select "TaskID", "NodeID", "State" from "Task_History" where "State" in (?, ?) and "TaskID" in (?);
-- "Queued" | "Running" | "01900000-0000-7000-8000-0000000000a1"

-- a claim
update "Task_History"
set "NodeID" = ?, "Incarnation" = ?, "LeaseUntil" = ?, "StartTime" = ?, "SortTime" = ?, "UpdatedAt" = ?, "State" = ?
where "HistoryID" in (?, ?) and "State" = ?;
-- "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2" | "2026-03-01T08:00:30.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Running" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Queued"

-- a run is locked, its task before it
select "TaskID" from "Task_History" where "HistoryID" = ?;
-- "01900000-0000-7000-8000-0000000000c1"
select * from "Tasks" where "TaskID" in (?) order by "TaskID";
-- "01900000-0000-7000-8000-0000000000a1"
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" = ?;
-- "01900000-0000-7000-8000-0000000000c1"

-- a run ends
update "Task_History"
set "State" = ?, "EndTime" = ?, "ExitCode" = ?, "Error" = ?, "Output" = ?, "LeaseUntil" = ?, "UpdatedAt" = ?
where "HistoryID" = ? and "State" = ? and "Incarnation" = ?;
-- "Success" | "2026-03-01T08:00:30.000Z" | 0 | null | x'1f8b' | null | "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "Running" | "01900000-0000-7000-8000-0000000000d2"

-- a run by its id
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" = ?;
-- "01900000-0000-7000-8000-0000000000c1"

-- its output
select "Output" from "Task_History" where "HistoryID" = ?;
-- "01900000-0000-7000-8000-0000000000c1"

-- leases are renewed
select "HistoryID" from "Task_History" where "State" = ? and "NodeID" = ? and "Incarnation" = ?;
-- "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2"
update "Task_History" set "LeaseUntil" = ? where "HistoryID" in (?, ?);
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2"

-- leases are shortened
update "Task_History" set "LeaseUntil" = ? where "State" = ? and "LeaseUntil" > ?;
-- "2026-03-01T08:00:00.000Z" | "Running" | "2026-03-01T08:00:30.000Z"

-- expired leases
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "State" = ? and "LeaseUntil" < ?;
-- "Running" | "2026-03-01T08:00:00.000Z"

-- runs of a task that have not ended
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "TaskID" = ? and "State" in (?, ?) and ("TargetNodeID" = ? or "NodeID" = ?)
order by "ScheduledFor", "HistoryID";
-- "01900000-0000-7000-8000-0000000000a1" | "Queued" | "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1"

-- runs that wait
select "HistoryID", "TaskID", "Attempt", "NotBefore"
from "Task_History"
where "State" = ? and "NotBefore" > ?
order by "NotBefore" desc limit ?;
-- "Queued" | "2026-03-01T08:00:00.000Z" | 100

-- when the next run may start
select "NotBefore"
from "Task_History" as "h"
where "State" = ? and "NotBefore" > ? and ("TargetNodeID" is null or "TargetNodeID" = ?)
order by "NotBefore" limit ?;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | 1

-- how many wait
select count(*) as "n" from "Task_History" where "State" = ?;
-- "Queued"

-- the newest run of a schedule row
select "HistoryID", "State", "Error"
from "Task_History"
where "ScheduleID" = ?
order by "ScheduledFor" desc, "Attempt" desc limit ?;
-- "01900000-0000-7000-8000-0000000000b1" | 1

-- whether a slot has its run
select "HistoryID"
from "Task_History"
where "ScheduleID" = ? and "ScheduledFor" = ? and "Attempt" = ?;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | 1

-- which slots have their runs
select "ScheduleID", "ScheduledFor"
from "Task_History"
where "ScheduleID" in (?) and "ScheduledFor" in (?, ?) and "Attempt" = ?;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | 1

-- skipped slots are counted
update "Task_History"
set "SkippedCount" = "SkippedCount" + ?, "EndTime" = ?, "UpdatedAt" = ?
where "HistoryID" = ?;
-- 3 | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1"
