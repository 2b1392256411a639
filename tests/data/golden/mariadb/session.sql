-- a write begins
set @pswebhost_actor = ?, @pswebhost_node = ?, @pswebhost_reason = ?, @pswebhost_transaction = ?, @pswebhost_origin = ?;
-- "local:o'hara" | "01900000-0000-7000-8000-000000000001" | null | "01900000-0000-7000-8000-0000000000aa" | "revert:01900000-0000-7000-8000-0000000000bb"

-- a write ends
set @pswebhost_actor = null, @pswebhost_node = null, @pswebhost_reason = null, @pswebhost_transaction = null, @pswebhost_origin = null;

-- which tables there are
select `columns`.`COLUMN_NAME`, `columns`.`COLUMN_DEFAULT`, `columns`.`TABLE_NAME`, `columns`.`TABLE_SCHEMA`, `tables`.`TABLE_TYPE`, `tables`.`ENGINE`, `columns`.`IS_NULLABLE`, `columns`.`DATA_TYPE`, `columns`.`EXTRA`, `columns`.`COLUMN_COMMENT`
from `information_schema`.`columns` as `columns`
inner join `information_schema`.`tables` as `tables` on `columns`.`TABLE_CATALOG` = `tables`.`TABLE_CATALOG` and `columns`.`TABLE_SCHEMA` = `tables`.`TABLE_SCHEMA` and `columns`.`TABLE_NAME` = `tables`.`TABLE_NAME`
where `columns`.`TABLE_SCHEMA` = database() and `columns`.`TABLE_NAME` != ? and `columns`.`TABLE_NAME` != ?
order by `columns`.`TABLE_NAME`, `columns`.`ORDINAL_POSITION`;
-- "kysely_migration" | "kysely_migration_lock"

-- what the database offers
select version() as version,
    @@global.read_only as "readOnly", @@log_bin as "logBin", @@binlog_format as "binlogFormat",
    @@log_bin_trust_function_creators as "trustsFunctions", @@max_allowed_packet as "maxPacket",
    @@max_connections as "maxConnections", current_user() as account,
    @@sql_mode as "sqlMode", @@innodb_flush_log_at_trx_commit as "flushAtCommit",
    (select count(*) from information_schema.tables where table_schema = database()
      and lower(table_name) = 'tasks') as tables;
show global status like 'Threads_connected';

    select privilege_type as "right", null as "table" from information_schema.user_privileges
    union select privilege_type, null from information_schema.schema_privileges
      where database() like table_schema
    union select privilege_type, lower(table_name) from information_schema.table_privileges
      where table_schema = database()
    union select privilege_type, lower(table_name) from information_schema.column_privileges
      where table_schema = database() and privilege_type = 'UPDATE';

-- its version
select version() as version;
