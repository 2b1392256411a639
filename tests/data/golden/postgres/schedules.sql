-- a schedule row is made
insert into "Task_Schedule" ("ScheduleID", "TaskID", "NodeID", "IsRunning", "TotalRuns", "SuccessCount", "FailureCount", "NextRun")
values ($1, $2, $3, $4, $5, $6, $7, $8);
-- "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000a1" | "" | 0 | 0 | 0 | 0 | "2026-03-01T08:00:00.000Z"

-- a schedule row is changed
update "Task_Schedule"
set "IsRunning" = $1, "RunningOnNode" = $2, "StartedAt" = $3
where "ScheduleID" = $4;
-- 1 | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1"

-- schedule rows are deleted
delete from "Task_Schedule" where "ScheduleID" in ($1, $2);
-- "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- due rows
select "s".*
from "Task_Schedule" as "s"
where "s"."NextRun" <= $1 and "s"."NodeID" in ($2, $3) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $4 and (("t"."AssignedNodeID" = $5 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $6) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $7) or "t"."AssignedNodeGroup" = $8) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $9))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $10) and (("t"."ScriptType" is not null and "t"."ScriptType" = $11) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $12)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $13) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $14) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $15)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $16) and (("t"."ScriptType" is not null and "t"."ScriptType" = $17) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $18)))) and "t"."Parameters" not like $19 and "t"."Environment" not like $20))
order by "s"."NextRun" limit $21 for update skip locked;
-- "2026-03-01T08:00:00.000Z" | "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 200

-- rows due before
select "t"."TaskID", "t"."TaskName", "t"."Schedule", "t"."TimeZone", "s"."NextRun"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < $1 and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $2)
order by "s"."NextRun" limit $3;
-- "2026-03-01T08:00:30.000Z" | 1 | 100

-- rows to plan
select "s"."NodeID", "t"."TaskID", "t"."TaskName", "t"."AppName", "t"."Schedule", "t"."TimeZone", "t"."AssignedNodeID", "t"."AssignedNodeGroup", "t"."AssignedNodeRole", "t"."RunOn", "t"."ScriptType", "t"."ScriptPath", "t"."OverlapPolicy", "t"."Limits"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < $1 and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $2)
order by "s"."NextRun" limit $3;
-- "2026-03-01T08:00:30.000Z" | 1 | 100

-- rows to plan, of a task on a node
select "s"."NodeID", "t"."TaskID", "t"."TaskName", "t"."AppName", "t"."Schedule", "t"."TimeZone", "t"."AssignedNodeID", "t"."AssignedNodeGroup", "t"."AssignedNodeRole", "t"."RunOn", "t"."ScriptType", "t"."ScriptPath", "t"."OverlapPolicy", "t"."Limits"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" < $1 and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $2 and (("t"."AssignedNodeID" = $3 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $4) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $5) or "t"."AssignedNodeGroup" = $6) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $7))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $8) and (("t"."ScriptType" is not null and "t"."ScriptType" = $9) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $10)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $11) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $12) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $13)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $14) and (("t"."ScriptType" is not null and "t"."ScriptType" = $15) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $16)))) and "t"."Parameters" not like $17 and "t"."Environment" not like $18)) and "s"."TaskID" = $19 and "s"."NodeID" in ($20, $21)
order by "s"."NextRun" limit $22;
-- "2026-03-01T08:00:30.000Z" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | "01900000-0000-7000-8000-0000000000a1" | "" | "01900000-0000-7000-8000-0000000000d1" | 100

-- a slot is taken
update "Task_Schedule" set "NextRun" = $1 where "ScheduleID" = $2 and "NextRun" = $3;
-- "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000b1" | "2026-03-01T08:00:00.000Z"

-- slots are taken
update "Task_Schedule" set "NextRun" = $1 where "ScheduleID" in ($2, $3);
-- null | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- rows show other runs
update "Task_Schedule"
set "IsRunning" = $1, "RunningOnNode" = $2, "StartedAt" = $3, "LastRun" = $4, "LastHistoryID" = case "ScheduleID" when $5 then $6 when $7 then $8 end
where "ScheduleID" in ($9, $10);
-- 1 | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000c1" | "01900000-0000-7000-8000-0000000000b2" | "01900000-0000-7000-8000-0000000000c2" | "01900000-0000-7000-8000-0000000000b1" | "01900000-0000-7000-8000-0000000000b2"

-- a slot is counted
update "Task_Schedule"
set "TotalRuns" = "TotalRuns" + 1, "SuccessCount" = "SuccessCount" + 1
where "ScheduleID" = $1;
-- "01900000-0000-7000-8000-0000000000b1"

-- when the next slot is due
select "s"."NextRun"
from "Task_Schedule" as "s"
where "s"."NextRun" is not null and "s"."NodeID" in ($1, $2) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $3 and (("t"."AssignedNodeID" = $4 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $5) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $6) or "t"."AssignedNodeGroup" = $7) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $8))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $9) and (("t"."ScriptType" is not null and "t"."ScriptType" = $10) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $11)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $12) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $13) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $14)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $15) and (("t"."ScriptType" is not null and "t"."ScriptType" = $16) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $17)))) and "t"."Parameters" not like $18 and "t"."Environment" not like $19))
order by "s"."NextRun" limit $20;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 1

-- rows of later slots
select "s"."ScheduleID", "s"."NextRun", "t"."TaskID", "t"."Schedule", "t"."TimeZone"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" > $1 and "s"."ScheduleID" > $2 and "t"."Enabled" = $3
order by "s"."ScheduleID" limit $4;
-- "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000b1" | 1 | 100

-- what a node runs next
select "s"."TaskID", "s"."NextRun"
from "Task_Schedule" as "s"
where "s"."NextRun" is not null and "s"."NodeID" in ($1, $2) and exists (select "t"."TaskID"
from "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "t"."Enabled" = $3 and (("t"."AssignedNodeID" = $4 or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $5) and (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $6) or "t"."AssignedNodeGroup" = $7) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $8))) and not ((("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $9) and (("t"."ScriptType" is not null and "t"."ScriptType" = $10) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $11)) and (("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $12) or (("t"."AssignedNodeGroup" is null or "t"."AssignedNodeGroup" = $13) and ("t"."AssignedNodeRole" is null or "t"."AssignedNodeRole" = $14)))) or (("t"."AssignedNodeID" is null or "t"."AssignedNodeID" = $15) and (("t"."ScriptType" is not null and "t"."ScriptType" = $16) or ("t"."ScriptType" is null and lower("t"."ScriptPath") like $17)))) and "t"."Parameters" not like $18 and "t"."Environment" not like $19))
order by "s"."NextRun" limit $20;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | "01900000-0000-7000-8000-0000000000d1" | "" | "" | "web" | "" | "" | "powershell" | "%.ps1" | "" | "" | "" | "" | "python" | "%.py" | "%{\"$sealed\":%" | "%{\"$sealed\":%" | 5

-- what comes next
select "s"."TaskID", "s"."NextRun", "s"."IsRunning"
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."NextRun" is not null and "s"."NodeID" in ($1, $2) and "t"."Enabled" = $3
order by "s"."NextRun" limit $4;
-- "" | "01900000-0000-7000-8000-0000000000d1" | 1 | 10
