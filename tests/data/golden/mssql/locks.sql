-- every lock group
select * from "Task_Lock" order by "LockName";

-- lock groups by name
select * from "Task_Lock" where "LockName" in (@1, @2) order by "LockName";
-- "backup" | "tape"

-- lock groups that nobody has locked
select *
from "Task_Lock" with (updlock, rowlock, readpast)
where "LockName" in (@1, @2)
order by "LockName";
-- "backup" | "tape"

-- a lock group is made
insert into "Task_Lock" ("LockID", "LockName", "MaxConcurrent", "Description", "Version")
values (@1, @2, @3, null, @4);
-- "01900000-0000-7000-8000-0000000000f1" | "tape" | 2 | 1

-- a lock group is changed
update "Task_Lock" set "MaxConcurrent" = @1, "Version" = @2 where "LockID" = @3;
-- 3 | 2 | "01900000-0000-7000-8000-0000000000f1"

-- a lock group is deleted
delete from "Task_Lock" where "LockID" = @1;
-- "01900000-0000-7000-8000-0000000000f1"

-- running runs of lock groups
select "t"."Limits"
from "Task_History" as "h"
inner join "Tasks" as "t" on "t"."TaskID" = "h"."TaskID"
where "h"."State" = @1 and "t"."Limits" like @2;
-- "Running" | "%\"locks\":_\"%"

-- tasks of lock groups
select "t"."TaskID", "t"."TaskName", "t"."Limits"
from "Tasks" as "t"
where "t"."Limits" like @1
order by "t"."TaskName";
-- "%\"locks\":_\"%"
