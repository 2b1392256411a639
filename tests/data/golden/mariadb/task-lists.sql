-- by name
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 51

-- by name, behind a cursor, with every filter
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where (`t`.`Enabled` = ? and `t`.`AppName` in (?) and `t`.`AssignedNodeID` in (?) and `t`.`AssignedNodeGroup` in (?) and `t`.`AssignedNodeRole` in (?) and (`t`.`Tags` like ? escape '!' or `t`.`Tags` like ? escape '!')) and (`t`.`TaskName` >= ? and (`t`.`TaskName` > ? or (`t`.`TaskName` = ? and (`t`.`AppName` > ? or (`t`.`AppName` = ? and `t`.`TaskID` > ?)))))
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "shop" | "01900000-0000-7000-8000-0000000000d1" | "g" | "r" | "%\"web\"%" | "%\"night\"%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- a search
select '' as `sortKey`, `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID`
from `Tasks` as `t`
where 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ? offset ?;
-- 1 | 19999
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where 1 = 1 and (lower(`t`.`TaskName`) like ? escape '!' or lower(`t`.`AppName`) like ? escape '!' or lower(`t`.`ScriptPath`) like ? escape '!' or lower(`t`.`Description`) like ? escape '!' or lower(`t`.`Tags`) like ? escape '!') and not (`t`.`TaskName` >= ? and (`t`.`TaskName` > ? or (`t`.`TaskName` = ? and (`t`.`AppName` > ? or (`t`.`AppName` = ? and `t`.`TaskID` > ?)))))
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "%50!%!_![a]!!%" | "Nightly" | "Nightly" | "Nightly" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- by priority
select `t`.`Priority` as `sortKey`, `t`.*
from `Tasks` as `t`
where 1 = 1 and (`t`.`Priority` <= ? and (`t`.`Priority` < ? or (`t`.`TaskName` >= ? and (`t`.`TaskName` > ? or (`t`.`TaskName` = ? and (`t`.`AppName` > ? or (`t`.`AppName` = ? and `t`.`TaskID` > ?)))))))
order by `t`.`Priority` desc, `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 5 | 5 | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51

-- by their next run
select `s`.`NextRun` as `sortKey`, `t`.*
from `Task_Schedule` as `s`
cross join `Tasks` as `t`
where `t`.`TaskID` = `s`.`TaskID` and `s`.`NextRun` is not null and not exists (select `o`.`ScheduleID`
from `Task_Schedule` as `o`
where `o`.`TaskID` = `s`.`TaskID` and (`o`.`NextRun` < `s`.`NextRun` or (`o`.`NextRun` = `s`.`NextRun` and `o`.`ScheduleID` < `s`.`ScheduleID`))) and 1 = 1
order by `s`.`NextRun` asc, `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 51
select '~' as `sortKey`, `t`.*
from `Tasks` as `t`
where not exists (select `s`.`ScheduleID`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID` and `s`.`NextRun` is not null) and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 51

-- by their last run, those of an app, behind a cursor
select `s`.`LastRun` as `sortKey`, `t`.*
from `Task_Schedule` as `s`
inner join `Tasks` as `t` on `t`.`TaskID` = `s`.`TaskID`
where `s`.`LastRun` is not null and not exists (select `o`.`ScheduleID`
from `Task_Schedule` as `o`
where `o`.`TaskID` = `s`.`TaskID` and (`o`.`LastRun` > `s`.`LastRun` or (`o`.`LastRun` = `s`.`LastRun` and `o`.`ScheduleID` < `s`.`ScheduleID`))) and `t`.`AppName` in (?) and (`s`.`LastRun` <= ? and (`s`.`LastRun` < ? or (`t`.`TaskName` >= ? and (`t`.`TaskName` > ? or (`t`.`TaskName` = ? and (`t`.`AppName` > ? or (`t`.`AppName` = ? and `t`.`TaskID` > ?)))))))
order by `s`.`LastRun` desc, `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- "shop" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "a" | "a" | "a" | "" | "" | "01900000-0000-7000-8000-0000000000a1" | 51
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where not exists (select `s`.`ScheduleID`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID` and `s`.`LastRun` is not null) and `t`.`AppName` in (?) and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- "shop" | 51

-- by their state
select `TaskID` from `Task_Schedule` where `LastState` in (?, ?, ?) limit ?;
-- "Failed" | "Timeout" | "Lost" | 501
select coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) as `sortKey`, `t`.*
from `Tasks` as `t`
where coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) = 0 and `t`.`TaskID` in (?) and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 51
select `TaskID` from `Task_Schedule` where `IsRunning` = ? limit ?;
-- 1 | 501
select coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) as `sortKey`, `t`.*
from `Tasks` as `t`
where coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) = 1 and `t`.`TaskID` in (?) and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 50
select count(*) as `count` from `Tasks`;
select count(distinct `TaskID`) as `count` from `Task_Schedule`;
select `TaskID` from `Task_Schedule` where `LastState` is null limit ?;
-- 501
select coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) as `sortKey`, `t`.*
from `Tasks` as `t`
where coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) = 2 and `t`.`TaskID` in (?) and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | "01900000-0000-7000-8000-0000000000a1" | 50
select coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) as `sortKey`, `t`.*
from `Tasks` as `t`
where coalesce(((select min(case when `s`.`IsRunning` = ? then 1 when `s`.`LastState` in (?, ?, ?) then 0 when `s`.`LastState` is null then 2 else 3 end) as `degree`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID`)), 2) = 3 and 1 = 1
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "Failed" | "Timeout" | "Lost" | 1 | "Failed" | "Timeout" | "Lost" | 50

-- in these states
select `TaskID` from `Task_Schedule` where `IsRunning` = ? limit ?;
-- 1 | 501
select `TaskID` from `Task_Schedule` where `LastState` = ? limit ?;
-- "Failed" | 501
select `TaskID` from `Task_History` where `State` = ? limit ?;
-- "Queued" | 501
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where (exists (select `s`.`ScheduleID`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID` and `s`.`IsRunning` = ?) or exists (select `s`.`ScheduleID`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID` and `s`.`LastState` = ?) or exists (select `h`.`HistoryID`
from `Task_History` as `h`
where `h`.`TaskID` = `t`.`TaskID` and `h`.`State` = ?)) and `t`.`TaskID` in (?)
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 1 | "Failed" | "Queued" | "01900000-0000-7000-8000-0000000000a1" | 51

-- never run
select '' as `sortKey`, `t`.*
from `Tasks` as `t`
where not exists (select `s`.`ScheduleID`
from `Task_Schedule` as `s`
where `s`.`TaskID` = `t`.`TaskID` and `s`.`LastState` is not null)
order by `t`.`TaskName`, `t`.`AppName`, `t`.`TaskID` limit ?;
-- 51

-- what their schedule rows say
select `s`.`TaskID`, `s`.`NextRun`, `s`.`LastRun`, `s`.`LastState`, `s`.`LastHistoryID`, `s`.`IsRunning`, `h`.`Error` as `lastError`
from `Task_Schedule` as `s`
left join `Task_History` as `h` on `h`.`HistoryID` = `s`.`LastHistoryID`
where `s`.`TaskID` in (?);
-- "01900000-0000-7000-8000-0000000000a1"
