-- by name
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51

-- by name, behind a cursor, with every filter
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where ("t"."Enabled" = @2 and "t"."AppName" in (@3) and "t"."AssignedNodeID" in (@4) and "t"."AssignedNodeGroup" in (@5) and "t"."AssignedNodeRole" in (@6) and ("t"."Tags" like @7 escape '!' or "t"."Tags" like @8 escape '!')) and ("t"."TaskName" >= @9 and ("t"."TaskName" > @10 or ("t"."TaskName" = @11 and ("t"."AppName" > @12 or ("t"."AppName" = @13 and "t"."TaskID" > @14)))))
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | 1 | "shop" | "01900000-0000-7000-8000-0000000000d1" | "g" | "r" | "%\"web\"%" | "%\"night\"%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1"

-- a search
select '' as "sortKey", "t"."TaskName", "t"."AppName", "t"."TaskID"
from "Tasks" as "t"
where 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID" offset @1 rows fetch next @2 rows only;
-- 19999 | 1
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1 and (lower("t"."TaskName") like @2 escape '!' or lower("t"."AppName") like @3 escape '!' or lower("t"."ScriptPath") like @4 escape '!' or lower("t"."Description") like @5 escape '!' or lower("t"."Tags") like @6 escape '!') and not ("t"."TaskName" >= @7 and ("t"."TaskName" > @8 or ("t"."TaskName" = @9 and ("t"."AppName" > @10 or ("t"."AppName" = @11 and "t"."TaskID" > @12)))))
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1"

-- by priority
select top(@1) "t"."Priority" as "sortKey", "t".*
from "Tasks" as "t"
where 1 = 1 and ("t"."Priority" <= @2 and ("t"."Priority" < @3 or ("t"."TaskName" >= @4 and ("t"."TaskName" > @5 or ("t"."TaskName" = @6 and ("t"."AppName" > @7 or ("t"."AppName" = @8 and "t"."TaskID" > @9)))))))
order by "t"."Priority" desc, "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | 5 | 5 | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1"

-- by their next run
select top(@1) "s"."NextRun" as "sortKey", "t".*
from "Task_Schedule" as "s"
cross join "Tasks" as "t"
where "t"."TaskID" = "s"."TaskID" and "s"."NextRun" is not null and not exists (select "o"."ScheduleID"
from "Task_Schedule" as "o"
where "o"."TaskID" = "s"."TaskID" and ("o"."NextRun" < "s"."NextRun" or ("o"."NextRun" = "s"."NextRun" and "o"."ScheduleID" < "s"."ScheduleID"))) and 1 = 1
order by "s"."NextRun" asc, "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51
select top(@1) '~' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."NextRun" is not null) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51

-- by their last run, those of an app, behind a cursor
select top(@1) "s"."LastRun" as "sortKey", "t".*
from "Task_Schedule" as "s"
inner join "Tasks" as "t" on "t"."TaskID" = "s"."TaskID"
where "s"."LastRun" is not null and not exists (select "o"."ScheduleID"
from "Task_Schedule" as "o"
where "o"."TaskID" = "s"."TaskID" and ("o"."LastRun" > "s"."LastRun" or ("o"."LastRun" = "s"."LastRun" and "o"."ScheduleID" < "s"."ScheduleID"))) and "t"."AppName" in (@2) and ("s"."LastRun" <= @3 and ("s"."LastRun" < @4 or ("t"."TaskName" >= @5 and ("t"."TaskName" > @6 or ("t"."TaskName" = @7 and ("t"."AppName" > @8 or ("t"."AppName" = @9 and "t"."TaskID" > @10)))))))
order by "s"."LastRun" desc, "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | "shop" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1"
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastRun" is not null) and "t"."AppName" in (@2) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | "shop"

-- by their state
select top(@1) "TaskID" from "Task_Schedule" where "LastState" in (@2, @3, @4);
-- 501 | "Failed" | "Timeout" | "Lost"
select top(@1) coalesce(((select min(case when "s"."IsRunning" = @2 then 1 when "s"."LastState" in (@3, @4, @5) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = @6 then 1 when "s"."LastState" in (@7, @8, @9) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 0 and "t"."TaskID" in (@10) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1"
select top(@1) "TaskID" from "Task_Schedule" where "IsRunning" = @2;
-- 501 | 1
select top(@1) coalesce(((select min(case when "s"."IsRunning" = @2 then 1 when "s"."LastState" in (@3, @4, @5) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = @6 then 1 when "s"."LastState" in (@7, @8, @9) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 1 and "t"."TaskID" in (@10) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 50 | 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1"
select count(*) as "count" from "Tasks";
select count(distinct "TaskID") as "count" from "Task_Schedule";
select top(@1) "TaskID" from "Task_Schedule" where "LastState" is null;
-- 501
select top(@1) coalesce(((select min(case when "s"."IsRunning" = @2 then 1 when "s"."LastState" in (@3, @4, @5) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = @6 then 1 when "s"."LastState" in (@7, @8, @9) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 2 and "t"."TaskID" in (@10) and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 50 | 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1"
select top(@1) coalesce(((select min(case when "s"."IsRunning" = @2 then 1 when "s"."LastState" in (@3, @4, @5) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) as "sortKey", "t".*
from "Tasks" as "t"
where coalesce(((select min(case when "s"."IsRunning" = @6 then 1 when "s"."LastState" in (@7, @8, @9) then 0 when "s"."LastState" is null then 2 else 3 end) as "degree"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID")), 2) = 3 and 1 = 1
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 50 | 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost"

-- in these states
select top(@1) "TaskID" from "Task_Schedule" where "IsRunning" = @2;
-- 501 | 1
select top(@1) "TaskID" from "Task_Schedule" where "LastState" = @2;
-- 501 | "Failed"
select top(@1) "TaskID" from "Task_History" where "State" = @2;
-- 501 | "Queued"
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where (exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."IsRunning" = @2) or exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastState" = @3) or exists (select "h"."HistoryID"
from "Task_History" as "h"
where "h"."TaskID" = "t"."TaskID" and "h"."State" = @4)) and "t"."TaskID" in (@5)
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51 | 1 | "Failed" | "Queued" | "01900000-0000-7000-8000-0000000000a1"

-- never run
select top(@1) '' as "sortKey", "t".*
from "Tasks" as "t"
where not exists (select "s"."ScheduleID"
from "Task_Schedule" as "s"
where "s"."TaskID" = "t"."TaskID" and "s"."LastState" is not null)
order by "t"."TaskName", "t"."AppName", "t"."TaskID";
-- 51

-- what their schedule rows say
select "s"."TaskID", "s"."NextRun", "s"."LastRun", "s"."LastState", "s"."LastHistoryID", "s"."IsRunning", "h"."Error" as "lastError"
from "Task_Schedule" as "s"
left join "Task_History" as "h" on "h"."HistoryID" = "s"."LastHistoryID"
where "s"."TaskID" in (@1);
-- "01900000-0000-7000-8000-0000000000a1"
