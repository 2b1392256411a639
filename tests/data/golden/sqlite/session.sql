-- a write begins
-- (nothing)

-- a write ends
-- (nothing)

-- which tables there are
select "name", "sql", "type"
from "sqlite_master"
where "type" in (?, ?) and "name" not like ? and "name" != ? and "name" != ?
order by "name";
-- "table" | "view" | "sqlite_%" | "kysely_migration" | "kysely_migration_lock"
with "table_list" as (select "name", "sql", "type"
from "sqlite_master"
where "type" in (?, ?) and "name" not like ? and "name" != ? and "name" != ?
order by "name") select "tl"."name" as "table", "p"."cid", "p"."name", "p"."type", "p"."notnull", "p"."dflt_value", "p"."pk"
from "table_list" as "tl", pragma_table_info(tl.name) as "p"
order by "tl"."name", "p"."cid";
-- "table" | "view" | "sqlite_%" | "kysely_migration" | "kysely_migration_lock"

-- what the database offers
-- (nothing)

-- its version
select sqlite_version() as version;
