import { sql } from 'kysely'
import type { CapturedTable } from '../capture.ts'
import type { Query } from '../db.ts'
import type { CaptureObject, InstalledObject } from './dialect.ts'
import {
  CAPTURE_PREFIX,
  captureName,
  digestedArray,
  imageOf,
  literal,
  LOG_COLUMNS,
  type ImageWords,
} from './trigger-text.ts'

/*
 * SQL Server's capture: one trigger a table, called once for each statement with all of its rows. Who writes stands
 * in the session's context (mssql.ts). It does not see TRUNCATE: the account that runs a node has no right to it
 * (resources/sql).
 */

const BINARY = 'Latin1_General_100_BIN2'
const UTF8 = 'Latin1_General_100_BIN2_UTF8'

const quoted = (name: string): string => `[${name.replaceAll(']', ']]')}]`

/** `string_escape` writes `\/` for `/`, as no other writer of JSON here does; each `\/` of its result is such a one. */
const escaped = (value: string): string =>
  `replace(string_escape(cast(${value} as nvarchar(max)) collate ${BINARY}, 'json'), N'\\/', N'/')`

const orNull = (value: string, json: string): string =>
  `case when ${value} is null then 'null' else ${json} end`

const words: ImageWords = {
  text: (value) => orNull(value, `concat('"', ${escaped(value)}, '"')`),
  number: (value) => orNull(value, `cast(${value} as nvarchar(20))`),
  asText: (value) => `cast(${value} as nvarchar(20))`,
  hex: (value) => `convert(varchar(max), ${value}, 2)`,
  // In lines: the server names the one that fails.
  concat: (parts) => `concat(${parts.join(',\n      ')})`,
  column: (row, column) => `${row}.${quoted(column)}`,
}

export const captureObjects = (tables: readonly CapturedTable[], schemaVersion: number): CaptureObject[] =>
  tables.map((table) => {
    const name = captureName(table)
    const text = triggerText(table, schemaVersion)
    // Not `create or alter`: the catalogue keeps another text of it. Dropping and making are one transaction.
    return { name, text, create: [text], replaces: false, drop: dropTrigger(name) }
  })

const dropTrigger = (name: string): string => `drop trigger if exists ${quoted(name)}`

/** Without the right to look at definitions an account sees no triggers: then nothing can be said of them. */
export const installedObjects = async (db: Query): Promise<InstalledObject[] | null> => {
  const rights = await sql<{ may: number | null }>`
    select has_perms_by_name('Tasks', 'OBJECT', 'VIEW DEFINITION') as may`.execute(db)
  // Null: there is no such table, and no trigger of it.
  if (rights.rows[0]?.may === 0) return null
  const { rows } = await sql<{ name: string; text: string | null; disabled: number }>`
    select t.name as name, m.definition as text, cast(t.is_disabled as int) as disabled
    from sys.triggers as t
    join sys.objects as o on o.object_id = t.object_id
    join sys.sql_modules as m on m.object_id = t.object_id
    where o.schema_id = schema_id() and t.name like ${`${CAPTURE_PREFIX.replaceAll('_', '[_]')}%`}
    order by t.name`.execute(db)
  return rows.map(({ name, text, disabled }) => ({
    name,
    // One that was switched off logs nothing, whatever its text.
    text: disabled === 1 ? 'disabled' : (text ?? ''),
    drop: dropTrigger(name),
  }))
}

const setting = (name: string, length: number): string =>
  `nvarchar(${length}) = cast(session_context(N'pswebhost.${name}') as nvarchar(${length}))`

/**
 * Read once, into variables: within a query of several threads `session_context` has answered wrongly. A write past
 * this program has no actor and is logged as such.
 */
const SETTINGS = `
  declare @actor ${setting('actor', 200)}, @node ${setting('node', 36)},
    @reason ${setting('reason', 4000)}, @transaction ${setting('transaction', 36)},
    @origin ${setting('origin', 100)};
  if @actor is null set @origin = coalesce(@origin, 'external');
  declare @at datetime2(3) = sysutcdatetime();
  declare @time nvarchar(24) = stuff(convert(varchar(23), @at, 121), 11, 1, 'T') + 'Z';
  declare @stamp varchar(12) =
    lower(convert(varchar(12), convert(binary(6), datediff_big(millisecond, '19700101', @at)), 2));`

/** A UUIDv7 (RFC 9562): milliseconds since 1970, then random digits. */
const NEW_ID = `concat(left(@stamp, 8), '-', right(@stamp, 4), '-7', substring(lower(convert(varchar(36), newid())), 16, 21))`

/**
 * The rows are first put aside: an id is made once and used twice, and a text put into a column of UTF-8 is UTF-8.
 */
const CHANGES = `
  declare @changes table (change_id nvarchar(36), record_id nvarchar(100), change_action nvarchar(20),
    old_text varchar(max) collate ${UTF8}, new_text varchar(max) collate ${UTF8},
    digested varchar(max) collate ${UTF8});`

/**
 * An UPDATE that names no captured column leaves before anything is computed: heartbeats and running states write
 * these tables all the time. One that changes none is found by its images: compared column by column, SQL Server
 * takes texts for equal that differ in blanks at their ends.
 */
const triggerText = ({ name, key, columns }: CapturedTable, schemaVersion: number): string => {
  const [before, after] = [words.column('d', key.column), words.column('i', key.column)]
  const named = columns.map(({ column }) => `update(${quoted(column)})`).join(' or ')
  return `create trigger ${quoted(captureName({ name, key, columns }))} on ${quoted(name)} after insert, update, delete as
begin
  set nocount on;
  if not exists (select 1 from inserted) and not exists (select 1 from deleted) return;
  if exists (select 1 from inserted) and exists (select 1 from deleted)
    and not (${named}) return;${SETTINGS}${CHANGES}
  insert into @changes (change_id, record_id, change_action, old_text, new_text)
  select ${NEW_ID},
    coalesce(${after}, ${before}),
    case when ${before} is null then 'INSERT' when ${after} is null then 'DELETE' else 'UPDATE' end,
    case when ${before} is not null then ${imageOf(words, 'd', columns)} end,
    case when ${after} is not null then ${imageOf(words, 'i', columns)} end
  from inserted as i full outer join deleted as d on ${before} = ${after};
  delete from @changes where old_text = new_text;
  update @changes set digested = ${digestOf(name, schemaVersion)};
  insert into [Data_Change] (${LOG_COLUMNS.map(quoted).join(', ')})
  select change_id, ${literal(name)}, record_id, change_action, compress(old_text), compress(new_text),
    @actor, @time, @node, @reason, @transaction, @origin, ${schemaVersion},
    lower(convert(varchar(64), hashbytes('SHA2_256', digested), 2))
  from @changes order by change_action, record_id;
end`
}

const digestOf = (name: string, schemaVersion: number): string =>
  digestedArray(words, [
    words.text('change_id'),
    literal(JSON.stringify(name)),
    ...['record_id', 'change_action', 'old_text', 'new_text', '@actor', '@time', '@node', '@reason'].map(
      words.text,
    ),
    ...['@transaction', '@origin'].map(words.text),
    literal(String(schemaVersion)),
  ])
