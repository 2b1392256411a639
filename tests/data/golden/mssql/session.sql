-- a write begins
exec sys.sp_set_session_context @key = N'pswebhost.actor', @value = @1, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.node', @value = @2, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.reason', @value = null, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.transaction', @value = @3, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.origin', @value = @4, @read_only = 0;
-- "local:o'hara" | "01900000-0000-7000-8000-000000000001" | "01900000-0000-7000-8000-0000000000aa" | "revert:01900000-0000-7000-8000-0000000000bb"

-- a write ends
exec sys.sp_set_session_context @key = N'pswebhost.actor', @value = null, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.node', @value = null, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.reason', @value = null, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.transaction', @value = null, @read_only = 0; exec sys.sp_set_session_context @key = N'pswebhost.origin', @value = null, @read_only = 0;

-- which tables there are
select "tables"."name" as "table_name", "tables"."type" as "table_type", "table_schemas"."name" as "table_schema_name", "columns"."default_object_id" as "column_default_object_id", "columns"."generated_always_type_desc" as "column_generated_always_type", "columns"."is_computed" as "column_is_computed", "columns"."is_identity" as "column_is_identity", "columns"."is_nullable" as "column_is_nullable", "columns"."is_rowguidcol" as "column_is_rowguidcol", "columns"."name" as "column_name", "types"."is_nullable" as "type_is_nullable", "types"."name" as "type_name", "type_schemas"."name" as "type_schema_name", "comments"."value" as "column_comment"
from "sys"."tables" as "tables"
left join "sys"."schemas" as "table_schemas" on "table_schemas"."schema_id" = "tables"."schema_id"
inner join "sys"."columns" as "columns" on "columns"."object_id" = "tables"."object_id"
inner join "sys"."types" as "types" on "types"."user_type_id" = "columns"."user_type_id"
left join "sys"."schemas" as "type_schemas" on "type_schemas"."schema_id" = "types"."schema_id"
left join "sys"."extended_properties" as "comments" on "comments"."major_id" = "tables"."object_id" and "comments"."minor_id" = "columns"."column_id" and "comments"."name" = @1
where "tables"."name" != @2 and "tables"."name" != @3 union all select "views"."name" as "table_name", "views"."type" as "table_type", "view_schemas"."name" as "table_schema_name", "columns"."default_object_id" as "column_default_object_id", "columns"."generated_always_type_desc" as "column_generated_always_type", "columns"."is_computed" as "column_is_computed", "columns"."is_identity" as "column_is_identity", "columns"."is_nullable" as "column_is_nullable", "columns"."is_rowguidcol" as "column_is_rowguidcol", "columns"."name" as "column_name", "types"."is_nullable" as "type_is_nullable", "types"."name" as "type_name", "type_schemas"."name" as "type_schema_name", "comments"."value" as "column_comment"
from "sys"."views" as "views"
left join "sys"."schemas" as "view_schemas" on "view_schemas"."schema_id" = "views"."schema_id"
inner join "sys"."columns" as "columns" on "columns"."object_id" = "views"."object_id"
inner join "sys"."types" as "types" on "types"."user_type_id" = "columns"."user_type_id"
left join "sys"."schemas" as "type_schemas" on "type_schemas"."schema_id" = "types"."schema_id"
left join "sys"."extended_properties" as "comments" on "comments"."major_id" = "views"."object_id" and "comments"."minor_id" = "columns"."column_id" and "comments"."name" = @4
order by "table_schema_name", "table_name", "column_name";
-- "MS_Description" | "kysely_migration" | "kysely_migration_lock" | "MS_Description"

