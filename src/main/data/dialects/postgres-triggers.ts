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
 * PostgreSQL's capture: one function a table, called for each row, and one that refuses TRUNCATE, which no row
 * trigger sees. Who writes stands in settings of the transaction (postgres.ts). The triggers' names sort behind
 * those of foreign keys.
 */

const GZIP = `${CAPTURE_PREFIX}gzip`
const NO_TRUNCATE = `${CAPTURE_PREFIX}no_truncate`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const words: ImageWords = {
  text: (value) => `coalesce(to_json(${value})::text, 'null')`,
  number: (value) => `coalesce(${value}::text, 'null')`,
  asText: (value) => `${value}::text`,
  hex: (value) => `upper(encode(${value}, 'hex'))`,
  concat: (parts) => parts.join(' || '),
  column: (row, column) => `${row}.${quoted(column)}`,
}

export const captureObjects = (tables: readonly CapturedTable[], schemaVersion: number): CaptureObject[] => [
  functionOf(GZIP, '(plain text) returns bytea language plpgsql immutable strict', GZIP_BODY),
  functionOf(NO_TRUNCATE, '() returns trigger language plpgsql', NO_TRUNCATE_BODY),
  ...tables.flatMap((table) => [
    functionOf(captureName(table), '() returns trigger language plpgsql', captureBody(table, schemaVersion)),
    triggerOf(
      `zz_${captureName(table)}`,
      table,
      'after insert or update or delete',
      'row',
      captureName(table),
    ),
    triggerOf(`zz_${captureName(table)}_truncate`, table, 'before truncate', 'statement', NO_TRUNCATE),
  ]),
]

const functionOf = (name: string, head: string, body: string): CaptureObject => ({
  name,
  create: [`create or replace function ${quoted(name)}${head} as $capture$${body}$capture$`],
  replaces: true,
  drop: `drop function if exists ${quoted(name)} cascade`,
  text: body,
})

const triggerOf = (
  name: string,
  table: CapturedTable,
  when: string,
  each: 'row' | 'statement',
  calls: string,
): CaptureObject => ({
  name,
  create: [
    `create or replace trigger ${quoted(name)} ${when} on ${quoted(table.name)} for each ${each} execute function ${quoted(calls)}()`,
  ],
  replaces: true,
  drop: `drop trigger if exists ${quoted(name)} on ${quoted(table.name)}`,
  text: triggerFacts({
    table: table.name,
    enabled: 'O',
    always: true,
    type: each === 'row' ? ROW_TYPE : TRUNCATE_TYPE,
    calls,
  }),
})

/** Bits of pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32. */
const ROW_TYPE = 1 + 4 + 8 + 16
const TRUNCATE_TYPE = 2 + 32

interface TriggerFacts {
  table: string
  /** `O`: it fires. */
  enabled: string
  /** Whatever the row and the columns that are set. */
  always: boolean
  type: number
  calls: string
}

/** The catalogue keeps no text of a trigger; these facts are all there is to it. */
const triggerFacts = ({ table, enabled, always, type, calls }: TriggerFacts): string =>
  `${table} ${enabled} ${always ? 'always' : 'sometimes'} ${type} ${calls}`

export const installedObjects = async (db: Query): Promise<InstalledObject[]> => {
  const functions = await sql<{ name: string; text: string }>`
    select p.proname as name, p.prosrc as text from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and starts_with(p.proname, ${CAPTURE_PREFIX})
    order by p.proname`.execute(db)
  const triggers = await sql<TriggerFacts & { name: string }>`
    select t.tgname as name, c.relname as "table", t.tgenabled::text as enabled, t.tgtype::int as type,
      t.tgqual is null and t.tgattr::text = '' as always, p.proname as calls
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
      and starts_with(t.tgname, ${`zz_${CAPTURE_PREFIX}`})
    order by t.tgname`.execute(db)
  return [
    ...functions.rows.map(({ name, text }) => ({
      name,
      text,
      drop: `drop function if exists ${quoted(name)} cascade`,
    })),
    ...triggers.rows.map((row) => ({
      name: row.name,
      text: triggerFacts(row),
      drop: `drop trigger if exists ${quoted(row.name)} on ${quoted(row.table)}`,
    })),
  ]
}

