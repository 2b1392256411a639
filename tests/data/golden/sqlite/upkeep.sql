-- a fact of the database
update "Cluster_Info" set "InfoValue" = ? where "InfoKey" = ?;
-- "0.1.0" | "MinProgram"

-- what retention no longer keeps is deleted
select "HistoryID"
from "Task_History"
where "SortTime" < ? and "State" in (?, ?, ?, ?, ?, ?) and ("EndTime" is null or "EndTime" < ?)
order by "SortTime" limit ?;
-- "2026-01-30T00:00:00.000Z" | "Success" | "Failed" | "Timeout" | "Stopped" | "Lost" | "Skipped" | "2026-01-30T00:00:00.000Z" | 20
delete from "Task_History" where "HistoryID" in (?, ?);
-- "a" | "b"
select "LocalSeq" from "Data_Change" where "ChangedAt" < ? order by "ChangedAt" limit ?;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Data_Change" where "LocalSeq" in (?);
-- "7"
select "ChangeID" from "Sync_Applied" where "AppliedAt" < ? order by "AppliedAt" limit ?;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Sync_Applied" where "ChangeID" in (?);
-- 
select "ConflictID" from "Sync_Conflict" where "ResolvedAt" < ? order by "ResolvedAt" limit ?;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Sync_Conflict" where "ConflictID" in (?);
-- 
select "FailureID" from "Task_Failure" where "RecoveredAt" < ? order by "RecoveredAt" limit ?;
-- "2026-01-30T00:00:00.000Z" | 20
delete from "Task_Failure" where "FailureID" in (?);
-- 
select "CallID" from "Webhook_Call" where "EndedAt" < ? order by "EndedAt" limit ?;
-- "2026-01-30T00:00:00.000Z" | 20
delete from "Webhook_Call" where "CallID" in (?);
-- 
delete from "Output_Follower" where "FollowUntil" < ?;
-- "2026-02-28T23:00:00.000Z"
select "HistoryID" from "Task_Output" where "CreatedAt" < ? order by "CreatedAt" limit ?;
-- "2026-02-28T23:00:00.000Z" | 20
delete from "Task_Output" where "HistoryID" in (?) and "CreatedAt" < ?;
--  | "2026-02-28T23:00:00.000Z"

-- rows of a table of one's own
create table "Inventory" (
  "Host" text not null,
  "Memory" bigint,
  "Notes" text,
  constraint "pk_inventory" primary key ("Host"));
insert into "Inventory" ("Host", "Memory", "Notes") values (?, ?, ?), (?, ?, ?);
-- "a" | 8589934592 | null | "b" | null | "o'hara"
select Host from Inventory where Memory > ?;
-- 1024
drop table "Inventory";
