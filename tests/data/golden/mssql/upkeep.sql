-- a fact of the database
update "Cluster_Info" set "InfoValue" = @1 where "InfoKey" = @2;
-- "0.1.0" | "MinProgram"

-- what retention no longer keeps is deleted
select top(@1) "HistoryID"
from "Task_History"
where "SortTime" < @2 and "State" in (@3, @4, @5, @6, @7, @8) and ("EndTime" is null or "EndTime" < @9)
order by "SortTime";
-- 20 | "2026-01-30T00:00:00.000Z" | "Success" | "Failed" | "Timeout" | "Stopped" | "Lost" | "Skipped" | "2026-01-30T00:00:00.000Z"
delete from "Task_History" where "HistoryID" in (@1, @2);
-- "a" | "b"
select top(@1) "LocalSeq" from "Data_Change" where "ChangedAt" < @2 order by "ChangedAt";
-- 20 | "2025-12-01T00:00:00.000Z"
delete from "Data_Change" where "LocalSeq" in (@1);
-- "7"
select top(@1) "ChangeID" from "Sync_Applied" where "AppliedAt" < @2 order by "AppliedAt";
-- 20 | "2025-12-01T00:00:00.000Z"
delete from "Sync_Applied" where "ChangeID" in (@1);
-- 
select top(@1) "ConflictID" from "Sync_Conflict" where "ResolvedAt" < @2 order by "ResolvedAt";
-- 20 | "2025-12-01T00:00:00.000Z"
delete from "Sync_Conflict" where "ConflictID" in (@1);
-- 
select top(@1) "FailureID" from "Task_Failure" where "RecoveredAt" < @2 order by "RecoveredAt";
-- 20 | "2026-01-30T00:00:00.000Z"
delete from "Task_Failure" where "FailureID" in (@1);
-- 
select top(@1) "CallID" from "Webhook_Call" where "EndedAt" < @2 order by "EndedAt";
-- 20 | "2026-01-30T00:00:00.000Z"
delete from "Webhook_Call" where "CallID" in (@1);
-- 
delete from "Output_Follower" where "FollowUntil" < @1;
-- "2026-02-28T23:00:00.000Z"
select top(@1) "HistoryID" from "Task_Output" where "CreatedAt" < @2 order by "CreatedAt";
-- 20 | "2026-02-28T23:00:00.000Z"
delete from "Task_Output" where "HistoryID" in (@1) and "CreatedAt" < @2;
--  | "2026-02-28T23:00:00.000Z"

-- rows of a table of one's own
create table "Inventory" (
  "Host" nvarchar(100) collate Latin1_General_100_BIN2 not null,
  "Memory" bigint,
  "Notes" nvarchar(max) collate Latin1_General_100_BIN2,
  constraint "pk_inventory" primary key ("Host"));
insert into "Inventory" ("Host", "Memory", "Notes") values (@1, @2, null), (@3, null, @4);
-- "a" | 8589934592 | "b" | "o'hara"
select Host from Inventory where Memory > @1;
-- 1024
drop table "Inventory";
