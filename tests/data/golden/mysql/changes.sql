-- the newest
select * from `Data_Change` where `Seq` is null order by `LocalSeq` desc limit ?;
-- 51
select * from `Data_Change` where `Seq` is not null order by `Seq` desc limit ?;
-- 51

-- with every filter, behind a cursor
select `Seq`
from `Data_Change`
where `ChangedAt` >= ? and `Seq` is not null
order by `ChangedAt` asc limit ?;
-- "2026-02-28T08:00:00.000Z" | 200
select `Seq`
from `Data_Change`
where `ChangedAt` < ? and `Seq` is not null
order by `ChangedAt` desc limit ?;
-- "2026-03-02T08:00:30.000Z" | 200
select *
from `Data_Change`
where `TableName` in (?) and `RecordID` in (?) and `ChangedBy` in (?) and `Action` in (?) and `NodeID` in (?) and `ChangedAt` >= ? and `ChangedAt` < ? and `Seq` is not null and `Seq` >= ? and `Seq` <= ? and `Seq` < ?
order by `Seq` desc limit ?;
-- "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "system" | "UPDATE" | "01900000-0000-7000-8000-0000000000d1" | "2026-03-01T08:00:00.000Z" | "2026-03-01T08:00:30.000Z" | "41" | "41" | "41" | 51

-- one change
select * from `Data_Change` where `ChangeID` = ?;
-- "01900000-0000-7000-8000-0000000000e1"

-- changes of transactions
select `TransactionID`, `ChangeID`
from `Data_Change`
where `TransactionID` in (?)
order by `LocalSeq`;
-- "01900000-0000-7000-8000-0000000000e2"

-- changes that took others back
select `Origin`, `ChangeID` from `Data_Change` where `Origin` in (?) order by `LocalSeq`;
-- "revert:01900000-0000-7000-8000-0000000000e1"

-- later changes of a record
select *
from `Data_Change`
where `TableName` = ? and `RecordID` = ? and `LocalSeq` > ?
order by `LocalSeq`;
-- "Tasks" | "01900000-0000-7000-8000-0000000000a1" | "42"

-- when the newest was made
select `ChangedAt` from `Data_Change` order by `LocalSeq` desc limit ?;
-- 1
