-- every lock group
select * from "Task_Lock" order by "LockName";

-- lock groups by name
select * from "Task_Lock" where "LockName" in ($1, $2) order by "LockName";
-- "backup" | "tape"

-- lock groups that nobody has locked
select * from "Task_Lock" where "LockName" in ($1, $2) order by "LockName" for update skip locked;
-- "backup" | "tape"

-- a lock group is made
insert into "Task_Lock" ("LockID", "LockName", "MaxConcurrent", "Description", "Version")
values ($1, $2, $3, $4, $5);
-- "01900000-0000-7000-8000-0000000000f1" | "tape" | 2 | null | 1

-- a lock group is changed
update "Task_Lock" set "MaxConcurrent" = $1, "Version" = $2 where "LockID" = $3;
-- 3 | 2 | "01900000-0000-7000-8000-0000000000f1"

-- a lock group is deleted
delete from "Task_Lock" where "LockID" = $1;
-- "01900000-0000-7000-8000-0000000000f1"

-- runs under lock groups
select "r"."LockName", "r"."HistoryID", "h"."State"
from "Run_Lock" as "r"
left join "Task_History" as "h" on "h"."HistoryID" = "r"."HistoryID"
where "r"."LockName" in ($1, $2);
-- "backup" | "tape"

-- runs are claimed under a lock group
insert into "Run_Lock" ("LockName", "HistoryID") values ($1, $2);
-- "tape" | "01900000-0000-7000-8000-0000000000c1"

-- runs under a lock group have ended
delete from "Run_Lock" where "LockName" = $1 and "HistoryID" in ($2);
-- "tape" | "01900000-0000-7000-8000-0000000000c1"

-- runs under a lock group follow its name
update "Run_Lock" set "LockName" = $1 where "LockName" = $2;
-- "drive" | "tape"

-- tasks of lock groups
select "t"."TaskID", "t"."TaskName", "t"."Limits"
from "Tasks" as "t"
where "t"."Limits" like $1
order by "t"."TaskName";
-- "%\"locks\":_\"%"
