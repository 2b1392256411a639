-- a write begins
select set_config('pswebhost.actor', $1, true), set_config('pswebhost.node', $2, true), set_config('pswebhost.reason', $3, true), set_config('pswebhost.transaction', $4, true), set_config('pswebhost.origin', $5, true), set_config('synchronous_commit', 'on', true);
-- "local:o'hara" | "01900000-0000-7000-8000-000000000001" | "" | "01900000-0000-7000-8000-0000000000aa" | "revert:01900000-0000-7000-8000-0000000000bb"

-- a write ends
-- (nothing)

-- which tables there are
select "a"."attname" as "column", "a"."attnotnull" as "not_null", "a"."atthasdef" as "has_default", "c"."relname" as "table", "c"."relkind" as "table_type", "ns"."nspname" as "schema", "typ"."typname" as "type", "dtns"."nspname" as "type_schema", col_description(a.attrelid, a.attnum) as "column_description", pg_get_serial_sequence(quote_ident(ns.nspname) || '.' || quote_ident(c.relname), a.attname) as "auto_incrementing"
from "pg_catalog"."pg_attribute" as "a"
inner join "pg_catalog"."pg_class" as "c" on "a"."attrelid" = "c"."oid"
inner join "pg_catalog"."pg_namespace" as "ns" on "c"."relnamespace" = "ns"."oid"
inner join "pg_catalog"."pg_type" as "typ" on "a"."atttypid" = "typ"."oid"
inner join "pg_catalog"."pg_namespace" as "dtns" on "typ"."typnamespace" = "dtns"."oid"
where "c"."relkind" in ($1, $2, $3, $4) and "ns"."nspname" !~ $5 and "ns"."nspname" != $6 and "ns"."nspname" != $7 and has_schema_privilege(ns.nspname, 'USAGE') and "a"."attnum" >= $8 and "a"."attisdropped" != $9 and "c"."relname" != $10 and "c"."relname" != $11
order by "ns"."nspname", "c"."relname", "a"."attnum";
-- "r" | "v" | "p" | "f" | "^pg_" | "information_schema" | "crdb_internal" | 0 | true | "kysely_migration" | "kysely_migration_lock"

-- what the database offers
select
    current_setting('server_version') as version,
    pg_encoding_to_char(d.encoding) as encoding,
    pg_is_in_recovery() as standby,
    current_schema() as schema,
    current_user as account,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate",
    current_setting('max_connections')::int as "maxConnections",
    (select count(*)::int from pg_stat_activity) as used,
    (select count(*)::int from pg_tables where schemaname = current_schema() and tablename = 'Tasks') as tables
    from pg_database d where d.datname = current_database();

    select n."table", n."right" from (values ('Tasks', 'SELECT'), ('Tasks', 'INSERT'), ('Tasks', 'UPDATE'), ('Tasks', 'DELETE'), ('Task_Schedule', 'SELECT'), ('Task_Schedule', 'INSERT'), ('Task_Schedule', 'UPDATE'), ('Task_Schedule', 'DELETE'), ('Task_History', 'SELECT'), ('Task_History', 'INSERT'), ('Task_History', 'UPDATE'), ('Task_History', 'DELETE'), ('Cluster_Key', 'SELECT'), ('Cluster_Key', 'INSERT'), ('Cluster_Key', 'UPDATE'), ('Cluster_Key', 'DELETE'), ('Nodes', 'SELECT'), ('Nodes', 'INSERT'), ('Nodes', 'UPDATE'), ('Api_Token', 'SELECT'), ('Api_Token', 'INSERT'), ('Api_Token', 'UPDATE'), ('Data_Change', 'SELECT'), ('Data_Change', 'UPDATE'), ('Data_Change', 'DELETE'), ('Sync_Counter', 'SELECT'), ('Sync_Counter', 'UPDATE'), ('Cluster_Info', 'SELECT'), ('Cluster_Info', 'UPDATE'), ('Node_State', 'SELECT'), ('Node_State', 'INSERT'), ('Node_State', 'UPDATE'), ('Join_Token', 'SELECT'), ('Join_Token', 'INSERT'), ('Join_Token', 'UPDATE'), ('Join_Token', 'DELETE'), ('Task_Lock', 'SELECT'), ('Task_Lock', 'INSERT'), ('Task_Lock', 'UPDATE'), ('Task_Lock', 'DELETE'), ('Run_Lock', 'SELECT'), ('Run_Lock', 'INSERT'), ('Run_Lock', 'UPDATE'), ('Run_Lock', 'DELETE'), ('Output_Follower', 'SELECT'), ('Output_Follower', 'INSERT'), ('Output_Follower', 'UPDATE'), ('Output_Follower', 'DELETE'), ('Task_Output', 'SELECT'), ('Task_Output', 'INSERT'), ('Task_Output', 'UPDATE'), ('Task_Output', 'DELETE'), ('Cluster_Hold', 'SELECT'), ('Cluster_Hold', 'INSERT'), ('Cluster_Hold', 'UPDATE'), ('Sync_Cursor', 'SELECT'), ('Sync_Cursor', 'INSERT'), ('Sync_Cursor', 'UPDATE'), ('Sync_Cursor', 'DELETE'), ('Sync_Pending', 'SELECT'), ('Sync_Run', 'SELECT'), ('Sync_Applied', 'SELECT'), ('Sync_Applied', 'INSERT'), ('Sync_Applied', 'UPDATE'), ('Sync_Applied', 'DELETE'), ('Sync_Conflict', 'SELECT'), ('Sync_Conflict', 'INSERT'), ('Sync_Conflict', 'UPDATE'), ('Sync_Conflict', 'DELETE'), ('Change_Seal', 'SELECT'), ('Change_Seal', 'INSERT'), ('Change_Seal', 'UPDATE'), ('Task_Failure', 'SELECT'), ('Task_Failure', 'INSERT'), ('Task_Failure', 'UPDATE'), ('Task_Failure', 'DELETE'), ('Webhook', 'SELECT'), ('Webhook', 'INSERT'), ('Webhook', 'UPDATE'), ('Webhook', 'DELETE'), ('Webhook_Call', 'SELECT'), ('Webhook_Call', 'INSERT'), ('Webhook_Call', 'UPDATE'), ('Webhook_Call', 'DELETE'), ('Data_Change', 'INSERT')) as n ("table", "right")
    join pg_class c on c.relname = n."table" and c.relnamespace = current_schema()::regnamespace
    where not case n."right" when 'UPDATE' then has_any_column_privilege(c.oid, 'UPDATE')
      else has_table_privilege(c.oid, n."right") end;

-- its version
select current_setting('server_version') as version;
