-- what captures changes, as it is made
create or replace function "capture_gzip"(plain text) returns bytea language plpgsql immutable strict as $capture$
declare
  crcs constant bigint[] := '{0,1996959894,3993919788,2567524794,124634137,1886057615,3915621685,2657392035,249268274,2044508324,3772115230,2547177864,162941995,2125561021,3887607047,2428444049,498536548,1789927666,4089016648,2227061214,450548861,1843258603,4107580753,2211677639,325883990,1684777152,4251122042,2321926636,335633487,1661365465,4195302755,2366115317,997073096,1281953886,3579855332,2724688242,1006888145,1258607687,3524101629,2768942443,901097722,1119000684,3686517206,2898065728,853044451,1172266101,3705015759,2882616665,651767980,1373503546,3369554304,3218104598,565507253,1454621731,3485111705,3099436303,671266974,1594198024,3322730930,2970347812,795835527,1483230225,3244367275,3060149565,1994146192,31158534,2563907772,4023717930,1907459465,112637215,2680153253,3904427059,2013776290,251722036,2517215374,3775830040,2137656763,141376813,2439277719,3865271297,1802195444,476864866,2238001368,4066508878,1812370925,453092731,2181625025,4111451223,1706088902,314042704,2344532202,4240017532,1658658271,366619977,2362670323,4224994405,1303535960,984961486,2747007092,3569037538,1256170817,1037604311,2765210733,3554079995,1131014506,879679996,2909243462,3663771856,1141124467,855842277,2852801631,3708648649,1342533948,654459306,3188396048,3373015174,1466479909,544179635,3110523913,3462522015,1591671054,702138776,2966460450,3352799412,1504918807,783551873,3082640443,3233442989,3988292384,2596254646,62317068,1957810842,3939845945,2647816111,81470997,1943803523,3814918930,2489596804,225274430,2053790376,3826175755,2466906013,167816743,2097651377,4027552580,2265490386,503444072,1762050814,4150417245,2154129355,426522225,1852507879,4275313526,2312317920,282753626,1742555852,4189708143,2394877945,397917763,1622183637,3604390888,2714866558,953729732,1340076626,3518719985,2797360999,1068828381,1219638859,3624741850,2936675148,906185462,1090812512,3747672003,2825379669,829329135,1181335161,3412177804,3160834842,628085408,1382605366,3423369109,3138078467,570562233,1426400815,3317316542,2998733608,733239954,1555261956,3268935591,3050360625,752459403,1541320221,2607071920,3965973030,1969922972,40735498,2617837225,3943577151,1913087877,83908371,2512341634,3803740692,2075208622,213261112,2463272603,3855990285,2094854071,198958881,2262029012,4057260610,1759359992,534414190,2176718541,4139329115,1873836001,414664567,2282248934,4279200368,1711684554,285281116,2405801727,4167216745,1634467795,376229701,2685067896,3608007406,1308918612,956543938,2808555105,3495958263,1231636301,1047427035,2932959818,3654703836,1088359270,936918000,2847714899,3736837829,1202900863,817233897,3183342108,3401237130,1404277552,615818150,3134207493,3453421203,1423857449,601450431,3009837614,3294710456,1567103746,711928724,3020668471,3272380065,1510334235,755167117}';
  bytes bytea := convert_to(plain, 'UTF8'); size int := length(bytes);
  crc bigint := 4294967295; start int := 0; block int; packed bytea := '\x1f8b08000000000000ff';
