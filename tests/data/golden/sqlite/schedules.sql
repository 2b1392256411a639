-- a schedule row is made
insert into "Task_Schedule" ("ScheduleID", "TaskID", "NodeID", "IsRunning", "TotalRuns", "SuccessCount", "FailureCount", "NextRun")
values (?, ?, ?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000a1" | "" | 0 | 0 | 0 | 0 | "2026-03-01T08:00:00.000Z"

-- a schedule row is changed
update "Task_Schedule"
set "IsRunning" = ?, "RunningOnNode" = ?, "StartedAt" = ?
where "ScheduleID" = ?;
-- 1 | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1"

-- schedule rows are deleted
delete from "Task_Schedule" where "ScheduleID" in (?, ?);
-- "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- due rows
select "s".*
from "Task_Schedule" as "s"
where "s"."NextRun" <= ? and "s"."NodeID" in (?, ?) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ? and (("t"."AssignedNodeID" = ? or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)))) and "t"."Parameters" not like ? and "t"."Environment" not like ?))
order by "s"."NextRun" limit ?;
-- "2026-03-01T08:00:00.000Z" | "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 200

-- rows due before
select "t"."TaskID", "t"."TaskName", "t"."Schedule", "t"."TimeZone", "s"."NextRun"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < ? and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ?)
order by "s"."NextRun" limit ?;
-- "2026-03-01T08:00:30.000Z" | 1 | 100

-- rows to plan
select "s"."NodeID", "t"."TaskID", "t"."TaskName", "t"."AppName", "t"."Schedule", "t"."TimeZone", "t"."AssignedNodeID", "t"."AssignedNodeGroup", "t"."AssignedNodeRole", "t"."RunOn", "t"."ScriptType", "t"."ScriptPath", "t"."OverlapPolicy", "t"."Limits"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < ? and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ?)
order by "s"."NextRun" limit ?;
-- "2026-03-01T08:00:30.000Z" | 1 | 100

-- rows to plan, of a task on a node
select "s"."NodeID", "t"."TaskID", "t"."TaskName", "t"."AppName", "t"."Schedule", "t"."TimeZone", "t"."AssignedNodeID", "t"."AssignedNodeGroup", "t"."AssignedNodeRole", "t"."RunOn", "t"."ScriptType", "t"."ScriptPath", "t"."OverlapPolicy", "t"."Limits"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < ? and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ? and (("t"."AssignedNodeID" = ? or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)))) and "t"."Parameters" not like ? and "t"."Environment" not like ?)) and "s"."TaskID" = ? and "s"."NodeID" in (?, ?)
order by "s"."NextRun" limit ?;
-- "2026-03-01T08:00:30.000Z" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | "01900000-0000-7000-8000-0000000000a1" | "" | "01900000-0000-7000-8000-0000000000d1" | 100

-- a slot is taken
update "Task_Schedule" set "NextRun" = ? where "ScheduleID" = ? and "NextRun" = ?;
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z"

-- slots are taken
update "Task_Schedule" set "NextRun" = ? where "ScheduleID" in (?, ?);
-- null | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- rows show other runs
update "Task_Schedule"
set "IsRunning" = ?, "RunningOnNode" = ?, "StartedAt" = ?, "LastRun" = ?, "LastHistoryID" = case "ScheduleID" when ? then ? when ? then ? end
where "ScheduleID" in (?, ?);
-- 1 | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000b2" | "01900000-0000-7000-8000-0000000000c2" | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- a slot is counted
update "Task_Schedule"
set "TotalRuns" = "TotalRuns" + 1, "SuccessCount" = "SuccessCount" + 1
where "ScheduleID" = ?;
-- "01900000-0000-7000-8000-0000000000b1"

-- when the next slot is due
select "s"."NextRun"
from "Task_Schedule" as "s"
where "s"."NextRun" is not null and "s"."NodeID" in (?, ?) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ? and (("t"."AssignedNodeID" = ? or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)))) and "t"."Parameters" not like ? and "t"."Environment" not like ?))
order by "s"."NextRun" limit ?;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 1

-- rows of later slots
select "s"."ScheduleID", "s"."NextRun", "t"."TaskID", "t"."Schedule", "t"."TimeZone"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" > ? and "s"."ScheduleID" > ? and "t"."Enabled" = ?
order by "s"."ScheduleID" limit ?;
-- "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | 1 | 100

-- what a node runs next
select "s"."TaskID", "s"."NextRun"
from "Task_Schedule" as "s"
where "s"."NextRun" is not null and "s"."NodeID" in (?, ?) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = ? and (("t"."AssignedNodeID" = ? or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = ?) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = ?)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = ?) and (("t"."ScriptType" is not null and "t"."ScriptType" = ?) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like ?)))) and "t"."Parameters" not like ? and "t"."Environment" not like ?))
order by "s"."NextRun" limit ?;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 5

-- what comes next
select "s"."TaskID", "s"."NextRun", "s"."IsRunning"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" is not null and "s"."NodeID" in (?, ?) and "t"."Enabled" = ?
order by "s"."NextRun" limit ?;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | 10
