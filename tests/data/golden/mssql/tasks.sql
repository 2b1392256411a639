-- a task is made
insert into "Tasks" ("TaskID", "TaskName", "AppName", "ScriptPath", "TimeZone", "Enabled", "Priority", "MaxRetries", "RetryDelay", "RetryBackoff", "OverlapPolicy", "MisfirePolicy", "MisfireWindow", "OnLeaseLost", "Tags", "Parameters", "Environment", "CreatedAt", "Version", "Description")
values (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16, @17, @18, @19, null);
-- "01900000-0000-7000-8000-0000000000a1" | "Nightly export" | "" | "export.sh" | "Europe/Berlin" | 1 | 0 | 0 | 60 | "1.5" | "Skip" | "Last" | 86400 | "Finish" | "[\"a\",\"b\"]" | "{\"path\":\"/srv\",\"nested\":{\"deep\":[1,null]}}" | "{}" | "2026-03-01T08:00:00.000Z" | 1

-- a task is changed
update "Tasks"
set "Enabled" = @1, "Schedule" = null, "Limits" = @2, "Version" = @3
where "TaskID" = @4 and "Version" = @5;
-- 0 | "{\"maxConcurrent\":1,\"memoryMb\":512,\"cpuSeconds\":null,\"processes\":null,\"outputBytes\":null,\"locks\":[]}" | 4 | "01900000-0000-7000-8000-0000000000a1" | 3

-- a task is deleted
delete from "Tasks" where "TaskID" = @1;
-- "01900000-0000-7000-8000-0000000000a1"

-- a task by its name
select * from "Tasks" where "TaskName" = @1 and "AppName" = @2;
-- "Nightly export" | ""

-- tasks are locked
select * from "Tasks" with (updlock, rowlock) where "TaskID" in (@1, @2) order by "TaskID";
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000a2"

-- tasks that nobody has locked are locked
select * from "Tasks" with (updlock, rowlock, readpast) where "TaskID" in (@1) order by "TaskID";
-- "01900000-0000-7000-8000-0000000000a1"

-- the cluster is locked
select "InfoValue" from "Cluster_Info" with (updlock, rowlock) where "InfoKey" = @1;
-- "ClusterID"

-- what forbids runs side by side
select "TaskID", "OverlapPolicy", "Limits" from "Tasks" where "TaskID" in (@1, @2);
-- "01900000-0000-7000-8000-0000000000a1" | "01900000-0000-7000-8000-0000000000a2"

-- tasks of all nodes
select top(@1) *
from "Tasks"
where "TaskID" > @2 and ("RunOn" = @3 or ("RunOn" is null and "AssignedNodeGroup" > @4 and ("AssignedNodeID" is null or "AssignedNodeID" = @5)))
order by "TaskID";
-- 100 | "01900000-0000-7000-8000-0000000000a1" | "All" | "" | ""

-- scripts that tasks name
select distinct "ScriptType" from "Tasks" where "ScriptType" is not null;
select top(@1) "TaskID", "ScriptPath"
from "Tasks"
where "ScriptType" is null and "TaskID" > @2
order by "TaskID";
-- 500 | ""

-- a node is made
insert into "Nodes" ("NodeID", "NodeName", "Hostname", "Tags", "IsActive", "IsDraining", "MaxConcurrentTasks", "SupportedTaskTypes", "RegisteredAt")
values (@1, @2, @3, @4, @5, @6, @7, @8, @9);
-- "01900000-0000-7000-8000-0000000000d1" | "node-1" | "host-1" | "[]" | 1 | 0 | 4 | "[\"bash\"]" | "2026-03-01T08:00:00.000Z"

-- a node beats
update "Nodes" set "LastHeartbeat" = @1, "Incarnation" = @2 where "NodeID" = @3;
-- "2026-03-01T08:00:00.000Z" | "01900000-0000-7000-8000-0000000000d2" | "01900000-0000-7000-8000-0000000000d1"

-- every node
select * from "Nodes" order by "NodeName", "NodeID";

-- running runs by node
select "NodeID", count(*) as "n" from "Task_History" where "State" = @1 group by "NodeID";
-- "Running"
