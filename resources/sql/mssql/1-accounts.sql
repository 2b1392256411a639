-- SQL Server 2019 or newer: the database of a cluster, and its two accounts. A PREVIEW: written from the
-- documentation, never run on a server by us. Read it before you run it.
--
-- Run once, by an administrator, in sqlcmd (or in Management Studio with Query > SQLCMD Mode), before the first node
-- starts; the two passwords come from the environment:
--
--   export MigratePassword=… NodePassword=…
--   sqlcmd -S HOST -i 1-accounts.sql
--
-- Next: `pswebhost-node migrate` as the migration account, then 2-rights.sql. Step by step: docs/databases.md.
-- Azure SQL: make the database and the logins in the portal, then run the part behind `use`.

:on error exit

-- Names of your own: here, and in 2-rights.sql.
:setvar Database pswebhost
:setvar MigrateUser pswebhost_migrate
:setvar NodeUser pswebhost_node

-- Any collation: columns name their own (Latin1_General_100_BIN2), as do the texts inside of triggers.
create database [$(Database)];
go

-- Reads then wait for no writer, and see what was committed before their statement began, as on the other servers.
-- The program refuses a database without it.
alter database [$(Database)] set read_committed_snapshot on with rollback immediate;
alter database [$(Database)] set auto_close off;
go

-- Windows accounts instead: create login [DOMAIN\account] from windows;
create login [$(MigrateUser)] with password = N'$(MigratePassword)', default_database = [$(Database)];
create login [$(NodeUser)] with password = N'$(NodePassword)', default_database = [$(Database)];
go

use [$(Database)];
go

create user [$(MigrateUser)] for login [$(MigrateUser)] with default_schema = dbo;
create user [$(NodeUser)] for login [$(NodeUser)] with default_schema = dbo;
go

-- Makes tables and triggers. They belong to the owner of the schema (dbo), not to this account.
grant create table to [$(MigrateUser)];
grant alter, select, insert, update, delete, references, view definition on schema::dbo to [$(MigrateUser)];
go
