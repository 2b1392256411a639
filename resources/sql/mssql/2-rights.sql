-- SQL Server: what the account that runs nodes may do, and no more. A PREVIEW: written from the documentation, never
-- run on a server by us. Read it before you run it.
--
-- Run after the first `pswebhost-node migrate`, and after each later one, with the file that came with that version:
--
--   sqlcmd -S HOST -i 2-rights.sql
--
-- An administrator runs it. It may be repeated; nodes may be at work meanwhile. Rights are given table by table:
-- nodes of a new version find its new tables only after this file was run.

:on error exit

-- Names of your own, as in 1-accounts.sql.
:setvar Database pswebhost
:setvar NodeUser pswebhost_node

use [$(Database)];
go

grant select, insert, update, delete on dbo.Tasks to [$(NodeUser)];
grant select, insert, update, delete on dbo.Task_Schedule to [$(NodeUser)];
grant select, insert, update, delete on dbo.Task_History to [$(NodeUser)];
grant select, insert, update, delete on dbo.Cluster_Key to [$(NodeUser)];

-- What nodes tell each other: lock groups, tokens to join with, live output.
grant select, insert, update, delete on dbo.Task_Lock to [$(NodeUser)];
grant select, insert, update, delete on dbo.Run_Lock to [$(NodeUser)];
grant select, insert, update, delete on dbo.Join_Token to [$(NodeUser)];
grant select, insert, update, delete on dbo.Output_Follower to [$(NodeUser)];
grant select, insert, update, delete on dbo.Task_Output to [$(NodeUser)];

-- How far nodes have followed the changes, and what became of offline edits.
grant select, insert, update, delete on dbo.Sync_Cursor to [$(NodeUser)];
grant select, insert, update, delete on dbo.Sync_Applied to [$(NodeUser)];
grant select, insert, update, delete on dbo.Sync_Conflict to [$(NodeUser)];
-- Only replicas, files of their own, fill these.
grant select on dbo.Sync_Pending to [$(NodeUser)];
grant select on dbo.Sync_Run to [$(NodeUser)];
-- A seal outlives the changes it is about.
grant select, insert, update on dbo.Change_Seal to [$(NodeUser)];
-- What fails, and who outside is told of it.
grant select, insert, update, delete on dbo.Task_Failure to [$(NodeUser)];
grant select, insert, update, delete on dbo.Webhook to [$(NodeUser)];
grant select, insert, update, delete on dbo.Webhook_Call to [$(NodeUser)];

-- Nodes, tokens and emergency stops are switched off, never deleted.
grant select, insert, update on dbo.Node_State to [$(NodeUser)];
grant select, insert, update on dbo.Cluster_Hold to [$(NodeUser)];
grant select, insert, update on dbo.Nodes to [$(NodeUser)];
grant select, insert, update on dbo.Api_Token to [$(NodeUser)];

-- No insert: the triggers write the log. They and it have the same owner, so nobody is asked for the right.
-- Delete: retention. Update: the number of a change. Who, when, what and both images cannot be changed.
grant select, delete on dbo.Data_Change to [$(NodeUser)];
grant update on dbo.Data_Change (Seq) to [$(NodeUser)];

grant select on dbo.Sync_Counter to [$(NodeUser)];
grant update on dbo.Sync_Counter (Value) to [$(NodeUser)];

-- Written by `migrate` only. Rows are locked by hints here, which need the right to read and no other.
grant select on dbo.Cluster_Info to [$(NodeUser)];

-- Nothing on mikro_orm_migrations, the list of `migrate`. No ALTER: TRUNCATE needs it, and it would not be logged.
-- No VIEW DEFINITION: a node cannot look at the triggers then, and leaves that to `migrate`.
go
