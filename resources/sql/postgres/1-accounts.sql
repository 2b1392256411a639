-- PostgreSQL 14 or newer: the database of a cluster, and its two accounts.
--
-- Run once, by an administrator, before the first node starts:
--
--   psql -h HOST -U postgres -f 1-accounts.sql
--
-- Next: `pswebhost-node migrate` as the migration account, then 2-rights.sql. Step by step: docs/databases.md.

\set ON_ERROR_STOP on

-- Names of your own: here, and in 2-rights.sql.
\set database pswebhost
\set migrate_role pswebhost_migrate
\set node_role pswebhost_node

-- Owns the database, its tables, and the functions and triggers that capture changes. Used by `migrate` only.
create role :"migrate_role" login;

-- Runs nodes. It owns nothing: it can neither change a table nor switch the capture of changes off.
create role :"node_role" login;

-- Asked for here, so that they stand in no file, and in no log of the server.
\password :migrate_role
\password :node_role

-- An administrator who is no superuser (a managed server) may give away only what is his own:
-- grant :"migrate_role" to current_user;

create database :"database" owner :"migrate_role" encoding 'UTF8' template template0;

-- Everybody may connect to a new database and make temporary tables there. One called "Data_Change" would stand
-- before the real one: triggers run with the rights, and by the names, of whoever writes, and would log into it.
revoke all on database :"database" from public;
grant connect on database :"database" to :"node_role";

\connect :"database"

-- PostgreSQL 14 lets everybody make tables in the schema public; later releases do not.
revoke all on schema public from public;
grant all on schema public to :"migrate_role";
grant usage on schema public to :"node_role";