begin
  for at in 0 .. size - 1 loop
    crc := crcs[((crc # get_byte(bytes, at)) & 255) + 1] # (crc >> 8);
  end loop;
  crc := crc # 4294967295;
  loop
    block := least(65535, size - start);
    packed := packed || set_byte('\x00'::bytea, 0, (start + block >= size)::int)
      || set_byte('\x00'::bytea, 0, ((block >> 0) & 255)::int) || set_byte('\x00'::bytea, 0, ((block >> 8) & 255)::int) || set_byte('\x00'::bytea, 0, (((65535 - block) >> 0) & 255)::int) || set_byte('\x00'::bytea, 0, (((65535 - block) >> 8) & 255)::int) || substr(bytes, start + 1, block);
    start := start + block;
    exit when start >= size;
  end loop;
  return packed || set_byte('\x00'::bytea, 0, ((crc >> 0) & 255)::int) || set_byte('\x00'::bytea, 0, ((crc >> 8) & 255)::int) || set_byte('\x00'::bytea, 0, ((crc >> 16) & 255)::int) || set_byte('\x00'::bytea, 0, ((crc >> 24) & 255)::int)
    || set_byte('\x00'::bytea, 0, ((size >> 0) & 255)::int) || set_byte('\x00'::bytea, 0, ((size >> 8) & 255)::int) || set_byte('\x00'::bytea, 0, ((size >> 16) & 255)::int) || set_byte('\x00'::bytea, 0, ((size >> 24) & 255)::int);
end
$capture$;
create or replace function "capture_no_truncate"() returns trigger language plpgsql as $capture$
begin
  raise exception 'TRUNCATE of % is refused: it would not be logged. Use DELETE.', TG_TABLE_NAME;
end
$capture$;
create or replace function "capture_Tasks"() returns trigger language plpgsql as $capture$
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := nullif(current_setting('pswebhost.actor', true), ''); node_id text := nullif(current_setting('pswebhost.node', true), ''); reason text := nullif(current_setting('pswebhost.reason', true), '');
  transaction_id text := nullif(current_setting('pswebhost.transaction', true), ''); change_origin text := nullif(current_setting('pswebhost.origin', true), '');
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (NEW."TaskID", NEW."TaskName", NEW."AppName", NEW."Description", NEW."ScriptPath", NEW."ScriptType", NEW."ScriptHash", NEW."Schedule", NEW."TimeZone", NEW."Enabled", NEW."AssignedNodeID", NEW."AssignedNodeGroup", NEW."AssignedNodeRole", NEW."RunOn", NEW."Priority", NEW."Timeout", NEW."MaxRetries", NEW."RetryDelay", NEW."RetryBackoff", NEW."OverlapPolicy", NEW."MisfirePolicy", NEW."MisfireWindow", NEW."OnLeaseLost", NEW."Limits", NEW."Tags", NEW."Parameters", NEW."Environment", NEW."CreatedBy", NEW."CreatedAt", NEW."ModifiedBy", NEW."ModifiedAt", NEW."Version") is not distinct from (OLD."TaskID", OLD."TaskName", OLD."AppName", OLD."Description", OLD."ScriptPath", OLD."ScriptType", OLD."ScriptHash", OLD."Schedule", OLD."TimeZone", OLD."Enabled", OLD."AssignedNodeID", OLD."AssignedNodeGroup", OLD."AssignedNodeRole", OLD."RunOn", OLD."Priority", OLD."Timeout", OLD."MaxRetries", OLD."RetryDelay", OLD."RetryBackoff", OLD."OverlapPolicy", OLD."MisfirePolicy", OLD."MisfireWindow", OLD."OnLeaseLost", OLD."Limits", OLD."Tags", OLD."Parameters", OLD."Environment", OLD."CreatedBy", OLD."CreatedAt", OLD."ModifiedBy", OLD."ModifiedAt", OLD."Version") then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := OLD."TaskID";
  else record_id := NEW."TaskID"; end if;
  if TG_OP <> 'INSERT' then old_text := '{"TaskID":' || coalesce(to_json(OLD."TaskID")::text, 'null') || ',"TaskName":' || coalesce(to_json(OLD."TaskName")::text, 'null') || ',"AppName":' || coalesce(to_json(OLD."AppName")::text, 'null') || ',"Description":' || coalesce(to_json(OLD."Description")::text, 'null') || ',"ScriptPath":' || coalesce(to_json(OLD."ScriptPath")::text, 'null') || ',"ScriptType":' || coalesce(to_json(OLD."ScriptType")::text, 'null') || ',"ScriptHash":' || coalesce(to_json(OLD."ScriptHash")::text, 'null') || ',"Schedule":' || coalesce(to_json(OLD."Schedule")::text, 'null') || ',"TimeZone":' || coalesce(to_json(OLD."TimeZone")::text, 'null') || ',"Enabled":' || coalesce(OLD."Enabled"::text, 'null') || ',"AssignedNodeID":' || coalesce(to_json(OLD."AssignedNodeID")::text, 'null') || ',"AssignedNodeGroup":' || coalesce(to_json(OLD."AssignedNodeGroup")::text, 'null') || ',"AssignedNodeRole":' || coalesce(to_json(OLD."AssignedNodeRole")::text, 'null') || ',"RunOn":' || coalesce(to_json(OLD."RunOn")::text, 'null') || ',"Priority":' || coalesce(OLD."Priority"::text, 'null') || ',"Timeout":' || coalesce(OLD."Timeout"::text, 'null') || ',"MaxRetries":' || coalesce(OLD."MaxRetries"::text, 'null') || ',"RetryDelay":' || coalesce(OLD."RetryDelay"::text, 'null') || ',"RetryBackoff":' || coalesce(to_json(OLD."RetryBackoff")::text, 'null') || ',"OverlapPolicy":' || coalesce(to_json(OLD."OverlapPolicy")::text, 'null') || ',"MisfirePolicy":' || coalesce(to_json(OLD."MisfirePolicy")::text, 'null') || ',"MisfireWindow":' || coalesce(OLD."MisfireWindow"::text, 'null') || ',"OnLeaseLost":' || coalesce(to_json(OLD."OnLeaseLost")::text, 'null') || ',"Limits":' || coalesce(to_json(OLD."Limits")::text, 'null') || ',"Tags":' || coalesce(to_json(OLD."Tags")::text, 'null') || ',"Parameters":' || coalesce(to_json(OLD."Parameters")::text, 'null') || ',"Environment":' || coalesce(to_json(OLD."Environment")::text, 'null') || ',"CreatedBy":' || coalesce(to_json(OLD."CreatedBy")::text, 'null') || ',"CreatedAt":' || coalesce(to_json(OLD."CreatedAt")::text, 'null') || ',"ModifiedBy":' || coalesce(to_json(OLD."ModifiedBy")::text, 'null') || ',"ModifiedAt":' || coalesce(to_json(OLD."ModifiedAt")::text, 'null') || ',"Version":' || coalesce(OLD."Version"::text, 'null') || '}'; end if;
  if TG_OP <> 'DELETE' then new_text := '{"TaskID":' || coalesce(to_json(NEW."TaskID")::text, 'null') || ',"TaskName":' || coalesce(to_json(NEW."TaskName")::text, 'null') || ',"AppName":' || coalesce(to_json(NEW."AppName")::text, 'null') || ',"Description":' || coalesce(to_json(NEW."Description")::text, 'null') || ',"ScriptPath":' || coalesce(to_json(NEW."ScriptPath")::text, 'null') || ',"ScriptType":' || coalesce(to_json(NEW."ScriptType")::text, 'null') || ',"ScriptHash":' || coalesce(to_json(NEW."ScriptHash")::text, 'null') || ',"Schedule":' || coalesce(to_json(NEW."Schedule")::text, 'null') || ',"TimeZone":' || coalesce(to_json(NEW."TimeZone")::text, 'null') || ',"Enabled":' || coalesce(NEW."Enabled"::text, 'null') || ',"AssignedNodeID":' || coalesce(to_json(NEW."AssignedNodeID")::text, 'null') || ',"AssignedNodeGroup":' || coalesce(to_json(NEW."AssignedNodeGroup")::text, 'null') || ',"AssignedNodeRole":' || coalesce(to_json(NEW."AssignedNodeRole")::text, 'null') || ',"RunOn":' || coalesce(to_json(NEW."RunOn")::text, 'null') || ',"Priority":' || coalesce(NEW."Priority"::text, 'null') || ',"Timeout":' || coalesce(NEW."Timeout"::text, 'null') || ',"MaxRetries":' || coalesce(NEW."MaxRetries"::text, 'null') || ',"RetryDelay":' || coalesce(NEW."RetryDelay"::text, 'null') || ',"RetryBackoff":' || coalesce(to_json(NEW."RetryBackoff")::text, 'null') || ',"OverlapPolicy":' || coalesce(to_json(NEW."OverlapPolicy")::text, 'null') || ',"MisfirePolicy":' || coalesce(to_json(NEW."MisfirePolicy")::text, 'null') || ',"MisfireWindow":' || coalesce(NEW."MisfireWindow"::text, 'null') || ',"OnLeaseLost":' || coalesce(to_json(NEW."OnLeaseLost")::text, 'null') || ',"Limits":' || coalesce(to_json(NEW."Limits")::text, 'null') || ',"Tags":' || coalesce(to_json(NEW."Tags")::text, 'null') || ',"Parameters":' || coalesce(to_json(NEW."Parameters")::text, 'null') || ',"Environment":' || coalesce(to_json(NEW."Environment")::text, 'null') || ',"CreatedBy":' || coalesce(to_json(NEW."CreatedBy")::text, 'null') || ',"CreatedAt":' || coalesce(to_json(NEW."CreatedAt")::text, 'null') || ',"ModifiedBy":' || coalesce(to_json(NEW."ModifiedBy")::text, 'null') || ',"ModifiedAt":' || coalesce(to_json(NEW."ModifiedAt")::text, 'null') || ',"Version":' || coalesce(NEW."Version"::text, 'null') || '}'; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" ("ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy", "ChangedAt", "NodeID", "ChangeReason", "TransactionID", "Origin", "SchemaVersion", "Digest")
  values (change_id, 'Tasks', record_id, change_action, "capture_gzip"(old_text), "capture_gzip"(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, 6,
    encode(sha256(convert_to('[' || coalesce(to_json(change_id)::text, 'null') || ',' || '"Tasks"' || ',' || coalesce(to_json(record_id)::text, 'null') || ',' || coalesce(to_json(change_action)::text, 'null') || ',' || coalesce(to_json(old_text)::text, 'null') || ',' || coalesce(to_json(new_text)::text, 'null') || ',' || coalesce(to_json(actor)::text, 'null') || ',' || coalesce(to_json(change_time)::text, 'null') || ',' || coalesce(to_json(node_id)::text, 'null') || ',' || coalesce(to_json(reason)::text, 'null') || ',' || coalesce(to_json(transaction_id)::text, 'null') || ',' || coalesce(to_json(change_origin)::text, 'null') || ',' || '6' || ']', 'UTF8')), 'hex'));
  return null;
end
$capture$;
create or replace trigger "zz_capture_Tasks" after insert or update or delete on "Tasks" for each row execute function "capture_Tasks"();
create or replace trigger "zz_capture_Tasks_truncate" before truncate on "Tasks" for each statement execute function "capture_no_truncate"();
create or replace function "capture_Task_Schedule"() returns trigger language plpgsql as $capture$
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := nullif(current_setting('pswebhost.actor', true), ''); node_id text := nullif(current_setting('pswebhost.node', true), ''); reason text := nullif(current_setting('pswebhost.reason', true), '');
  transaction_id text := nullif(current_setting('pswebhost.transaction', true), ''); change_origin text := nullif(current_setting('pswebhost.origin', true), '');
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (NEW."ScheduleID", NEW."TaskID", NEW."NodeID") is not distinct from (OLD."ScheduleID", OLD."TaskID", OLD."NodeID") then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := OLD."ScheduleID";
  else record_id := NEW."ScheduleID"; end if;
  if TG_OP <> 'INSERT' then old_text := '{"ScheduleID":' || coalesce(to_json(OLD."ScheduleID")::text, 'null') || ',"TaskID":' || coalesce(to_json(OLD."TaskID")::text, 'null') || ',"NodeID":' || coalesce(to_json(OLD."NodeID")::text, 'null') || '}'; end if;
  if TG_OP <> 'DELETE' then new_text := '{"ScheduleID":' || coalesce(to_json(NEW."ScheduleID")::text, 'null') || ',"TaskID":' || coalesce(to_json(NEW."TaskID")::text, 'null') || ',"NodeID":' || coalesce(to_json(NEW."NodeID")::text, 'null') || '}'; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" ("ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy", "ChangedAt", "NodeID", "ChangeReason", "TransactionID", "Origin", "SchemaVersion", "Digest")
  values (change_id, 'Task_Schedule', record_id, change_action, "capture_gzip"(old_text), "capture_gzip"(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, 6,
    encode(sha256(convert_to('[' || coalesce(to_json(change_id)::text, 'null') || ',' || '"Task_Schedule"' || ',' || coalesce(to_json(record_id)::text, 'null') || ',' || coalesce(to_json(change_action)::text, 'null') || ',' || coalesce(to_json(old_text)::text, 'null') || ',' || coalesce(to_json(new_text)::text, 'null') || ',' || coalesce(to_json(actor)::text, 'null') || ',' || coalesce(to_json(change_time)::text, 'null') || ',' || coalesce(to_json(node_id)::text, 'null') || ',' || coalesce(to_json(reason)::text, 'null') || ',' || coalesce(to_json(transaction_id)::text, 'null') || ',' || coalesce(to_json(change_origin)::text, 'null') || ',' || '6' || ']', 'UTF8')), 'hex'));
  return null;
end
$capture$;
create or replace trigger "zz_capture_Task_Schedule" after insert or update or delete on "Task_Schedule" for each row execute function "capture_Task_Schedule"();
create or replace trigger "zz_capture_Task_Schedule_truncate" before truncate on "Task_Schedule" for each statement execute function "capture_no_truncate"();
create or replace function "capture_Nodes"() returns trigger language plpgsql as $capture$
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := nullif(current_setting('pswebhost.actor', true), ''); node_id text := nullif(current_setting('pswebhost.node', true), ''); reason text := nullif(current_setting('pswebhost.reason', true), '');
  transaction_id text := nullif(current_setting('pswebhost.transaction', true), ''); change_origin text := nullif(current_setting('pswebhost.origin', true), '');
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (NEW."NodeID", NEW."NodeName", NEW."Hostname", NEW."IPAddress", NEW."Port", NEW."NodeGroup", NEW."NodeRole", NEW."Tags", NEW."IsActive", NEW."IsDraining", NEW."MaxConcurrentTasks", NEW."SupportedTaskTypes", NEW."Version", NEW."Platform", NEW."RegisteredAt", NEW."RegisteredBy") is not distinct from (OLD."NodeID", OLD."NodeName", OLD."Hostname", OLD."IPAddress", OLD."Port", OLD."NodeGroup", OLD."NodeRole", OLD."Tags", OLD."IsActive", OLD."IsDraining", OLD."MaxConcurrentTasks", OLD."SupportedTaskTypes", OLD."Version", OLD."Platform", OLD."RegisteredAt", OLD."RegisteredBy") then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := OLD."NodeID";
  else record_id := NEW."NodeID"; end if;
  if TG_OP <> 'INSERT' then old_text := '{"NodeID":' || coalesce(to_json(OLD."NodeID")::text, 'null') || ',"NodeName":' || coalesce(to_json(OLD."NodeName")::text, 'null') || ',"Hostname":' || coalesce(to_json(OLD."Hostname")::text, 'null') || ',"IPAddress":' || coalesce(to_json(OLD."IPAddress")::text, 'null') || ',"Port":' || coalesce(OLD."Port"::text, 'null') || ',"NodeGroup":' || coalesce(to_json(OLD."NodeGroup")::text, 'null') || ',"NodeRole":' || coalesce(to_json(OLD."NodeRole")::text, 'null') || ',"Tags":' || coalesce(to_json(OLD."Tags")::text, 'null') || ',"IsActive":' || coalesce(OLD."IsActive"::text, 'null') || ',"IsDraining":' || coalesce(OLD."IsDraining"::text, 'null') || ',"MaxConcurrentTasks":' || coalesce(OLD."MaxConcurrentTasks"::text, 'null') || ',"SupportedTaskTypes":' || coalesce(to_json(OLD."SupportedTaskTypes")::text, 'null') || ',"Version":' || coalesce(to_json(OLD."Version")::text, 'null') || ',"Platform":' || coalesce(to_json(OLD."Platform")::text, 'null') || ',"RegisteredAt":' || coalesce(to_json(OLD."RegisteredAt")::text, 'null') || ',"RegisteredBy":' || coalesce(to_json(OLD."RegisteredBy")::text, 'null') || '}'; end if;
  if TG_OP <> 'DELETE' then new_text := '{"NodeID":' || coalesce(to_json(NEW."NodeID")::text, 'null') || ',"NodeName":' || coalesce(to_json(NEW."NodeName")::text, 'null') || ',"Hostname":' || coalesce(to_json(NEW."Hostname")::text, 'null') || ',"IPAddress":' || coalesce(to_json(NEW."IPAddress")::text, 'null') || ',"Port":' || coalesce(NEW."Port"::text, 'null') || ',"NodeGroup":' || coalesce(to_json(NEW."NodeGroup")::text, 'null') || ',"NodeRole":' || coalesce(to_json(NEW."NodeRole")::text, 'null') || ',"Tags":' || coalesce(to_json(NEW."Tags")::text, 'null') || ',"IsActive":' || coalesce(NEW."IsActive"::text, 'null') || ',"IsDraining":' || coalesce(NEW."IsDraining"::text, 'null') || ',"MaxConcurrentTasks":' || coalesce(NEW."MaxConcurrentTasks"::text, 'null') || ',"SupportedTaskTypes":' || coalesce(to_json(NEW."SupportedTaskTypes")::text, 'null') || ',"Version":' || coalesce(to_json(NEW."Version")::text, 'null') || ',"Platform":' || coalesce(to_json(NEW."Platform")::text, 'null') || ',"RegisteredAt":' || coalesce(to_json(NEW."RegisteredAt")::text, 'null') || ',"RegisteredBy":' || coalesce(to_json(NEW."RegisteredBy")::text, 'null') || '}'; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" ("ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy", "ChangedAt", "NodeID", "ChangeReason", "TransactionID", "Origin", "SchemaVersion", "Digest")
  values (change_id, 'Nodes', record_id, change_action, "capture_gzip"(old_text), "capture_gzip"(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, 6,
    encode(sha256(convert_to('[' || coalesce(to_json(change_id)::text, 'null') || ',' || '"Nodes"' || ',' || coalesce(to_json(record_id)::text, 'null') || ',' || coalesce(to_json(change_action)::text, 'null') || ',' || coalesce(to_json(old_text)::text, 'null') || ',' || coalesce(to_json(new_text)::text, 'null') || ',' || coalesce(to_json(actor)::text, 'null') || ',' || coalesce(to_json(change_time)::text, 'null') || ',' || coalesce(to_json(node_id)::text, 'null') || ',' || coalesce(to_json(reason)::text, 'null') || ',' || coalesce(to_json(transaction_id)::text, 'null') || ',' || coalesce(to_json(change_origin)::text, 'null') || ',' || '6' || ']', 'UTF8')), 'hex'));
  return null;
end
$capture$;
create or replace trigger "zz_capture_Nodes" after insert or update or delete on "Nodes" for each row execute function "capture_Nodes"();
create or replace trigger "zz_capture_Nodes_truncate" before truncate on "Nodes" for each statement execute function "capture_no_truncate"();
create or replace function "capture_Api_Token"() returns trigger language plpgsql as $capture$
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := nullif(current_setting('pswebhost.actor', true), ''); node_id text := nullif(current_setting('pswebhost.node', true), ''); reason text := nullif(current_setting('pswebhost.reason', true), '');
  transaction_id text := nullif(current_setting('pswebhost.transaction', true), ''); change_origin text := nullif(current_setting('pswebhost.origin', true), '');
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (NEW."TokenID", NEW."TokenName", NEW."Role", NEW."CreatedBy", NEW."CreatedAt", NEW."ExpiresAt", NEW."RevokedAt", NEW."Version") is not distinct from (OLD."TokenID", OLD."TokenName", OLD."Role", OLD."CreatedBy", OLD."CreatedAt", OLD."ExpiresAt", OLD."RevokedAt", OLD."Version") then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := OLD."TokenID";
  else record_id := NEW."TokenID"; end if;
  if TG_OP <> 'INSERT' then old_text := '{"TokenID":' || coalesce(to_json(OLD."TokenID")::text, 'null') || ',"TokenName":' || coalesce(to_json(OLD."TokenName")::text, 'null') || ',"Role":' || coalesce(to_json(OLD."Role")::text, 'null') || ',"CreatedBy":' || coalesce(to_json(OLD."CreatedBy")::text, 'null') || ',"CreatedAt":' || coalesce(to_json(OLD."CreatedAt")::text, 'null') || ',"ExpiresAt":' || coalesce(to_json(OLD."ExpiresAt")::text, 'null') || ',"RevokedAt":' || coalesce(to_json(OLD."RevokedAt")::text, 'null') || ',"Version":' || coalesce(OLD."Version"::text, 'null') || '}'; end if;
  if TG_OP <> 'DELETE' then new_text := '{"TokenID":' || coalesce(to_json(NEW."TokenID")::text, 'null') || ',"TokenName":' || coalesce(to_json(NEW."TokenName")::text, 'null') || ',"Role":' || coalesce(to_json(NEW."Role")::text, 'null') || ',"CreatedBy":' || coalesce(to_json(NEW."CreatedBy")::text, 'null') || ',"CreatedAt":' || coalesce(to_json(NEW."CreatedAt")::text, 'null') || ',"ExpiresAt":' || coalesce(to_json(NEW."ExpiresAt")::text, 'null') || ',"RevokedAt":' || coalesce(to_json(NEW."RevokedAt")::text, 'null') || ',"Version":' || coalesce(NEW."Version"::text, 'null') || '}'; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" ("ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy", "ChangedAt", "NodeID", "ChangeReason", "TransactionID", "Origin", "SchemaVersion", "Digest")
  values (change_id, 'Api_Token', record_id, change_action, "capture_gzip"(old_text), "capture_gzip"(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, 6,
    encode(sha256(convert_to('[' || coalesce(to_json(change_id)::text, 'null') || ',' || '"Api_Token"' || ',' || coalesce(to_json(record_id)::text, 'null') || ',' || coalesce(to_json(change_action)::text, 'null') || ',' || coalesce(to_json(old_text)::text, 'null') || ',' || coalesce(to_json(new_text)::text, 'null') || ',' || coalesce(to_json(actor)::text, 'null') || ',' || coalesce(to_json(change_time)::text, 'null') || ',' || coalesce(to_json(node_id)::text, 'null') || ',' || coalesce(to_json(reason)::text, 'null') || ',' || coalesce(to_json(transaction_id)::text, 'null') || ',' || coalesce(to_json(change_origin)::text, 'null') || ',' || '6' || ']', 'UTF8')), 'hex'));
  return null;
end
$capture$;
create or replace trigger "zz_capture_Api_Token" after insert or update or delete on "Api_Token" for each row execute function "capture_Api_Token"();
create or replace trigger "zz_capture_Api_Token_truncate" before truncate on "Api_Token" for each statement execute function "capture_no_truncate"();
create or replace function "capture_Task_Lock"() returns trigger language plpgsql as $capture$
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := nullif(current_setting('pswebhost.actor', true), ''); node_id text := nullif(current_setting('pswebhost.node', true), ''); reason text := nullif(current_setting('pswebhost.reason', true), '');
  transaction_id text := nullif(current_setting('pswebhost.transaction', true), ''); change_origin text := nullif(current_setting('pswebhost.origin', true), '');
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (NEW."LockID", NEW."LockName", NEW."MaxConcurrent", NEW."Description", NEW."Version") is not distinct from (OLD."LockID", OLD."LockName", OLD."MaxConcurrent", OLD."Description", OLD."Version") then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := OLD."LockID";
  else record_id := NEW."LockID"; end if;
  if TG_OP <> 'INSERT' then old_text := '{"LockID":' || coalesce(to_json(OLD."LockID")::text, 'null') || ',"LockName":' || coalesce(to_json(OLD."LockName")::text, 'null') || ',"MaxConcurrent":' || coalesce(OLD."MaxConcurrent"::text, 'null') || ',"Description":' || coalesce(to_json(OLD."Description")::text, 'null') || ',"Version":' || coalesce(OLD."Version"::text, 'null') || '}'; end if;
  if TG_OP <> 'DELETE' then new_text := '{"LockID":' || coalesce(to_json(NEW."LockID")::text, 'null') || ',"LockName":' || coalesce(to_json(NEW."LockName")::text, 'null') || ',"MaxConcurrent":' || coalesce(NEW."MaxConcurrent"::text, 'null') || ',"Description":' || coalesce(to_json(NEW."Description")::text, 'null') || ',"Version":' || coalesce(NEW."Version"::text, 'null') || '}'; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" ("ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy", "ChangedAt", "NodeID", "ChangeReason", "TransactionID", "Origin", "SchemaVersion", "Digest")
  values (change_id, 'Task_Lock', record_id, change_action, "capture_gzip"(old_text), "capture_gzip"(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, 6,
    encode(sha256(convert_to('[' || coalesce(to_json(change_id)::text, 'null') || ',' || '"Task_Lock"' || ',' || coalesce(to_json(record_id)::text, 'null') || ',' || coalesce(to_json(change_action)::text, 'null') || ',' || coalesce(to_json(old_text)::text, 'null') || ',' || coalesce(to_json(new_text)::text, 'null') || ',' || coalesce(to_json(actor)::text, 'null') || ',' || coalesce(to_json(change_time)::text, 'null') || ',' || coalesce(to_json(node_id)::text, 'null') || ',' || coalesce(to_json(reason)::text, 'null') || ',' || coalesce(to_json(transaction_id)::text, 'null') || ',' || coalesce(to_json(change_origin)::text, 'null') || ',' || '6' || ']', 'UTF8')), 'hex'));
  return null;
end
$capture$;
create or replace trigger "zz_capture_Task_Lock" after insert or update or delete on "Task_Lock" for each row execute function "capture_Task_Lock"();
create or replace trigger "zz_capture_Task_Lock_truncate" before truncate on "Task_Lock" for each statement execute function "capture_no_truncate"();

-- dropped
drop function if exists "capture_gzip" cascade;
drop function if exists "capture_no_truncate" cascade;
drop function if exists "capture_Tasks" cascade;
drop trigger if exists "zz_capture_Tasks" on "Tasks";
drop trigger if exists "zz_capture_Tasks_truncate" on "Tasks";
drop function if exists "capture_Task_Schedule" cascade;
drop trigger if exists "zz_capture_Task_Schedule" on "Task_Schedule";
drop trigger if exists "zz_capture_Task_Schedule_truncate" on "Task_Schedule";
drop function if exists "capture_Nodes" cascade;
drop trigger if exists "zz_capture_Nodes" on "Nodes";
drop trigger if exists "zz_capture_Nodes_truncate" on "Nodes";
drop function if exists "capture_Api_Token" cascade;
drop trigger if exists "zz_capture_Api_Token" on "Api_Token";
drop trigger if exists "zz_capture_Api_Token_truncate" on "Api_Token";
drop function if exists "capture_Task_Lock" cascade;
drop trigger if exists "zz_capture_Task_Lock" on "Task_Lock";
drop trigger if exists "zz_capture_Task_Lock_truncate" on "Task_Lock";

-- what there is

    select p.proname as name, p.prosrc as text from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and starts_with(p.proname, $1)
    order by p.proname;
-- "capture_"

    select t.tgname as name, c.relname as "table", t.tgenabled::text as enabled, t.tgtype::int as type,
      t.tgqual is null and t.tgattr::text = '' as always, p.proname as calls
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
      and starts_with(t.tgname, $1)
    order by t.tgname;
-- "zz_capture_"
