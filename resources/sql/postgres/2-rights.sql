-- PostgreSQL: what the account that runs nodes may do, and no more.
--
-- Run after the first `pswebhost-node migrate`, and after each later one, with the file that came with that version:
--
--   psql -h HOST -U pswebhost_migrate -d pswebhost -f 2-rights.sql
--
-- The migration account may run it: it owns the tables. It may be repeated; nodes may be at work meanwhile.

\set ON_ERROR_STOP on

-- Names of your own, as in 1-accounts.sql.
\set migrate_role pswebhost_migrate
\set node_role pswebhost_node

-- In one transaction: no node finds its rights taken and not yet given.
begin;

revoke all on all tables in schema public from :"node_role";

grant select, insert, update, delete on "Tasks", "Task_Schedule", "Task_History", "Cluster_Key" to :"node_role";

-- What nodes tell each other: lock groups, tokens to join with, live output.
grant select, insert, update, delete on "Task_Lock", "Run_Lock", "Join_Token" to :"node_role";
grant select, insert, update, delete on "Output_Follower", "Task_Output" to :"node_role";

-- How far nodes have followed the changes, and what became of offline edits.
grant select, insert, update, delete on "Sync_Cursor", "Sync_Applied", "Sync_Conflict" to :"node_role";
-- Only replicas, files of their own, fill these.
grant select on "Sync_Pending", "Sync_Run" to :"node_role";
-- A seal outlives the changes it is about.
grant select, insert, update on "Change_Seal" to :"node_role";
-- What fails, and who outside is told of it.
grant select, insert, update, delete on "Task_Failure", "Webhook", "Webhook_Call" to :"node_role";

-- Nodes, tokens and emergency stops are switched off, never deleted.
grant select, insert, update on "Nodes", "Node_State", "Api_Token", "Cluster_Hold" to :"node_role";

-- Insert: the triggers write the log, with the rights of whoever writes. They are not SECURITY DEFINER: such functions
-- look names up where the session says, and could be led to run somebody's code as the owner. Delete: retention.
-- Update: the number of a change. Who, when, what and both images cannot be changed.
-- LocalSeq is an identity: its sequence needs no grant.
grant select, insert, delete, update ("Seq") on "Data_Change" to :"node_role";

grant select, update ("Value") on "Sync_Counter" to :"node_role";

-- Its values (schema version, oldest program let in) are written by `migrate` only. Nodes lock a row while they
-- register, and to lock a row is to have the right to update some column of it.
grant select, update ("InfoKey") on "Cluster_Info" to :"node_role";

-- The triggers call capture_gzip. Everybody may unless your server takes that away from new functions.
grant execute on all functions in schema public to :"node_role";

-- Nothing on mikro_orm_migrations, the list of `migrate`.

-- Tables of later versions: nodes can use them as soon as `migrate` has made them, and this file, run again,
-- narrows what is to be narrow.
alter default privileges for role :"migrate_role" in schema public
  grant select, insert, update, delete on tables to :"node_role";
alter default privileges for role :"migrate_role" in schema public
  grant execute on functions to :"node_role";

commit;
