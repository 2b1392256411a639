-- a fact of the database
update "Cluster_Info" set "InfoValue" = $1 where "InfoKey" = $2;
-- "0.1.0" | "MinProgram"

-- what retention no longer keeps is deleted
select "HistoryID"
from "Task_History"
where "SortTime" < $1 and "State" in ($2, $3, $4, $5, $6, $7) and ("EndTime" is null or "EndTime" < $8)
order by "SortTime" limit $9;
-- "2026-01-30T00:00:00.000Z" | "Success" | "Failed" | "Timeout" | "Stopped" | "Lost" | "Skipped" | "2026-01-30T00:00:00.000Z" | 20
delete from "Task_History" where "HistoryID" in ($1, $2);
-- "a" | "b"
select "LocalSeq" from "Data_Change" where "ChangedAt" < $1 order by "ChangedAt" limit $2;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Data_Change" where "LocalSeq" in ($1);
-- "7"
select "ChangeID" from "Sync_Applied" where "AppliedAt" < $1 order by "AppliedAt" limit $2;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Sync_Applied" where "ChangeID" in ($1);
-- 
select "ConflictID" from "Sync_Conflict" where "ResolvedAt" < $1 order by "ResolvedAt" limit $2;
-- "2025-12-01T00:00:00.000Z" | 20
delete from "Sync_Conflict" where "ConflictID" in ($1);
-- 
select "FailureID" from "Task_Failure" where "RecoveredAt" < $1 order by "RecoveredAt" limit $2;
-- "2026-01-30T00:00:00.000Z" | 20
delete from "Task_Failure" where "FailureID" in ($1);
-- 
select "CallID" from "Webhook_Call" where "EndedAt" < $1 order by "EndedAt" limit $2;
-- "2026-01-30T00:00:00.000Z" | 20
delete from "Webhook_Call" where "CallID" in ($1);
-- 
delete from "Output_Follower" where "FollowUntil" < $1;
-- "2026-02-28T23:00:00.000Z"
select "HistoryID" from "Task_Output" where "CreatedAt" < $1 order by "CreatedAt" limit $2;
-- "2026-02-28T23:00:00.000Z" | 20
delete from "Task_Output" where "HistoryID" in ($1) and "CreatedAt" < $2;
--  | "2026-02-28T23:00:00.000Z"

-- rows of a table of one's own
create table "Inventory" (
  "Host" varchar(100) collate "C" not null,
  "Memory" bigint,
  "Notes" text collate "C",
  constraint "pk_inventory" primary key ("Host"));
insert into "Inventory" ("Host", "Memory", "Notes") values ($1, $2, $3), ($4, $5, $6);
-- "a" | 8589934592 | null | "b" | null | "o'hara"
select Host from Inventory where Memory > $1;
-- 1024
drop table "Inventory";
