-- what captures changes, as it is made
create trigger [capture_Tasks] on [Tasks] after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (update([TaskID]) or update([TaskName]) or update([AppName]) or update([Description]) or update([ScriptPath]) or update([ScriptType]) or update([ScriptHash]) or update([Schedule]) or update([TimeZone]) or update([Enabled]) or update([AssignedNodeID]) or update([AssignedNodeGroup]) or update([AssignedNodeRole]) or update([RunOn]) or update([Priority]) or update([Timeout]) or update([MaxRetries]) or update([RetryDelay]) or update([RetryBackoff]) or update([OverlapPolicy]) or update([MisfirePolicy]) or update([MisfireWindow]) or update([OnLeaseLost]) or update([Limits]) or update([Tags]) or update([Parameters]) or update([Environment]) or update([CreatedBy]) or update([CreatedAt]) or update([ModifiedBy]) or update([ModifiedAt]) or update([Version])) return;
  declare @actor nvarchar(200) = cast(session_context(N'pswebhost.actor') as nvarchar(200)), @node nvarchar(36) = cast(session_context(N'pswebhost.node') as nvarchar(36)),
    @reason nvarchar(4000) = cast(session_context(N'pswebhost.reason') as nvarchar(4000)), @transaction nvarchar(36) = cast(session_context(N'pswebhost.transaction') as nvarchar(36)),
    @origin nvarchar(100) = cast(session_context(N'pswebhost.origin') as nvarchar(100));
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate Latin1_General_100_BIN2_UTF8, new_text varchar(max) collate Latin1_General_100_BIN2_UTF8,
    digested varchar(max) collate Latin1_General_100_BIN2_UTF8);
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21)),
    coalesce(i.[TaskID], d.[TaskID]),
    case when d.[TaskID] is null then 'INSERT' when i.[TaskID] is null then 'DELETE' else 'UPDATE' end,
    case when d.[TaskID] is not null then concat('{"TaskID":',
      case when d.[TaskID] is null then 'null' else concat('"', replace(string_escape(cast(d.[TaskID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TaskName":',
      case when d.[TaskName] is null then 'null' else concat('"', replace(string_escape(cast(d.[TaskName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AppName":',
      case when d.[AppName] is null then 'null' else concat('"', replace(string_escape(cast(d.[AppName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Description":',
      case when d.[Description] is null then 'null' else concat('"', replace(string_escape(cast(d.[Description] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptPath":',
      case when d.[ScriptPath] is null then 'null' else concat('"', replace(string_escape(cast(d.[ScriptPath] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptType":',
      case when d.[ScriptType] is null then 'null' else concat('"', replace(string_escape(cast(d.[ScriptType] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptHash":',
      case when d.[ScriptHash] is null then 'null' else concat('"', replace(string_escape(cast(d.[ScriptHash] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Schedule":',
      case when d.[Schedule] is null then 'null' else concat('"', replace(string_escape(cast(d.[Schedule] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TimeZone":',
      case when d.[TimeZone] is null then 'null' else concat('"', replace(string_escape(cast(d.[TimeZone] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Enabled":',
      case when d.[Enabled] is null then 'null' else cast(d.[Enabled] as nvarchar(20)) end,
      ',"AssignedNodeID":',
      case when d.[AssignedNodeID] is null then 'null' else concat('"', replace(string_escape(cast(d.[AssignedNodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AssignedNodeGroup":',
      case when d.[AssignedNodeGroup] is null then 'null' else concat('"', replace(string_escape(cast(d.[AssignedNodeGroup] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AssignedNodeRole":',
      case when d.[AssignedNodeRole] is null then 'null' else concat('"', replace(string_escape(cast(d.[AssignedNodeRole] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RunOn":',
      case when d.[RunOn] is null then 'null' else concat('"', replace(string_escape(cast(d.[RunOn] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Priority":',
      case when d.[Priority] is null then 'null' else cast(d.[Priority] as nvarchar(20)) end,
      ',"Timeout":',
      case when d.[Timeout] is null then 'null' else cast(d.[Timeout] as nvarchar(20)) end,
      ',"MaxRetries":',
      case when d.[MaxRetries] is null then 'null' else cast(d.[MaxRetries] as nvarchar(20)) end,
      ',"RetryDelay":',
      case when d.[RetryDelay] is null then 'null' else cast(d.[RetryDelay] as nvarchar(20)) end,
      ',"RetryBackoff":',
      case when d.[RetryBackoff] is null then 'null' else concat('"', replace(string_escape(cast(d.[RetryBackoff] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"OverlapPolicy":',
      case when d.[OverlapPolicy] is null then 'null' else concat('"', replace(string_escape(cast(d.[OverlapPolicy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MisfirePolicy":',
      case when d.[MisfirePolicy] is null then 'null' else concat('"', replace(string_escape(cast(d.[MisfirePolicy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MisfireWindow":',
      case when d.[MisfireWindow] is null then 'null' else cast(d.[MisfireWindow] as nvarchar(20)) end,
      ',"OnLeaseLost":',
      case when d.[OnLeaseLost] is null then 'null' else concat('"', replace(string_escape(cast(d.[OnLeaseLost] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Limits":',
      case when d.[Limits] is null then 'null' else concat('"', replace(string_escape(cast(d.[Limits] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Tags":',
      case when d.[Tags] is null then 'null' else concat('"', replace(string_escape(cast(d.[Tags] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Parameters":',
      case when d.[Parameters] is null then 'null' else concat('"', replace(string_escape(cast(d.[Parameters] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Environment":',
      case when d.[Environment] is null then 'null' else concat('"', replace(string_escape(cast(d.[Environment] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedBy":',
      case when d.[CreatedBy] is null then 'null' else concat('"', replace(string_escape(cast(d.[CreatedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedAt":',
      case when d.[CreatedAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[CreatedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ModifiedBy":',
      case when d.[ModifiedBy] is null then 'null' else concat('"', replace(string_escape(cast(d.[ModifiedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ModifiedAt":',
      case when d.[ModifiedAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[ModifiedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when d.[Version] is null then 'null' else cast(d.[Version] as nvarchar(20)) end,
      '}') end,
    case when i.[TaskID] is not null then concat('{"TaskID":',
      case when i.[TaskID] is null then 'null' else concat('"', replace(string_escape(cast(i.[TaskID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TaskName":',
      case when i.[TaskName] is null then 'null' else concat('"', replace(string_escape(cast(i.[TaskName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AppName":',
      case when i.[AppName] is null then 'null' else concat('"', replace(string_escape(cast(i.[AppName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Description":',
      case when i.[Description] is null then 'null' else concat('"', replace(string_escape(cast(i.[Description] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptPath":',
      case when i.[ScriptPath] is null then 'null' else concat('"', replace(string_escape(cast(i.[ScriptPath] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptType":',
      case when i.[ScriptType] is null then 'null' else concat('"', replace(string_escape(cast(i.[ScriptType] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ScriptHash":',
      case when i.[ScriptHash] is null then 'null' else concat('"', replace(string_escape(cast(i.[ScriptHash] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Schedule":',
      case when i.[Schedule] is null then 'null' else concat('"', replace(string_escape(cast(i.[Schedule] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TimeZone":',
      case when i.[TimeZone] is null then 'null' else concat('"', replace(string_escape(cast(i.[TimeZone] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Enabled":',
      case when i.[Enabled] is null then 'null' else cast(i.[Enabled] as nvarchar(20)) end,
      ',"AssignedNodeID":',
      case when i.[AssignedNodeID] is null then 'null' else concat('"', replace(string_escape(cast(i.[AssignedNodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AssignedNodeGroup":',
      case when i.[AssignedNodeGroup] is null then 'null' else concat('"', replace(string_escape(cast(i.[AssignedNodeGroup] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"AssignedNodeRole":',
      case when i.[AssignedNodeRole] is null then 'null' else concat('"', replace(string_escape(cast(i.[AssignedNodeRole] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RunOn":',
      case when i.[RunOn] is null then 'null' else concat('"', replace(string_escape(cast(i.[RunOn] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Priority":',
      case when i.[Priority] is null then 'null' else cast(i.[Priority] as nvarchar(20)) end,
      ',"Timeout":',
      case when i.[Timeout] is null then 'null' else cast(i.[Timeout] as nvarchar(20)) end,
      ',"MaxRetries":',
      case when i.[MaxRetries] is null then 'null' else cast(i.[MaxRetries] as nvarchar(20)) end,
      ',"RetryDelay":',
      case when i.[RetryDelay] is null then 'null' else cast(i.[RetryDelay] as nvarchar(20)) end,
      ',"RetryBackoff":',
      case when i.[RetryBackoff] is null then 'null' else concat('"', replace(string_escape(cast(i.[RetryBackoff] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"OverlapPolicy":',
      case when i.[OverlapPolicy] is null then 'null' else concat('"', replace(string_escape(cast(i.[OverlapPolicy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MisfirePolicy":',
      case when i.[MisfirePolicy] is null then 'null' else concat('"', replace(string_escape(cast(i.[MisfirePolicy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MisfireWindow":',
      case when i.[MisfireWindow] is null then 'null' else cast(i.[MisfireWindow] as nvarchar(20)) end,
      ',"OnLeaseLost":',
      case when i.[OnLeaseLost] is null then 'null' else concat('"', replace(string_escape(cast(i.[OnLeaseLost] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Limits":',
      case when i.[Limits] is null then 'null' else concat('"', replace(string_escape(cast(i.[Limits] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Tags":',
      case when i.[Tags] is null then 'null' else concat('"', replace(string_escape(cast(i.[Tags] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Parameters":',
      case when i.[Parameters] is null then 'null' else concat('"', replace(string_escape(cast(i.[Parameters] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Environment":',
      case when i.[Environment] is null then 'null' else concat('"', replace(string_escape(cast(i.[Environment] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedBy":',
      case when i.[CreatedBy] is null then 'null' else concat('"', replace(string_escape(cast(i.[CreatedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedAt":',
      case when i.[CreatedAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[CreatedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ModifiedBy":',
      case when i.[ModifiedBy] is null then 'null' else concat('"', replace(string_escape(cast(i.[ModifiedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ModifiedAt":',
      case when i.[ModifiedAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[ModifiedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when i.[Version] is null then 'null' else cast(i.[Version] as nvarchar(20)) end,
      '}') end
  from inserted as i full outer join deleted as d on d.[TaskID] = i.[TaskID];
  delete from @changes where old_text = new_text;
  update @changes set digested = concat('[',
      case when change_id is null then 'null' else concat('"', replace(string_escape(cast(change_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '"Tasks"',
      ',',
      case when record_id is null then 'null' else concat('"', replace(string_escape(cast(record_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when change_action is null then 'null' else concat('"', replace(string_escape(cast(change_action as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when old_text is null then 'null' else concat('"', replace(string_escape(cast(old_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when new_text is null then 'null' else concat('"', replace(string_escape(cast(new_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @actor is null then 'null' else concat('"', replace(string_escape(cast(@actor as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @time is null then 'null' else concat('"', replace(string_escape(cast(@time as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @node is null then 'null' else concat('"', replace(string_escape(cast(@node as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @reason is null then 'null' else concat('"', replace(string_escape(cast(@reason as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @transaction is null then 'null' else concat('"', replace(string_escape(cast(@transaction as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @origin is null then 'null' else concat('"', replace(string_escape(cast(@origin as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '6',
      ']');
  insert into [Data_Change] ([ChangeID], [TableName], [RecordID], [Action], [OldData], [NewData], [ChangedBy], [ChangedAt], [NodeID], [ChangeReason], [TransactionID], [Origin], [SchemaVersion], [Digest])
  select change_id, 'Tasks', record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, 6,
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end;
create trigger [capture_Task_Schedule] on [Task_Schedule] after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (update([ScheduleID]) or update([TaskID]) or update([NodeID])) return;
  declare @actor nvarchar(200) = cast(session_context(N'pswebhost.actor') as nvarchar(200)), @node nvarchar(36) = cast(session_context(N'pswebhost.node') as nvarchar(36)),
    @reason nvarchar(4000) = cast(session_context(N'pswebhost.reason') as nvarchar(4000)), @transaction nvarchar(36) = cast(session_context(N'pswebhost.transaction') as nvarchar(36)),
    @origin nvarchar(100) = cast(session_context(N'pswebhost.origin') as nvarchar(100));
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate Latin1_General_100_BIN2_UTF8, new_text varchar(max) collate Latin1_General_100_BIN2_UTF8,
    digested varchar(max) collate Latin1_General_100_BIN2_UTF8);
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21)),
    coalesce(i.[ScheduleID], d.[ScheduleID]),
    case when d.[ScheduleID] is null then 'INSERT' when i.[ScheduleID] is null then 'DELETE' else 'UPDATE' end,
    case when d.[ScheduleID] is not null then concat('{"ScheduleID":',
      case when d.[ScheduleID] is null then 'null' else concat('"', replace(string_escape(cast(d.[ScheduleID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TaskID":',
      case when d.[TaskID] is null then 'null' else concat('"', replace(string_escape(cast(d.[TaskID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeID":',
      case when d.[NodeID] is null then 'null' else concat('"', replace(string_escape(cast(d.[NodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      '}') end,
    case when i.[ScheduleID] is not null then concat('{"ScheduleID":',
      case when i.[ScheduleID] is null then 'null' else concat('"', replace(string_escape(cast(i.[ScheduleID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TaskID":',
      case when i.[TaskID] is null then 'null' else concat('"', replace(string_escape(cast(i.[TaskID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeID":',
      case when i.[NodeID] is null then 'null' else concat('"', replace(string_escape(cast(i.[NodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      '}') end
  from inserted as i full outer join deleted as d on d.[ScheduleID] = i.[ScheduleID];
  delete from @changes where old_text = new_text;
  update @changes set digested = concat('[',
      case when change_id is null then 'null' else concat('"', replace(string_escape(cast(change_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '"Task_Schedule"',
      ',',
      case when record_id is null then 'null' else concat('"', replace(string_escape(cast(record_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when change_action is null then 'null' else concat('"', replace(string_escape(cast(change_action as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when old_text is null then 'null' else concat('"', replace(string_escape(cast(old_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when new_text is null then 'null' else concat('"', replace(string_escape(cast(new_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @actor is null then 'null' else concat('"', replace(string_escape(cast(@actor as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @time is null then 'null' else concat('"', replace(string_escape(cast(@time as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @node is null then 'null' else concat('"', replace(string_escape(cast(@node as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @reason is null then 'null' else concat('"', replace(string_escape(cast(@reason as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @transaction is null then 'null' else concat('"', replace(string_escape(cast(@transaction as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @origin is null then 'null' else concat('"', replace(string_escape(cast(@origin as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '6',
      ']');
  insert into [Data_Change] ([ChangeID], [TableName], [RecordID], [Action], [OldData], [NewData], [ChangedBy], [ChangedAt], [NodeID], [ChangeReason], [TransactionID], [Origin], [SchemaVersion], [Digest])
  select change_id, 'Task_Schedule', record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, 6,
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end;
create trigger [capture_Nodes] on [Nodes] after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (update([NodeID]) or update([NodeName]) or update([Hostname]) or update([IPAddress]) or update([Port]) or update([NodeGroup]) or update([NodeRole]) or update([Tags]) or update([IsActive]) or update([IsDraining]) or update([MaxConcurrentTasks]) or update([SupportedTaskTypes]) or update([Version]) or update([Platform]) or update([RegisteredAt]) or update([RegisteredBy])) return;
  declare @actor nvarchar(200) = cast(session_context(N'pswebhost.actor') as nvarchar(200)), @node nvarchar(36) = cast(session_context(N'pswebhost.node') as nvarchar(36)),
    @reason nvarchar(4000) = cast(session_context(N'pswebhost.reason') as nvarchar(4000)), @transaction nvarchar(36) = cast(session_context(N'pswebhost.transaction') as nvarchar(36)),
    @origin nvarchar(100) = cast(session_context(N'pswebhost.origin') as nvarchar(100));
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate Latin1_General_100_BIN2_UTF8, new_text varchar(max) collate Latin1_General_100_BIN2_UTF8,
    digested varchar(max) collate Latin1_General_100_BIN2_UTF8);
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21)),
    coalesce(i.[NodeID], d.[NodeID]),
    case when d.[NodeID] is null then 'INSERT' when i.[NodeID] is null then 'DELETE' else 'UPDATE' end,
    case when d.[NodeID] is not null then concat('{"NodeID":',
      case when d.[NodeID] is null then 'null' else concat('"', replace(string_escape(cast(d.[NodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeName":',
      case when d.[NodeName] is null then 'null' else concat('"', replace(string_escape(cast(d.[NodeName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Hostname":',
      case when d.[Hostname] is null then 'null' else concat('"', replace(string_escape(cast(d.[Hostname] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"IPAddress":',
      case when d.[IPAddress] is null then 'null' else concat('"', replace(string_escape(cast(d.[IPAddress] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Port":',
      case when d.[Port] is null then 'null' else cast(d.[Port] as nvarchar(20)) end,
      ',"NodeGroup":',
      case when d.[NodeGroup] is null then 'null' else concat('"', replace(string_escape(cast(d.[NodeGroup] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeRole":',
      case when d.[NodeRole] is null then 'null' else concat('"', replace(string_escape(cast(d.[NodeRole] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Tags":',
      case when d.[Tags] is null then 'null' else concat('"', replace(string_escape(cast(d.[Tags] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"IsActive":',
      case when d.[IsActive] is null then 'null' else cast(d.[IsActive] as nvarchar(20)) end,
      ',"IsDraining":',
      case when d.[IsDraining] is null then 'null' else cast(d.[IsDraining] as nvarchar(20)) end,
      ',"MaxConcurrentTasks":',
      case when d.[MaxConcurrentTasks] is null then 'null' else cast(d.[MaxConcurrentTasks] as nvarchar(20)) end,
      ',"SupportedTaskTypes":',
      case when d.[SupportedTaskTypes] is null then 'null' else concat('"', replace(string_escape(cast(d.[SupportedTaskTypes] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when d.[Version] is null then 'null' else concat('"', replace(string_escape(cast(d.[Version] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Platform":',
      case when d.[Platform] is null then 'null' else concat('"', replace(string_escape(cast(d.[Platform] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RegisteredAt":',
      case when d.[RegisteredAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[RegisteredAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RegisteredBy":',
      case when d.[RegisteredBy] is null then 'null' else concat('"', replace(string_escape(cast(d.[RegisteredBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      '}') end,
    case when i.[NodeID] is not null then concat('{"NodeID":',
      case when i.[NodeID] is null then 'null' else concat('"', replace(string_escape(cast(i.[NodeID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeName":',
      case when i.[NodeName] is null then 'null' else concat('"', replace(string_escape(cast(i.[NodeName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Hostname":',
      case when i.[Hostname] is null then 'null' else concat('"', replace(string_escape(cast(i.[Hostname] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"IPAddress":',
      case when i.[IPAddress] is null then 'null' else concat('"', replace(string_escape(cast(i.[IPAddress] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Port":',
      case when i.[Port] is null then 'null' else cast(i.[Port] as nvarchar(20)) end,
      ',"NodeGroup":',
      case when i.[NodeGroup] is null then 'null' else concat('"', replace(string_escape(cast(i.[NodeGroup] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"NodeRole":',
      case when i.[NodeRole] is null then 'null' else concat('"', replace(string_escape(cast(i.[NodeRole] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Tags":',
      case when i.[Tags] is null then 'null' else concat('"', replace(string_escape(cast(i.[Tags] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"IsActive":',
      case when i.[IsActive] is null then 'null' else cast(i.[IsActive] as nvarchar(20)) end,
      ',"IsDraining":',
      case when i.[IsDraining] is null then 'null' else cast(i.[IsDraining] as nvarchar(20)) end,
      ',"MaxConcurrentTasks":',
      case when i.[MaxConcurrentTasks] is null then 'null' else cast(i.[MaxConcurrentTasks] as nvarchar(20)) end,
      ',"SupportedTaskTypes":',
      case when i.[SupportedTaskTypes] is null then 'null' else concat('"', replace(string_escape(cast(i.[SupportedTaskTypes] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when i.[Version] is null then 'null' else concat('"', replace(string_escape(cast(i.[Version] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Platform":',
      case when i.[Platform] is null then 'null' else concat('"', replace(string_escape(cast(i.[Platform] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RegisteredAt":',
      case when i.[RegisteredAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[RegisteredAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RegisteredBy":',
      case when i.[RegisteredBy] is null then 'null' else concat('"', replace(string_escape(cast(i.[RegisteredBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      '}') end
  from inserted as i full outer join deleted as d on d.[NodeID] = i.[NodeID];
  delete from @changes where old_text = new_text;
  update @changes set digested = concat('[',
      case when change_id is null then 'null' else concat('"', replace(string_escape(cast(change_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '"Nodes"',
      ',',
      case when record_id is null then 'null' else concat('"', replace(string_escape(cast(record_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when change_action is null then 'null' else concat('"', replace(string_escape(cast(change_action as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when old_text is null then 'null' else concat('"', replace(string_escape(cast(old_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when new_text is null then 'null' else concat('"', replace(string_escape(cast(new_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @actor is null then 'null' else concat('"', replace(string_escape(cast(@actor as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @time is null then 'null' else concat('"', replace(string_escape(cast(@time as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @node is null then 'null' else concat('"', replace(string_escape(cast(@node as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @reason is null then 'null' else concat('"', replace(string_escape(cast(@reason as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @transaction is null then 'null' else concat('"', replace(string_escape(cast(@transaction as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @origin is null then 'null' else concat('"', replace(string_escape(cast(@origin as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '6',
      ']');
  insert into [Data_Change] ([ChangeID], [TableName], [RecordID], [Action], [OldData], [NewData], [ChangedBy], [ChangedAt], [NodeID], [ChangeReason], [TransactionID], [Origin], [SchemaVersion], [Digest])
  select change_id, 'Nodes', record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, 6,
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end;
create trigger [capture_Api_Token] on [Api_Token] after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (update([TokenID]) or update([TokenName]) or update([Role]) or update([CreatedBy]) or update([CreatedAt]) or update([ExpiresAt]) or update([RevokedAt]) or update([Version])) return;
  declare @actor nvarchar(200) = cast(session_context(N'pswebhost.actor') as nvarchar(200)), @node nvarchar(36) = cast(session_context(N'pswebhost.node') as nvarchar(36)),
    @reason nvarchar(4000) = cast(session_context(N'pswebhost.reason') as nvarchar(4000)), @transaction nvarchar(36) = cast(session_context(N'pswebhost.transaction') as nvarchar(36)),
    @origin nvarchar(100) = cast(session_context(N'pswebhost.origin') as nvarchar(100));
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate Latin1_General_100_BIN2_UTF8, new_text varchar(max) collate Latin1_General_100_BIN2_UTF8,
    digested varchar(max) collate Latin1_General_100_BIN2_UTF8);
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21)),
    coalesce(i.[TokenID], d.[TokenID]),
    case when d.[TokenID] is null then 'INSERT' when i.[TokenID] is null then 'DELETE' else 'UPDATE' end,
    case when d.[TokenID] is not null then concat('{"TokenID":',
      case when d.[TokenID] is null then 'null' else concat('"', replace(string_escape(cast(d.[TokenID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TokenName":',
      case when d.[TokenName] is null then 'null' else concat('"', replace(string_escape(cast(d.[TokenName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Role":',
      case when d.[Role] is null then 'null' else concat('"', replace(string_escape(cast(d.[Role] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedBy":',
      case when d.[CreatedBy] is null then 'null' else concat('"', replace(string_escape(cast(d.[CreatedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedAt":',
      case when d.[CreatedAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[CreatedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ExpiresAt":',
      case when d.[ExpiresAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[ExpiresAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RevokedAt":',
      case when d.[RevokedAt] is null then 'null' else concat('"', replace(string_escape(cast(d.[RevokedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when d.[Version] is null then 'null' else cast(d.[Version] as nvarchar(20)) end,
      '}') end,
    case when i.[TokenID] is not null then concat('{"TokenID":',
      case when i.[TokenID] is null then 'null' else concat('"', replace(string_escape(cast(i.[TokenID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"TokenName":',
      case when i.[TokenName] is null then 'null' else concat('"', replace(string_escape(cast(i.[TokenName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Role":',
      case when i.[Role] is null then 'null' else concat('"', replace(string_escape(cast(i.[Role] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedBy":',
      case when i.[CreatedBy] is null then 'null' else concat('"', replace(string_escape(cast(i.[CreatedBy] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"CreatedAt":',
      case when i.[CreatedAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[CreatedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"ExpiresAt":',
      case when i.[ExpiresAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[ExpiresAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"RevokedAt":',
      case when i.[RevokedAt] is null then 'null' else concat('"', replace(string_escape(cast(i.[RevokedAt] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when i.[Version] is null then 'null' else cast(i.[Version] as nvarchar(20)) end,
      '}') end
  from inserted as i full outer join deleted as d on d.[TokenID] = i.[TokenID];
  delete from @changes where old_text = new_text;
  update @changes set digested = concat('[',
      case when change_id is null then 'null' else concat('"', replace(string_escape(cast(change_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '"Api_Token"',
      ',',
      case when record_id is null then 'null' else concat('"', replace(string_escape(cast(record_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when change_action is null then 'null' else concat('"', replace(string_escape(cast(change_action as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when old_text is null then 'null' else concat('"', replace(string_escape(cast(old_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when new_text is null then 'null' else concat('"', replace(string_escape(cast(new_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @actor is null then 'null' else concat('"', replace(string_escape(cast(@actor as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @time is null then 'null' else concat('"', replace(string_escape(cast(@time as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @node is null then 'null' else concat('"', replace(string_escape(cast(@node as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @reason is null then 'null' else concat('"', replace(string_escape(cast(@reason as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @transaction is null then 'null' else concat('"', replace(string_escape(cast(@transaction as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @origin is null then 'null' else concat('"', replace(string_escape(cast(@origin as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '6',
      ']');
  insert into [Data_Change] ([ChangeID], [TableName], [RecordID], [Action], [OldData], [NewData], [ChangedBy], [ChangedAt], [NodeID], [ChangeReason], [TransactionID], [Origin], [SchemaVersion], [Digest])
  select change_id, 'Api_Token', record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, 6,
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end;
create trigger [capture_Task_Lock] on [Task_Lock] after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (update([LockID]) or update([LockName]) or update([MaxConcurrent]) or update([Description]) or update([Version])) return;
  declare @actor nvarchar(200) = cast(session_context(N'pswebhost.actor') as nvarchar(200)), @node nvarchar(36) = cast(session_context(N'pswebhost.node') as nvarchar(36)),
    @reason nvarchar(4000) = cast(session_context(N'pswebhost.reason') as nvarchar(4000)), @transaction nvarchar(36) = cast(session_context(N'pswebhost.transaction') as nvarchar(36)),
    @origin nvarchar(100) = cast(session_context(N'pswebhost.origin') as nvarchar(100));
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate Latin1_General_100_BIN2_UTF8, new_text varchar(max) collate Latin1_General_100_BIN2_UTF8,
    digested varchar(max) collate Latin1_General_100_BIN2_UTF8);
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21)),
    coalesce(i.[LockID], d.[LockID]),
    case when d.[LockID] is null then 'INSERT' when i.[LockID] is null then 'DELETE' else 'UPDATE' end,
    case when d.[LockID] is not null then concat('{"LockID":',
      case when d.[LockID] is null then 'null' else concat('"', replace(string_escape(cast(d.[LockID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"LockName":',
      case when d.[LockName] is null then 'null' else concat('"', replace(string_escape(cast(d.[LockName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MaxConcurrent":',
      case when d.[MaxConcurrent] is null then 'null' else cast(d.[MaxConcurrent] as nvarchar(20)) end,
      ',"Description":',
      case when d.[Description] is null then 'null' else concat('"', replace(string_escape(cast(d.[Description] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when d.[Version] is null then 'null' else cast(d.[Version] as nvarchar(20)) end,
      '}') end,
    case when i.[LockID] is not null then concat('{"LockID":',
      case when i.[LockID] is null then 'null' else concat('"', replace(string_escape(cast(i.[LockID] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"LockName":',
      case when i.[LockName] is null then 'null' else concat('"', replace(string_escape(cast(i.[LockName] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"MaxConcurrent":',
      case when i.[MaxConcurrent] is null then 'null' else cast(i.[MaxConcurrent] as nvarchar(20)) end,
      ',"Description":',
      case when i.[Description] is null then 'null' else concat('"', replace(string_escape(cast(i.[Description] as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',"Version":',
      case when i.[Version] is null then 'null' else cast(i.[Version] as nvarchar(20)) end,
      '}') end
  from inserted as i full outer join deleted as d on d.[LockID] = i.[LockID];
  delete from @changes where old_text = new_text;
  update @changes set digested = concat('[',
      case when change_id is null then 'null' else concat('"', replace(string_escape(cast(change_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '"Task_Lock"',
      ',',
      case when record_id is null then 'null' else concat('"', replace(string_escape(cast(record_id as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when change_action is null then 'null' else concat('"', replace(string_escape(cast(change_action as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when old_text is null then 'null' else concat('"', replace(string_escape(cast(old_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when new_text is null then 'null' else concat('"', replace(string_escape(cast(new_text as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @actor is null then 'null' else concat('"', replace(string_escape(cast(@actor as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @time is null then 'null' else concat('"', replace(string_escape(cast(@time as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @node is null then 'null' else concat('"', replace(string_escape(cast(@node as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @reason is null then 'null' else concat('"', replace(string_escape(cast(@reason as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @transaction is null then 'null' else concat('"', replace(string_escape(cast(@transaction as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      case when @origin is null then 'null' else concat('"', replace(string_escape(cast(@origin as nvarchar(max)) collate Latin1_General_100_BIN2, 'json'), N'\/', N'/'), '"') end,
      ',',
      '6',
      ']');
  insert into [Data_Change] ([ChangeID], [TableName], [RecordID], [Action], [OldData], [NewData], [ChangedBy], [ChangedAt], [NodeID], [ChangeReason], [TransactionID], [Origin], [SchemaVersion], [Digest])
  select change_id, 'Task_Lock', record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, 6,
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end;

-- dropped
drop trigger if exists [capture_Tasks];
drop trigger if exists [capture_Task_Schedule];
drop trigger if exists [capture_Nodes];
drop trigger if exists [capture_Api_Token];
drop trigger if exists [capture_Task_Lock];

-- what there is

    select has_perms_by_name('Tasks', 'OBJECT', 'VIEW DEFINITION') as may;

    select t.name as name, m.definition as text, cast(t.is_disabled as int) as disabled
    from sys.triggers as t
    join sys.objects as o on o.object_id = t.object_id
    join sys.sql_modules as m on m.object_id = t.object_id
    where o.schema_id = schema_id() and t.name like @1
    order by t.name;
-- "capture[_]%"
