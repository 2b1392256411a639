-- the newest
select * from "Data_Change" where "Seq" is null order by "LocalSeq" desc limit $1;
-- 51
select * from "Data_Change" where "Seq" is not null order by "Seq" desc limit $1;
-- 51

-- with every filter, behind a cursor
select "Seq"
from "Data_Change"
where "ChangedAt" >= $1 and "Seq" is not null
order by "ChangedAt" asc limit $2;
-- "2026-02-28T08:00:00.000Z" | 200
select "Seq"
from "Data_Change"
where "ChangedAt" < $1 and "Seq" is not null
order by "ChangedAt" desc limit $2;
-- "2026-03-02T08:00:30.000Z" | 200
select *
from "Data_Change"
where "TableName" in ($1) and "RecordID" in ($2) and "ChangedBy" in ($3) and "Action" in ($4) and "NodeID" in ($5) and "ChangedAt" >= $6 and "ChangedAt" < $7 and "Seq" is not null and "Seq" >= $8 and "Seq" <= $9 and "Seq" < $10
order by "Seq" desc limit $11;
-- "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "system" | "UPDATE" | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | "41" | "41" | "41" | 51

-- one change
select * from "Data_Change" where "ChangeID" = $1;
-- "01900000-0000-7000-8000-0000000000e1"

-- changes of transactions
select "TransactionID", "ChangeID"
from "Data_Change"
where "TransactionID" in ($1)
order by "LocalSeq";
-- "01900000-0000-7000-8000-0000000000e2"

-- changes that took others back
select "Origin", "ChangeID" from "Data_Change" where "Origin" in ($1) order by "LocalSeq";
-- "revert:01900000-0000-7000-8000-0000000000e1"

-- later changes of a record
select *
from "Data_Change"
where "TableName" = $1 and "RecordID" = $2 and "LocalSeq" > $3
order by "LocalSeq";
-- "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "42"

-- when the newest was made
select "ChangedAt" from "Data_Change" order by "LocalSeq" desc limit $1;
-- 1
