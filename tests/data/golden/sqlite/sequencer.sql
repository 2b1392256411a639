-- the counter is made
select "Value" from "Sync_Counter" where "CounterID" = ?;
-- 1
insert into "Sync_Counter" ("CounterID", "Value") values (?, ?);
-- 1 | "0"
select "Value" from "Sync_Counter" where "CounterID" = ?;
-- 2
insert into "Sync_Counter" ("CounterID", "Value") values (?, ?);
-- 2 | "0"

-- changes are numbered
select "LocalSeq" from "Data_Change" where "Seq" is null limit ?;
-- 1
select "Value" from "Sync_Counter" where "CounterID" = ?;
-- 1
select "LocalSeq" from "Data_Change" where "Seq" is null order by "LocalSeq" limit ?;
-- 500
update "Data_Change"
set "Seq" = case "LocalSeq" when 7 then 42 when 8 then 43 end
where "LocalSeq" in (?, ?);
-- "7" | "8"
update "Sync_Counter" set "Value" = ? where "CounterID" = ?;
-- "43" | 1
