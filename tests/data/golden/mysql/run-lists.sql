-- the newest
select `h`.`HistoryID`, `h`.`TaskID`, `h`.`TaskName`, `h`.`AppName`, `h`.`ScheduleID`, `h`.`NodeID`, `h`.`TargetNodeID`, `h`.`ScheduledFor`, `h`.`NotBefore`, `h`.`StartTime`, `h`.`EndTime`, `h`.`SortTime`, `h`.`Duration`, `h`.`State`, `h`.`ExitCode`, `h`.`Priority`, `h`.`Attempt`, `h`.`TriggeredBy`, `h`.`RequestedBy`, `h`.`Error`, `h`.`Parameters`, `h`.`TaskVersion`, `h`.`ScriptHash`, `h`.`SkippedCount`, `h`.`OutputBytes`, `h`.`Incarnation`, `h`.`LeaseUntil`, `h`.`StopRequestedAt`, `h`.`StopRequestedBy`, `h`.`UpdatedAt`
from `Task_History` as `h`
order by `h`.`SortTime` desc, `h`.`HistoryID` desc limit ?;
-- 51

-- with every filter, behind a cursor
select `h`.`HistoryID`, `h`.`TaskID`, `h`.`TaskName`, `h`.`AppName`, `h`.`ScheduleID`, `h`.`NodeID`, `h`.`TargetNodeID`, `h`.`ScheduledFor`, `h`.`NotBefore`, `h`.`StartTime`, `h`.`EndTime`, `h`.`SortTime`, `h`.`Duration`, `h`.`State`, `h`.`ExitCode`, `h`.`Priority`, `h`.`Attempt`, `h`.`TriggeredBy`, `h`.`RequestedBy`, `h`.`Error`, `h`.`Parameters`, `h`.`TaskVersion`, `h`.`ScriptHash`, `h`.`SkippedCount`, `h`.`OutputBytes`, `h`.`Incarnation`, `h`.`LeaseUntil`, `h`.`StopRequestedAt`, `h`.`StopRequestedBy`, `h`.`UpdatedAt`
from `Task_History` as `h`
where `h`.`TaskID` in (?) and `h`.`NodeID` in (?) and `h`.`State` in (?, ?) and `h`.`SortTime` >= ? and `h`.`SortTime` < ? and (`h`.`SortTime` <= ? and (`h`.`SortTime` < ? or (`h`.`SortTime` = ? and `h`.`HistoryID` < ?)))
order by `h`.`SortTime` desc, `h`.`HistoryID` desc limit ?;
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000d1" | "Failed" | "Lost" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000c1" | 51

-- a search
select `h`.`HistoryID`, `h`.`TaskID`, `h`.`TaskName`, `h`.`AppName`, `h`.`ScheduleID`, `h`.`NodeID`, `h`.`TargetNodeID`, `h`.`ScheduledFor`, `h`.`NotBefore`, `h`.`StartTime`, `h`.`EndTime`, `h`.`SortTime`, `h`.`Duration`, `h`.`State`, `h`.`ExitCode`, `h`.`Priority`, `h`.`Attempt`, `h`.`TriggeredBy`, `h`.`RequestedBy`, `h`.`Error`, `h`.`Parameters`, `h`.`TaskVersion`, `h`.`ScriptHash`, `h`.`SkippedCount`, `h`.`OutputBytes`, `h`.`Incarnation`, `h`.`LeaseUntil`, `h`.`StopRequestedAt`, `h`.`StopRequestedBy`, `h`.`UpdatedAt`
from (select `h`.`HistoryID`
from `Task_History` as `h`
order by `h`.`SortTime` desc, `h`.`HistoryID` desc limit ?) as `s`
inner join `Task_History` as `h` on `h`.`HistoryID` = `s`.`HistoryID`
where (lower(`h`.`TaskName`) like ? escape '!' or lower(`h`.`TaskName`) like ? escape '!' or lower(`h`.`AppName`) like ? escape '!' or lower(`h`.`AppName`) like ? escape '!' or lower(`h`.`Error`) like ? escape '!' or lower(`h`.`Error`) like ? escape '!' or lower(`h`.`HistoryID`) like ? escape '!' or lower(`h`.`HistoryID`) like ? escape '!')
order by `h`.`SortTime` desc, `h`.`HistoryID` desc limit ?;
-- 20000 | "%Ärger%" | "%ärger%" | "%Ärger%" | "%ärger%" | "%Ärger%" | "%ärger%" | "%Ärger%" | "%ärger%" | 51
select `h`.`SortTime`, `h`.`HistoryID`
from `Task_History` as `h`
order by `h`.`SortTime` desc, `h`.`HistoryID` desc limit ? offset ?;
-- 1 | 19999

-- counts by the hour
select substring(`n`.`SortTime`, 1, 13) as `at`, `n`.`State`, count(*) as `count`
from (select `h`.`SortTime`, `h`.`State`
from `Task_History` as `h`
where `h`.`SortTime` >= ? and `h`.`SortTime` < ? and `h`.`TaskID` in (?)
order by `h`.`SortTime` desc limit ?) as `n`
group by substring(`n`.`SortTime`, 1, 13), `n`.`State`
order by `at`;
-- "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | "01900000-0000-7000-8000-0000000000a1" | 200000

-- how long tasks usually take
select `r`.`TaskID`, `r`.`Duration`, `r`.`total`
from (select `h`.`TaskID`, `h`.`Duration`, row_number() over (partition by `h`.`TaskID`
order by `h`.`Duration`) as `place`, count(*) over (partition by `h`.`TaskID`) as `total`
from `Task_History` as `h`
where `h`.`TaskID` in (?, ?) and `h`.`SortTime` >= ? and `h`.`State` in (?, ?) and `h`.`Duration` is not null) as `r`
where `r`.`place` * 100 >= `r`.`total` * 95 and (`r`.`place` - 1) * 100 < `r`.`total` * 95;
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000a2" | "2026-03-01T08:00:00.000Z" | "Success" | "Timeout"
