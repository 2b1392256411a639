-- MySQL 8.0.17 or newer, MariaDB 10.11 or newer: the database of a cluster, and its two accounts.
--
-- Run once, by an administrator, before the first node starts:
--
--   mysql -h HOST -u root -p < 1-accounts.sql          (MariaDB: the same with `mariadb`)
--
-- Next: `pswebhost-node migrate` as the migration account, then 2-rights.sql. Step by step: docs/databases.md.

-- Names of your own: here, and in 2-rights.sql.
set @database = 'pswebhost';
set @migrate_user = 'pswebhost_migrate';
set @node_user = 'pswebhost_node';
-- The machines the accounts may come from: `%` any, `10.1.%` a network.
set @host = '%';
-- Fill in, and remove again afterwards. Empty ones are refused as an error of syntax.
set @migrate_password = '';
set @node_password = '';

-- Names cannot be variables in these statements: each is put together, then run.
set @migrate = concat(quote(@migrate_user), '@', quote(@host));
set @node = concat(quote(@node_user), '@', quote(@host));
set @quoted = concat('`', replace(@database, '`', '``'), '`');

-- Owns nothing (MySQL has no owners), but is the definer of the capture triggers: they run with its rights, so it
-- must go on existing. It may be locked between migrations (`alter user … account lock`); triggers still run.
set @s = concat('create user ', @migrate, ' identified by ', quote(nullif(@migrate_password, '')));
prepare s from @s; execute s;

-- Runs nodes. It can neither change a table nor a trigger, and writes the change log through triggers only.
set @s = concat('create user ', @node, ' identified by ', quote(nullif(@node_password, '')));
prepare s from @s; execute s;

-- For connections that must be encrypted, whatever a node's app.yaml says:
-- alter user 'pswebhost_node'@'%' require ssl;

-- Tables name their own character set and collation (binary, without padding).
set @s = concat('create database ', @quoted, ' default character set utf8mb4');
prepare s from @s; execute s;

-- `_` in the name of a database is a wildcard here, so it is escaped.
set @s = concat('grant select, insert, update, delete, create, alter, drop, index, references, trigger, ',
  'create routine, alter routine, execute on ', replace(@quoted, '_', '\\_'), '.* to ', @migrate);
prepare s from @s; execute s;

-- With a binary log (the default of MySQL 8) the server lets accounts without SUPER make triggers only when told so.
-- Needed while `migrate` runs, not afterwards. Leave it out where the binary log is off; on a managed server it is a
-- setting of the instance (parameter group).
set global log_bin_trust_function_creators = 1;

deallocate prepare s;
