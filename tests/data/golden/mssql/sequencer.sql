-- the counter is made
select "Value" from "Sync_Counter" where "CounterID" = @1;
-- 1
insert into "Sync_Counter" ("CounterID", "Value") values (@1, @2);
-- 1 | "0"
select "Value" from "Sync_Counter" where "CounterID" = @1;
-- 2
insert into "Sync_Counter" ("CounterID", "Value") values (@1, @2);
-- 2 | "0"

-- changes are numbered
select top(@1) "LocalSeq" from "Data_Change" where "Seq" is null;
-- 1
select "Value" from "Sync_Counter" with (updlock, rowlock) where "CounterID" = @1;
-- 1
select top(@1) "LocalSeq" from "Data_Change" where "Seq" is null order by "LocalSeq";
-- 500
update "Data_Change"
set "Seq" = case "LocalSeq" when 7 then 42 when 8 then 43 end
where "LocalSeq" in (@1, @2);
-- "7" | "8"
update "Sync_Counter" set "Value" = @1 where "CounterID" = @2;
-- "43" | 1
