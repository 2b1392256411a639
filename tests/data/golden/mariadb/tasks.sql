-- a task is made
insert into `Tasks` (`TaskID`, `TaskName`, `AppName`, `ScriptPath`, `TimeZone`, `Enabled`, `Priority`, `MaxRetries`, `RetryDelay`, `RetryBackoff`, `OverlapPolicy`, `MisfirePolicy`, `MisfireWindow`, `OnLeaseLost`, `Tags`, `Parameters`, `Environment`, `CreatedAt`, `Version`, `Description`)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "export.sh" | "Europe/Berlin" | 1 | 0 | 0 | 60 | "1.5" | "Skip" | "Last" | 86400 | "Finish" | "[\"a\",\"b\"]" | "{\"path\":\"/srv\",\"nested\":{\"deep\":[1,null]}}" | "{}" | "2026-03-01T08:00:00.000Z" | 1 | null

-- a task is changed
update `Tasks`
set `Enabled` = ?, `Schedule` = ?, `Limits` = ?, `Version` = ?
where `TaskID` = ? and `Version` = ?;
-- 0 | null | "{\"maxConcurrent\":1,\"memoryMb\":512,\"cpuSeconds\":null,\"processes\":null,\"outputBytes\":null,\"locks\":[]}" | 4 | "01900000-0000-7000-8000-0000000000a1" | 3

-- a task is deleted
delete from `Tasks` where `TaskID` = ?;
-- "01900000-0000-7000-8000-0000000000a1"

-- a task by its name
select * from `Tasks` where `TaskName` = ? and `AppName` = ?;
-- "Nightly export" | ""

-- tasks are locked
select * from `Tasks` where `TaskID` in (?, ?) order by `TaskID` for update;
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000a2"

-- tasks that nobody has locked are locked
select * from `Tasks` where `TaskID` in (?) order by `TaskID` for update skip locked;
-- "01900000-0000-7000-8000-0000000000a1"

-- the cluster is locked
select `InfoValue` from `Cluster_Info` where `InfoKey` = ? for update;
-- "ClusterID"

-- what forbids runs side by side
select `TaskID`, `OverlapPolicy`, `Limits` from `Tasks` where `TaskID` in (?, ?);
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000a2"

-- tasks of all nodes
select *
from `Tasks`
where `TaskID` > ? and (`RunOn` = ? or (`RunOn` is null and `AssignedNodeGroup` > ? and (`AssignedNodeID` is null or `AssignedNodeID` = ?)))
order by `TaskID` limit ?;
-- "01900000-0000-7000-8000-0000000000a1" | "All" | "" | "" | 100

-- scripts that tasks name
select distinct `ScriptType` from `Tasks` where `ScriptType` is not null;
select `TaskID`, `ScriptPath`
from `Tasks`
where `ScriptType` is null and `TaskID` > ?
order by `TaskID` limit ?;
-- "" | 500

-- a node is made
insert into `Nodes` (`NodeID`, `NodeName`, `Hostname`, `Tags`, `IsActive`, `IsDraining`, `MaxConcurrentTasks`, `SupportedTaskTypes`, `RegisteredAt`)
values (?, ?, ?, ?, ?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000d1" | "node-1" | "host-1" | "[]" | 1 | 0 | 4 | "[\"bash\"]" | "2026-03-01T08:00:00.000Z"

-- a node beats
update `Nodes` set `LastHeartbeat` = ?, `Incarnation` = ? where `NodeID` = ?;
-- "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d2" | "01900000-0000-7000-8000-0000000000d1"

-- every node
select * from `Nodes` order by `NodeName`, `NodeID`;

-- running runs by node
select `NodeID`, count(*) as `n` from `Task_History` where `State` = ? group by `NodeID`;
-- "Running"
