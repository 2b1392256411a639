-- a run is queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | "{\"path\":\"/srv\"}"

-- runs are queued
insert into "Task_History" ("HistoryID", "TaskID", "TaskName", "AppName", "ScheduledFor", "NotBefore", "SortTime", "State", "Priority", "Attempt", "TriggeredBy", "UpdatedAt", "ScheduleID", "NodeID", "Parameters")
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15), ($16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30);
-- "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | "{\"path\":\"/srv\"}" | "01900000-0000-7000-8000-0000000000c2" | "01900000-0000-7000-8000-0000000000a2" | "Nightly export" | "" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Queued" | 0 | 1 | "Schedule" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | null | null

-- candidates of a claim
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = $1 and "NotBefore" <= $2 and ("TargetNodeID" is null or "TargetNodeID" = $3)
order by "Priority" desc, "ScheduledFor", "HistoryID" limit $4 for update skip locked;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | 4

-- candidates of a claim beside other nodes
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = $1 and "NotBefore" <= $2 and ("TargetNodeID" is null or "TargetNodeID" = $3) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "h"."TaskID" and (("t"."AssignedNodeID" = $4 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $5) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $6) or "t"."AssignedNodeGroup" = $7) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $8))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $9) and (("t"."ScriptType" is not null and "t"."ScriptType" = $10) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $11)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $12) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $13) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $14)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $15) and (("t"."ScriptType" is not null and "t"."ScriptType" = $16) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $17))))))
order by "Priority" desc, "ScheduledFor", "HistoryID" limit $18 for update skip locked;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | 4

-- candidates behind others, without blocked tasks
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History" as "h"
where "State" = $1 and "NotBefore" <= $2 and ("TargetNodeID" is null or "TargetNodeID" = $3) and "TaskID" not in ($4) and ("Priority" < $5 or ("Priority" = $6 and "ScheduledFor" > $7) or ("Priority" = $8 and "ScheduledFor" = $9 and "HistoryID" > $10))
order by "Priority" desc, "ScheduledFor", "HistoryID" limit $11 for update skip locked;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000a2" | 5 | 5 | "2026-03-01T08:00:00.000Z" | 5 | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1" | 4

-- what runs of these tasks
select "TaskID", "NodeID", "State"
from "Task_History"
where "State" in ($1, $2) and "TaskID" in ($3);
-- "Queued" | "Running" | "01900000-0000-7000-8000-0000000000a1"

-- a claim
update "Task_History"
set "NodeID" = $1, "Incarnation" = $2, "LeaseUntil" = $3, "StartTime" = $4, "SortTime" = $5, "UpdatedAt" = $6, "State" = $7
where "HistoryID" in ($8, $9) and "State" = $10;
-- "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2" | "2026-03-01T08:00:30.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "Running" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2" | "Queued"

-- a run is locked, its task before it
select "TaskID" from "Task_History" where "HistoryID" = $1;
-- "01900000-0000-7000-8000-0000000000c1"
select * from "Tasks" where "TaskID" in ($1) order by "TaskID" for update;
-- "01900000-0000-7000-8000-0000000000a1"
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" = $1 for update;
-- "01900000-0000-7000-8000-0000000000c1"

-- a run ends
update "Task_History"
set "State" = $1, "EndTime" = $2, "ExitCode" = $3, "Error" = $4, "Output" = $5, "LeaseUntil" = $6, "UpdatedAt" = $7
where "HistoryID" = $8 and "State" = $9 and "Incarnation" = $10;
-- "Success" | "2026-03-01T08:00:30.000Z" | 0 | null | x'1f8b' | null | "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "Running" | "01900000-0000-7000-8000-0000000000d2"

-- a run by its id
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "HistoryID" = $1;
-- "01900000-0000-7000-8000-0000000000c1"

-- its output
select "Output" from "Task_History" where "HistoryID" = $1;
-- "01900000-0000-7000-8000-0000000000c1"

-- leases are renewed
select "HistoryID"
from "Task_History"
where "State" = $1 and "NodeID" = $2 and "Incarnation" = $3 for update skip locked;
-- "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d2"
update "Task_History" set "LeaseUntil" = $1 where "HistoryID" in ($2, $3);
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000c2"

-- leases are shortened
update "Task_History" set "LeaseUntil" = $1 where "State" = $2 and "LeaseUntil" > $3;
-- "2026-03-01T08:00:00.000Z" | "Running" | "2026-03-01T08:00:30.000Z"

-- expired leases
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "State" = $1 and "LeaseUntil" < $2;
-- "Running" | "2026-03-01T08:00:00.000Z"

-- runs of a task that have not ended
select "HistoryID", "TaskID", "TaskName", "AppName", "ScheduleID", "NodeID", "TargetNodeID", "ScheduledFor", "NotBefore", "StartTime", "EndTime", "SortTime", "Duration", "State", "ExitCode", "Priority", "Attempt", "TriggeredBy", "RequestedBy", "Error", "Parameters", "TaskVersion", "ScriptHash", "SkippedCount", "OutputBytes", "Incarnation", "LeaseUntil", "StopRequestedAt", "StopRequestedBy", "UpdatedAt"
from "Task_History"
where "TaskID" = $1 and "State" in ($2, $3) and ("TargetNodeID" = $4 or "NodeID" = $5)
order by "ScheduledFor", "HistoryID";
-- "01900000-0000-7000-8000-0000000000a1" | "Queued" | "Running" | "01900000-0000-7000-8000-0000000000d1" | "01900000-0000-7000-8000-0000000000d1"

-- runs that wait
select "HistoryID", "TaskID", "Attempt", "NotBefore"
from "Task_History"
where "State" = $1 and "NotBefore" > $2
order by "NotBefore" desc limit $3;
-- "Queued" | "2026-03-01T08:00:00.000Z" | 100

-- when the next run may start
select "NotBefore"
from "Task_History" as "h"
where "State" = $1 and "NotBefore" > $2 and ("TargetNodeID" is null or "TargetNodeID" = $3)
order by "NotBefore" limit $4;
-- "Queued" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d1" | 1

-- how many wait
select count(*) as "n" from "Task_History" where "State" = $1;
-- "Queued"

-- the newest run of a schedule row
select "HistoryID", "State", "Error"
from "Task_History"
where "ScheduleID" = $1
order by "ScheduledFor" desc, "Attempt" desc limit $2;
-- "01900000-0000-7000-8000-0000000000b1" | 1

-- whether a slot has its run
select "HistoryID"
from "Task_History"
where "ScheduleID" = $1 and "ScheduledFor" = $2 and "Attempt" = $3;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | 1

-- which slots have their runs
select "ScheduleID", "ScheduledFor"
from "Task_History"
where "ScheduleID" in ($1) and "ScheduledFor" in ($2, $3) and "Attempt" = $4;
-- "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | 1

-- skipped slots are counted
update "Task_History"
set "SkippedCount" = "SkippedCount" + $1, "EndTime" = $2, "UpdatedAt" = $3
where "HistoryID" = $4;
-- 3 | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1"
