-- the newest
select top(@1) * from "Data_Change" where "Seq" is null order by "LocalSeq" desc;
-- 51
select top(@1) * from "Data_Change" where "Seq" is not null order by "Seq" desc;
-- 51

-- with every filter, behind a cursor
select top(@1) "Seq"
from "Data_Change"
where "ChangedAt" >= @2 and "Seq" is not null
order by "ChangedAt" asc;
-- 200 | "2026-02-28T08:00:00.000Z"
select top(@1) "Seq"
from "Data_Change"
where "ChangedAt" < @2 and "Seq" is not null
order by "ChangedAt" desc;
-- 200 | "2026-03-02T08:00:30.000Z"
select top(@1) *
from "Data_Change"
where "TableName" in (@2) and "RecordID" in (@3) and "ChangedBy" in (@4) and "Action" in (@5) and "NodeID" in (@6) and "ChangedAt" >= @7 and "ChangedAt" < @8 and "Seq" is not null and "Seq" >= @9 and "Seq" <= @10 and "Seq" < @11
order by "Seq" desc;
-- 51 | "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "system" | "UPDATE" | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | "41" | "41" | "41"

-- one change
select * from "Data_Change" where "ChangeID" = @1;
-- "01900000-0000-7000-8000-0000000000e1"

-- changes of transactions
select "TransactionID", "ChangeID"
from "Data_Change"
where "TransactionID" in (@1)
order by "LocalSeq";
-- "01900000-0000-7000-8000-0000000000e2"

-- changes that took others back
select "Origin", "ChangeID" from "Data_Change" where "Origin" in (@1) order by "LocalSeq";
-- "revert:01900000-0000-7000-8000-0000000000e1"

-- later changes of a record
select *
from "Data_Change"
where "TableName" = @1 and "RecordID" = @2 and "LocalSeq" > @3
order by "LocalSeq";
-- "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "42"

-- when the newest was made
select top(@1) "ChangedAt" from "Data_Change" order by "LocalSeq" desc;
-- 1