-- what the database offers
select
    cast(serverproperty('ProductVersion') as nvarchar(128)) as version,
    cast(serverproperty('EngineEdition') as int) as edition,
    db_name() as [database],
    user_name() as account,
    schema_name() as [schema],
    cast(d.is_read_committed_snapshot_on as int) as [readsSnapshots],
    cast(databasepropertyex(db_name(), 'Updateability') as nvarchar(60)) as updateability,
    d.delayed_durability_desc as durability,
    cast(d.is_auto_close_on as int) as [autoClose],
    cast(collationproperty('Latin1_General_100_BIN2_UTF8', 'CodePage') as int) as [codePage],
    has_perms_by_name(db_name(), 'DATABASE', 'CREATE TABLE') as [mayCreate],
    has_perms_by_name(schema_name(), 'SCHEMA', 'ALTER') as [mayAlter],
    case when object_id('Tasks') is null then 0 else 1 end as tables
    from sys.databases as d where d.database_id = db_id();

    select n.[table], n.[right] from (values ('Tasks', 'SELECT'), ('Tasks', 'INSERT'), ('Tasks', 'UPDATE'), ('Tasks', 'DELETE'), ('Task_Schedule', 'SELECT'), ('Task_Schedule', 'INSERT'), ('Task_Schedule', 'UPDATE'), ('Task_Schedule', 'DELETE'), ('Task_History', 'SELECT'), ('Task_History', 'INSERT'), ('Task_History', 'UPDATE'), ('Task_History', 'DELETE'), ('Cluster_Key', 'SELECT'), ('Cluster_Key', 'INSERT'), ('Cluster_Key', 'UPDATE'), ('Cluster_Key', 'DELETE'), ('Nodes', 'SELECT'), ('Nodes', 'INSERT'), ('Nodes', 'UPDATE'), ('Api_Token', 'SELECT'), ('Api_Token', 'INSERT'), ('Api_Token', 'UPDATE'), ('Data_Change', 'SELECT'), ('Data_Change', 'UPDATE'), ('Data_Change', 'DELETE'), ('Sync_Counter', 'SELECT'), ('Sync_Counter', 'UPDATE'), ('Cluster_Info', 'SELECT'), ('Node_State', 'SELECT'), ('Node_State', 'INSERT'), ('Node_State', 'UPDATE'), ('Join_Token', 'SELECT'), ('Join_Token', 'INSERT'), ('Join_Token', 'UPDATE'), ('Join_Token', 'DELETE'), ('Task_Lock', 'SELECT'), ('Task_Lock', 'INSERT'), ('Task_Lock', 'UPDATE'), ('Task_Lock', 'DELETE'), ('Run_Lock', 'SELECT'), ('Run_Lock', 'INSERT'), ('Run_Lock', 'UPDATE'), ('Run_Lock', 'DELETE'), ('Output_Follower', 'SELECT'), ('Output_Follower', 'INSERT'), ('Output_Follower', 'UPDATE'), ('Output_Follower', 'DELETE'), ('Task_Output', 'SELECT'), ('Task_Output', 'INSERT'), ('Task_Output', 'UPDATE'), ('Task_Output', 'DELETE'), ('Cluster_Hold', 'SELECT'), ('Cluster_Hold', 'INSERT'), ('Cluster_Hold', 'UPDATE'), ('Sync_Cursor', 'SELECT'), ('Sync_Cursor', 'INSERT'), ('Sync_Cursor', 'UPDATE'), ('Sync_Cursor', 'DELETE'), ('Sync_Pending', 'SELECT'), ('Sync_Run', 'SELECT'), ('Sync_Applied', 'SELECT'), ('Sync_Applied', 'INSERT'), ('Sync_Applied', 'UPDATE'), ('Sync_Applied', 'DELETE'), ('Sync_Conflict', 'SELECT'), ('Sync_Conflict', 'INSERT'), ('Sync_Conflict', 'UPDATE'), ('Sync_Conflict', 'DELETE'), ('Change_Seal', 'SELECT'), ('Change_Seal', 'INSERT'), ('Change_Seal', 'UPDATE'), ('Task_Failure', 'SELECT'), ('Task_Failure', 'INSERT'), ('Task_Failure', 'UPDATE'), ('Task_Failure', 'DELETE'), ('Webhook', 'SELECT'), ('Webhook', 'INSERT'), ('Webhook', 'UPDATE'), ('Webhook', 'DELETE'), ('Webhook_Call', 'SELECT'), ('Webhook_Call', 'INSERT'), ('Webhook_Call', 'UPDATE'), ('Webhook_Call', 'DELETE')) as n ([table], [right])
    where object_id(n.[table]) is not null and has_perms_by_name(n.[table], 'OBJECT', n.[right]) = 0
      and not (n.[right] = 'UPDATE' and exists (select 1 from sys.columns as c
        where c.object_id = object_id(n.[table])
          and has_perms_by_name(n.[table], 'OBJECT', 'UPDATE', c.name, 'COLUMN') = 1));

-- its version

    select cast(serverproperty('ProductVersion') as nvarchar(128)) as version;
