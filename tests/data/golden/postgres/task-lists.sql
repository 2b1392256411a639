-- by name
select '' as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $1;
-- 51

-- by name, behind a cursor, with every filter
select '' as "sortKey", "t".*
from "Tasks" as "t"
where ("t"."Enabled" = $1 and "t"."AppName" in ($2) and "t"."AssignedNodeID" in ($3) and "t"."AssignedNodeGroup" in ($4) and "t"."AssignedNodeRole" in ($5) and ("t"."Tags" like $6 escape '!' or "t"."Tags" like $7 escape '!')) and ("t"."TaskName" >= $8 and ("t"."TaskName" > $9 or ("t"."TaskName" = $10 and ("t"."AppName" > $11 or ("t"."AppName" = $12 and "t"."TaskID" > $13)))))
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $14;
-- 1 | "shop" | "01900000-0000-7000-8000-0000000000d1" | "g" | "r" | "%\"web\"%" | "%\"night\"%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- a search
select '' as "sortKey", "t"."TaskName", "t"."AppName", "t"."TaskID"
from "Tasks" as "t"
where 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $1 offset $2;
-- 1 | 19999
select '' as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1 and (lower("t"."TaskName") like $1 escape '!' or lower("t"."AppName") like $2 escape '!' or lower("t"."ScriptPath") like $3 escape '!' or lower("t"."Description") like $4 escape '!' or lower("t"."Tags") like $5 escape '!') and not ("t"."TaskName" >= $6 and ("t"."TaskName" > $7 or ("t"."TaskName" = $8 and ("t"."AppName" > $9 or ("t"."AppName" = $10 and "t"."TaskID" > $11)))))
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $12;
-- "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- by priority
select "t"."Priority" as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1 and ("t"."Priority" <= $1 and ("t"."Priority" < $2 or ("t"."TaskName" >= $3 and ("t"."TaskName" > $4 or ("t"."TaskName" = $5 and ("t"."AppName" > $6 or ("t"."AppName" = $7 and "t"."TaskID" > $8)))))))
order by "t"."Priority" desc, "t"."TaskName", "t"."AppName", "t"."TaskID" limit $9;
-- 5 | 5 | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- by their next run
select "s"."NextRun" as "sortKey", "t".*
from "Task_Schedule" as "s"
cross join "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "s"."NextRun" is not null and not exists (select "o"."ScheduleID"
from "Task_Schedule" as "o"
where "o"."TaskID" = "s"."TaskID" and ("o"."NextRun" < "s"."NextRun" or ("o"."NextRun" = "s"."NextRun" and "o"."ScheduleID" < "s"."ScheduleID"))) and 1 = 1
order by "s"."NextRun" asc, "t"."TaskName", "t"."AppName", "t"."TaskID" limit $1;
-- 51
select '~' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."NextRun" is not null) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $1;
-- 51

-- by their last run, those of an app, behind a cursor
select "s"."LastRun" as "sortKey", "t".*
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."LastRun" is not null and not exists (select "o"."ScheduleID"
from "Task_Schedule" as "o"
where "o"."TaskID" = "s"."TaskID" and ("o"."LastRun" > "s"."LastRun" or ("o"."LastRun" = "s"."LastRun" and "o"."ScheduleID" < "s"."ScheduleID"))) and "t"."AppName" in ($1) and ("s"."LastRun" <= $2 and ("s"."LastRun" < $3 or ("t"."TaskName" >= $4 and ("t"."TaskName" > $5 or ("t"."TaskName" = $6 and ("t"."AppName" > $7 or ("t"."AppName" = $8 and "t"."TaskID" > $9)))))))
order by "s"."LastRun" desc, "t"."TaskName", "t"."AppName", "t"."TaskID" limit $10;
-- "shop" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51
select '' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastRun" is not null) and "t"."AppName" in ($1) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $2;
-- "shop" | 51

-- by their state
select "TaskID" from "Task_Schedule" where "LastState" in ($1, $2, $3) limit $4;
-- "Failed" | "Timeout" | "Lost" | 501
select coalesce(((select min(case when "s"."IsRunning" = $1 then 1 when "s"."LastState" in ($2, $3, $4) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = $5 then 1 when "s"."LastState" in ($6, $7, $8) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 0 and "t"."TaskID" in ($9) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $10;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 51
select "TaskID" from "Task_Schedule" where "IsRunning" = $1 limit $2;
-- 1 | 501
select coalesce(((select min(case when "s"."IsRunning" = $1 then 1 when "s"."LastState" in ($2, $3, $4) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = $5 then 1 when "s"."LastState" in ($6, $7, $8) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 1 and "t"."TaskID" in ($9) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $10;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 50
select count(*) as "count" from "Tasks";
select count(distinct "TaskID") as "count" from "Task_Schedule";
select "TaskID" from "Task_Schedule" where "LastState" is null limit $1;
-- 501
select coalesce(((select min(case when "s"."IsRunning" = $1 then 1 when "s"."LastState" in ($2, $3, $4) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = $5 then 1 when "s"."LastState" in ($6, $7, $8) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 2 and "t"."TaskID" in ($9) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $10;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 50
select coalesce(((select min(case when "s"."IsRunning" = $1 then 1 when "s"."LastState" in ($2, $3, $4) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = $5 then 1 when "s"."LastState" in ($6, $7, $8) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 3 and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $9;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | 50

-- in these states
select "TaskID" from "Task_Schedule" where "IsRunning" = $1 limit $2;
-- 1 | 501
select "TaskID" from "Task_Schedule" where "LastState" = $1 limit $2;
-- "Failed" | 501
select "TaskID" from "Task_History" where "State" = $1 limit $2;
-- "Queued" | 501
select '' as "sortKey", "t".*
from "Tasks" as "t"
where (exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."IsRunning" = $1) or exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastState" = $2) or exists (select "h"."HistoryID"
from "Task_History" as "h"
where "h"."TaskID" = "t"."TaskID" and "h"."State" = $3)) and "t"."TaskID" in ($4)
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $5;
-- 1 | "Failed" | "Queued" | "01900000-0000-7000-8000-0000000000a1" | 51

-- never run
select '' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastState" is not null)
order by "t"."TaskName", "t"."AppName", "t"."TaskID" limit $1;
-- 51

-- what their schedule rows say
select "s"."TaskID", "s"."NextRun", "s"."LastRun", "s"."LastState", "s"."LastHistoryID", "s"."IsRunning", "h"."Error" as "lastError"
from "Task_Schedule" as "s"
left join "Task_History" as "h" on "h"."HistoryID" = "s"."LastHistoryID"
where "s"."TaskID" in ($1);
-- "01900000-0000-7000-8000-0000000000a1"
