-- a run is queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, null, @14);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | "{\"path\":\"/srv\"}"

-- runs are queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, null, @14), (@15, @16, @17, @18, @19, @20, @21, @22, @23, @24, @25, @26, @27, null, null);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | "{\"path\":\"/srv\"}" | "01900000-0000-7000-8000-0000000000c2" | "01900000-0000-7000-8000-0000000000a2" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1"

-- candidates of a claim
select top(@1) "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h" with (updlock, rowlock, readpast)
where "State" = @2 and "NotBefore" <= @3 and ("TargetNodeID" is null or "TargetNodeID" = @4)
order by "Priority" desc, "ScheduledFor", "HistoryID";
-- 4 | "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1"

-- candidates of a claim beside other nodes
select top(@1) "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h" with (updlock, rowlock, readpast)
where "State" = @2 and "NotBefore" <= @3 and ("TargetNodeID" is null or "TargetNodeID" = @4) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "h"."TaskID" and (("t"."AssignedNodeID" = @5 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = @6) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = @7) or "t"."AssignedNodeGroup" = @8) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = @9))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = @10) and (("t"."ScriptType" is not null and "t"."ScriptType" = @11) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like @12)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = @13) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = @14) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = @15)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = @16) and (("t"."ScriptType" is not null and "t"."ScriptType" = @17) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like @18))))))
order by "Priority" desc, "ScheduledFor", "HistoryID";
-- 4 | "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py"

-- candidates behind others, without blocked tasks
select top(@1) "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h" with (updlock, rowlock, readpast)
where "State" = @2 and "NotBefore" <= @3 and ("TargetNodeID" is null or "TargetNodeID" = @4) and "TaskID" not in (@5) and ("Priority" < @6 or ("Priority" = @7 and "ScheduledFor" > @8) or ("Priority" = @9 and "ScheduledFor" = @10 and "HistoryID" > @11))
order by "Priority" desc, "ScheduledFor", "HistoryID";
-- 4 | "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000a2" | 5 | 5 | "2026-03-01T08:00:00.000Z" | 5 | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1"

-- what runs of these tasks
select "TaskID", "NodeID", "State"
from "Task_History"
where "State" in (@1, @2) and "TaskID" in (@3);
-- "Queued" | "Running" | "01900000-0000-7000-8000-0000000000a1"

-- a claim
update "Task_History"
set "NodeID" = @1, "Incarnation" = @2, "LeaseUntil" = @3, "StartTime" = @4, "SortTime" = @5, "UpdatedAt" = @6, "State" = @7
where "HistoryID" in (@8, @9) and "State" = @10;
-- "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2" | "2026-03-01T08:00:30.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Running" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Queued"

-- a run is locked, its task before it
select "TaskID" from "Task_History" where "HistoryID" = @1;
-- "01900000-0000-7000-8000-0000000000c1"
select * from "Tasks" with (updlock, rowlock) where "TaskID" in (@1) order by "TaskID";
-- "01900000-0000-7000-8000-0000000000a1"
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" with (updlock, rowlock)
where "HistoryID" = @1;
-- "01900000-0000-7000-8000-0000000000c1"

-- a run ends
update "Task_History"
set "State" = @1, "EndTime" = @2, "ExitCode" = @3, "Error" = null, "Output" = @4, "LeaseUntil" = null, "UpdatedAt" = @5
where "HistoryID" = @6 and "State" = @7 and "Incarnation" = @8;
-- "Success" | "2026-03-01T08:00:30.000Z" | 0 | x'1f8b' | "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "Running" | "01900000-0000-7000-8000-0000000000d2"

-- a run by its id
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" = @1;
-- "01900000-0000-7000-8000-0000000000c1"

-- its output
select "Output" from "Task_History" where "HistoryID" = @1;
-- "01900000-0000-7000-8000-0000000000c1"

-- leases are renewed
select "HistoryID"
from "Task_History" with (updlock, rowlock, readpast)
where "State" = @1 and "NodeID" = @2 and "Incarnation" = @3;
-- "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2"
update "Task_History" set "LeaseUntil" = @1 where "HistoryID" in (@2, @3);
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2"

-- leases are shortened
update "Task_History" set "LeaseUntil" = @1 where "State" = @2 and "LeaseUntil" > @3;
-- "2026-03-01T08:00:00.000Z" | "Running" | "2026-03-01T08:00:30.000Z"

-- expired leases
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "State" = @1 and "LeaseUntil" < @2;
-- "Running" | "2026-03-01T08:00:00.000Z"

-- runs of a task that have not ended
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "TaskID" = @1 and "State" in (@2, @3) and ("TargetNodeID" = @4 or "NodeID" = @5)
order by "ScheduledFor", "HistoryID";
-- "01900000-0000-7000-8000-0000000000a1" | "Queued" | "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1"

-- runs that wait
select top(@1) "HistoryID", "TaskID", "Attempt", "NotBefore"
from "Task_History"
where "State" = @2 and "NotBefore" > @3
order by "NotBefore" desc;
-- 100 | "Queued" | "2026-03-01T08:00:00.000Z"

-- when the next run may start
select top(@1) "NotBefore"
from "Task_History" as "h"
where "State" = @2 and "NotBefore" > @3 and ("TargetNodeID" is null or "TargetNodeID" = @4)
order by "NotBefore";
-- 1 | "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1"

-- how many wait
select count(*) as "n" from "Task_History" where "State" = @1;
-- "Queued"

-- the newest run of a schedule row
select top(@1) "HistoryID", "State", "Error"
from "Task_History"
where "ScheduleID" = @2
order by "ScheduledFor" desc, "Attempt" desc;
-- 1 | "01900000-0000-7000-8000-0000000000b1"

-- whether a slot has its run
select "HistoryID"
from "Task_History"
where "ScheduleID" = @1 and "ScheduledFor" = @2 and "Attempt" = @3;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | 1

-- which slots have their runs
select "ScheduleID", "ScheduledFor"
from "Task_History"
where "ScheduleID" in (@1) and "ScheduledFor" in (@2, @3) and "Attempt" = @4;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | 1

-- skipped slots are counted
update "Task_History"
set "SkippedCount" = "SkippedCount" + @1, "EndTime" = @2, "UpdatedAt" = @3
where "HistoryID" = @4;
-- 3 | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1"