const setting = (name: string): string => `nullif(current_setting('pswebhost.${name}', true), '')`

/**
 * An UPDATE that changes no captured column leaves before anything is computed: heartbeats and running states
 * write these tables all the time. A write past this program has no actor and is logged as such.
 */
const captureBody = ({ name, key, columns }: CapturedTable, schemaVersion: number): string => {
  const list = (row: string): string => columns.map(({ column }) => words.column(row, column)).join(', ')
  return `
declare
  change_id text; change_action text := TG_OP; changed_at timestamptz := clock_timestamp();
  change_time text := to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  old_text text; new_text text; record_id text;
  actor text := ${setting('actor')}; node_id text := ${setting('node')}; reason text := ${setting('reason')};
  transaction_id text := ${setting('transaction')}; change_origin text := ${setting('origin')};
  random_part text := gen_random_uuid()::text;
  time_part text := lpad(to_hex((extract(epoch from changed_at) * 1000)::bigint), 12, '0');
begin
  if TG_OP = 'UPDATE' then
    if (${list('NEW')}) is not distinct from (${list('OLD')}) then return null; end if;
  end if;
  if TG_OP = 'DELETE' then record_id := ${words.column('OLD', key.column)};
  else record_id := ${words.column('NEW', key.column)}; end if;
  if TG_OP <> 'INSERT' then old_text := ${imageOf(words, 'OLD', columns)}; end if;
  if TG_OP <> 'DELETE' then new_text := ${imageOf(words, 'NEW', columns)}; end if;
  if actor is null then change_origin := coalesce(change_origin, 'external'); end if;
  change_id := substr(time_part, 1, 8) || '-' || substr(time_part, 9, 4) || '-7' || substr(random_part, 16);
  insert into "Data_Change" (${LOG_COLUMNS.map(quoted).join(', ')})
  values (change_id, ${literal(name)}, record_id, change_action, ${quoted(GZIP)}(old_text), ${quoted(GZIP)}(new_text),
    actor, change_time, node_id, reason, transaction_id, change_origin, ${schemaVersion},
    encode(sha256(convert_to(${digestedArray(words, [
      words.text('change_id'),
      literal(JSON.stringify(name)),
      ...['record_id', 'change_action', 'old_text', 'new_text', 'actor', 'change_time', 'node_id'].map(
        words.text,
      ),
      ...['reason', 'transaction_id', 'change_origin'].map(words.text),
      literal(String(schemaVersion)),
    ])}, 'UTF8')), 'hex'));
  return null;
end
`
}

const NO_TRUNCATE_BODY = `
begin
  raise exception 'TRUNCATE of % is refused: it would not be logged. Use DELETE.', TG_TABLE_NAME;
end
`

/** CRC-32 of each byte (RFC 1952, section 8). */
const CRC_TABLE = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

/** The value's lowest bytes first, as bytea. */
const littleEndian = (value: string, bytes: number): string =>
  Array.from(
    { length: bytes },
    (_, index) => `set_byte('\\x00'::bytea, 0, ((${value} >> ${8 * index}) & 255)::int)`,
  ).join(' || ')

/**
 * PostgreSQL cannot compress by itself: gzip (RFC 1952) whose deflate blocks are stored as they are (RFC 1951,
 * 3.2.4), at most 65,535 bytes each. The same format and the same check value as everywhere else.
 */
const GZIP_BODY = `
declare
  crcs constant bigint[] := '{${CRC_TABLE.join(',')}}';
  bytes bytea := convert_to(plain, 'UTF8'); size int := length(bytes);
  crc bigint := 4294967295; start int := 0; block int; packed bytea := '\\x1f8b08000000000000ff';
begin
  for at in 0 .. size - 1 loop
    crc := crcs[((crc # get_byte(bytes, at)) & 255) + 1] # (crc >> 8);
  end loop;
  crc := crc # 4294967295;
  loop
    block := least(65535, size - start);
    packed := packed || set_byte('\\x00'::bytea, 0, (start + block >= size)::int)
      || ${littleEndian('block', 2)} || ${littleEndian('(65535 - block)', 2)} || substr(bytes, start + 1, block);
    start := start + block;
    exit when start >= size;
  end loop;
  return packed || ${littleEndian('crc', 4)}
    || ${littleEndian('size', 4)};
end
`
