-- every lock group
select * from `Task_Lock` order by `LockName`;

-- lock groups by name
select * from `Task_Lock` where `LockName` in (?, ?) order by `LockName`;
-- "backup" | "tape"

-- lock groups that nobody has locked
select * from `Task_Lock` where `LockName` in (?, ?) order by `LockName` for update skip locked;
-- "backup" | "tape"

-- a lock group is made
insert into `Task_Lock` (`LockID`, `LockName`, `MaxConcurrent`, `Description`, `Version`)
values (?, ?, ?, ?, ?);
-- "01900000-0000-7000-8000-0000000000f1" | "tape" | 2 | null | 1

-- a lock group is changed
update `Task_Lock` set `MaxConcurrent` = ?, `Version` = ? where `LockID` = ?;
-- 3 | 2 | "01900000-0000-7000-8000-0000000000f1"

-- a lock group is deleted
delete from `Task_Lock` where `LockID` = ?;
-- "01900000-0000-7000-8000-0000000000f1"

-- running runs of lock groups
select `t`.`Limits`
from `Task_History` as `h`
inner join `Tasks` as `t` on `t`.`TaskID` = `h`.`TaskID`
where `h`.`State` = ? and `t`.`Limits` like ?;
-- "Running" | "%\"locks\":_\"%"

-- tasks of lock groups
select `t`.`TaskID`, `t`.`TaskName`, `t`.`Limits`
from `Tasks` as `t`
where `t`.`Limits` like ?
order by `t`.`TaskName`;
-- "%\"locks\":_\"%"
