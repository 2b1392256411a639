-- MySQL, MariaDB: what the account that runs nodes may do, and no more.
--
-- Run after the first `pswebhost-node migrate`, and after each later one, with the file that came with that version:
--
--   mysql -h HOST -u root -p < 2-rights.sql            (MariaDB: the same with `mariadb`)
--
-- An administrator runs it. It may be repeated; nodes may be at work meanwhile. Rights are given table by table,
-- since a right to the whole database could not be narrowed for one table: nodes of a new version find its new tables
-- only after this file was run.

-- Names of your own, as in 1-accounts.sql.
set @database = 'pswebhost';
set @node_user = 'pswebhost_node';
set @host = '%';

set @node = concat(quote(@node_user), '@', quote(@host));
set @in = concat(' on `', replace(@database, '`', '``'), '`.');

set @s = concat('grant select, insert, update, delete', @in, '`Tasks` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Task_Schedule` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Task_History` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Cluster_Key` to ', @node);
prepare s from @s; execute s;

-- What nodes tell each other: lock groups, tokens to join with, live output.
set @s = concat('grant select, insert, update, delete', @in, '`Task_Lock` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Run_Lock` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Join_Token` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Output_Follower` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Task_Output` to ', @node);
prepare s from @s; execute s;

-- How far nodes have followed the changes, and what became of offline edits.
set @s = concat('grant select, insert, update, delete', @in, '`Sync_Cursor` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Sync_Applied` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Sync_Conflict` to ', @node);
prepare s from @s; execute s;
-- Only replicas, files of their own, fill these.
set @s = concat('grant select', @in, '`Sync_Pending` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select', @in, '`Sync_Run` to ', @node);
prepare s from @s; execute s;
-- A seal outlives the changes it is about.
set @s = concat('grant select, insert, update', @in, '`Change_Seal` to ', @node);
prepare s from @s; execute s;
-- What fails, and who outside is told of it.
set @s = concat('grant select, insert, update, delete', @in, '`Task_Failure` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Webhook` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update, delete', @in, '`Webhook_Call` to ', @node);
prepare s from @s; execute s;

-- Nodes, tokens and emergency stops are switched off, never deleted.
set @s = concat('grant select, insert, update', @in, '`Node_State` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update', @in, '`Cluster_Hold` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update', @in, '`Nodes` to ', @node);
prepare s from @s; execute s;
set @s = concat('grant select, insert, update', @in, '`Api_Token` to ', @node);
prepare s from @s; execute s;

-- No insert: the triggers write the log, with the rights of their definer, the migration account. Delete: retention.
-- Update: the number of a change. Who, when, what and both images cannot be changed.
set @s = concat('grant select, delete, update (`Seq`)', @in, '`Data_Change` to ', @node);
prepare s from @s; execute s;

set @s = concat('grant select, update (`Value`)', @in, '`Sync_Counter` to ', @node);
prepare s from @s; execute s;

-- Its values (schema version, oldest program let in) are written by `migrate` only. Nodes lock a row while they
-- register, and MySQL locks rows for accounts that may update some column of them.
set @s = concat('grant select, update (`InfoKey`)', @in, '`Cluster_Info` to ', @node);
prepare s from @s; execute s;

-- Nothing on mikro_orm_migrations, the list of `migrate`. No EXECUTE: only triggers call capture_gzip. No TRIGGER:
-- with it an account could drop them; without it a node cannot look at them either, and leaves that to `migrate`.

deallocate prepare s;
