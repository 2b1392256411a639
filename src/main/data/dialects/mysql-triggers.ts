import { sql } from 'kysely'
import type { ChangeAction } from '../../../shared/domain/change.ts'
import type { CapturedTable } from '../capture.ts'
import type { Query } from '../db.ts'
import type { CaptureObject, InstalledObject } from './dialect.ts'
import type { Flavour } from './mysql-flavour.ts'
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
 * Capture of MySQL and MariaDB: three triggers a table. Who writes stands in variables of the session
 * (mysql.ts). They do not see deletes that a foreign key cascades, nor TRUNCATE: the schema has no cascades, and
 * the account that runs a node has no right to truncate (resources/sql).
 */

const GZIP = `${CAPTURE_PREFIX}gzip`

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

const words: ImageWords = {
  text: (value) => `coalesce(json_quote(${value}), 'null')`,
  number: (value) => `coalesce(${value}, 'null')`,
  asText: (value) => `cast(${value} as char)`,
  hex: (value) => `hex(${value})`,
  concat: (parts) => `concat(${parts.join(', ')})`,
  column: (row, column) => `${row}.${quoted(column)}`,
}

/**
 * MariaDB puts a new trigger in the place of an old one; MySQL cannot, and what is written between its drop and its
 * creation is not logged.
 */
export const captureObjects = (
  tables: readonly CapturedTable[],
  schemaVersion: number,
  flavour: Flavour,
): CaptureObject[] => [
  {
    name: GZIP,
    create: [
      `${makes(flavour)} function ${quoted(GZIP)}(plain longtext character set utf8mb4) returns longblob deterministic no sql ${GZIP_BODY}`,
    ],
    replaces: flavour === 'MariaDB',
    drop: dropFunction(GZIP),
    text: GZIP_BODY,
  },
  ...tables.flatMap((table) =>
    (['INSERT', 'UPDATE', 'DELETE'] as const).map((action) =>
      triggerOf(table, action, schemaVersion, flavour),
    ),
  ),
]

const makes = (flavour: Flavour): string => (flavour === 'MariaDB' ? 'create or replace' : 'create')

const triggerOf = (
  table: CapturedTable,
  action: ChangeAction,
  schemaVersion: number,
  flavour: Flavour,
): CaptureObject => {
  const name = `${captureName(table)}_${action.toLowerCase()}`
  const text = triggerBody(table, action, schemaVersion)
  return {
    name,
    create: [
      `${makes(flavour)} trigger ${quoted(name)} after ${action.toLowerCase()} on ${quoted(table.name)} for each row ${text}`,
    ],
    replaces: flavour === 'MariaDB',
    drop: dropTrigger(name),
    text,
  }
}

const dropTrigger = (name: string): string => `drop trigger if exists ${quoted(name)}`
const dropFunction = (name: string): string => `drop function if exists ${quoted(name)}`

/** Without the right to make triggers an account sees none: then nothing can be said of them. */
export const installedObjects = async (db: Query): Promise<InstalledObject[] | null> => {
  if (!(await maySeeTriggers(db))) return null
  const triggers = await sql<{ name: string; text: string }>`
    select trigger_name as name, action_statement as text from information_schema.triggers
    where trigger_schema = database() and trigger_name like ${`${CAPTURE_PREFIX.replace('_', '\\_')}%`}
    order by trigger_name`.execute(db)
  const functions = await sql<{ name: string; text: string | null }>`
    select routine_name as name, routine_definition as text from information_schema.routines
    where routine_schema = database() and routine_name = ${GZIP}`.execute(db)
  return [
    // The text of a function is shown to its owner only; to others it is taken for what it should be.
    ...functions.rows.map(({ name, text }) => ({ name, text: text ?? GZIP_BODY, drop: dropFunction(name) })),
    ...triggers.rows.map(({ name, text }) => ({ name, text, drop: dropTrigger(name) })),
  ]
}

const maySeeTriggers = async (db: Query): Promise<boolean> => {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select privilege_type from information_schema.user_privileges where privilege_type = 'TRIGGER'
      union all select privilege_type from information_schema.schema_privileges
        where privilege_type = 'TRIGGER' and database() like table_schema
      union all select privilege_type from information_schema.table_privileges
        where privilege_type = 'TRIGGER' and table_schema = database()) as rights`.execute(db)
  return Number(rows[0]?.n) > 0
}

const triggerBody = (
  { name, key, columns }: CapturedTable,
  action: ChangeAction,
  schemaVersion: number,
): string => {
  const oldText = action === 'INSERT' ? 'null' : imageOf(words, 'OLD', columns)
  const newText = action === 'DELETE' ? 'null' : imageOf(words, 'NEW', columns)
  const record = words.column(action === 'DELETE' ? 'OLD' : 'NEW', key.column)
  const differs = columns
    .map(({ column }) => `not (${words.column('NEW', column)} <=> ${words.column('OLD', column)})`)
    .join(' or ')
  const body = `
  declare change_id varchar(36) character set utf8mb4 default ${NEW_ID};
  declare change_time varchar(24) character set utf8mb4 default ${TIME};
  declare backslash varchar(1) character set utf8mb4 default char(92 using utf8mb4);
  declare place varchar(1) character set utf8mb4 default char(1 using utf8mb4);
  declare control varchar(4) character set utf8mb4 default concat(backslash, 'u00');
  declare old_text longtext character set utf8mb4 default ${oldText};
  declare new_text longtext character set utf8mb4 default ${newText};
  declare change_origin varchar(100) character set utf8mb4
    default if(@pswebhost_actor is null, coalesce(@pswebhost_origin, 'external'), @pswebhost_origin);
  ${withSmallEscapes('old_text')}
  ${withSmallEscapes('new_text')}
  insert into \`Data_Change\` (${LOG_COLUMNS.map(quoted).join(', ')})
  values (change_id, ${literal(name)}, ${record}, ${literal(action)},
    ${quoted(GZIP)}(old_text), ${quoted(GZIP)}(new_text),
    @pswebhost_actor, change_time, @pswebhost_node, @pswebhost_reason, @pswebhost_transaction, change_origin,
    ${schemaVersion}, sha2(${digestedArray(words, [
      words.text('change_id'),
      literal(JSON.stringify(name)),
      words.text(record),
      literal(JSON.stringify(action)),
      ...[
        'old_text',
        'new_text',
        '@pswebhost_actor',
        'change_time',
        '@pswebhost_node',
        '@pswebhost_reason',
      ].map(words.text),
      ...['@pswebhost_transaction', 'change_origin'].map(words.text),
      literal(String(schemaVersion)),
    ])}, 256));`
  // Declarations stand at the head of a block: the test comes around it, so that a heartbeat computes nothing.
  return action === 'UPDATE'
    ? `begin\n if ${differs} then begin${body}\n end; end if;\nend`
    : `begin${body}\nend`
}

/** Escapes of control characters that have no letter of their own (RFC 8259), where letters are among their digits. */
const ESCAPES = ['0B', '0E', '0F', '1A', '1B', '1C', '1D', '1E', '1F']

/**
 * MariaDB writes `\u001F` where all others write `\u001f`; what only looks so, behind a backslash, stays. In JSON
 * no control character stands as it is: `place` keeps the places of such pairs of backslashes. No literal has a
 * backslash: INFORMATION_SCHEMA shows literals without their escapes, and then the text would look changed.
 */
const withSmallEscapes = (text: string): string => {
  const small = ESCAPES.reduce(
    (inner, code) =>
      `replace(${inner}, concat(control, '${code}'), concat(control, '${code.toLowerCase()}'))`,
    `replace(${text}, concat(backslash, backslash), place)`,
  )
  return `if locate(control, ${text}) > 0 then set ${text} = replace(${small}, place, concat(backslash, backslash)); end if;`
}

const TIME = `concat(left(date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`

/** A UUIDv7 (RFC 9562): milliseconds since 1970, then random digits. */
const STAMP = `lpad(lower(hex(floor(unix_timestamp(sysdate(3)) * 1000))), 12, '0')`
const RANDOM = `md5(concat(uuid(), rand(), connection_id()))`
const NEW_ID =
  `concat(substr(${STAMP}, 1, 8), '-', substr(${STAMP}, 9, 4), '-7', substr(${RANDOM}, 1, 3), ` +
  `'-a', substr(${RANDOM}, 4, 3), '-', substr(${RANDOM}, 7, 12))`

const byteOf = (value: string, shift: number): string => `(${value} >> ${shift}) & 255`
const littleEndian = (value: string): string =>
  `char(${[0, 8, 16, 24].map((shift) => byteOf(value, shift)).join(', ')})`

/**
 * COMPRESS() answers a length, then a zlib stream: its deflate part between gzip's header and trailer (RFC 1952).
 * Trap (experiment e1/gzfix): it appends '.' where its result would end in a blank. That last byte is the lowest of
 * the sum of all bytes (Adler-32, RFC 1950), so of a text with one more byte of value 1 it is '!' where the '.' was
 * appended, and '/' where it belongs there.
 */
const GZIP_BODY = `begin
  declare packed, bytes longblob;
  declare crc, size bigint unsigned;
  if plain is null then return null; end if;
  set bytes = cast(plain as binary);
  set packed = compress(bytes);
  if right(packed, 1) = '.' and right(compress(concat(bytes, x'01')), 1) = '!' then
    set packed = left(packed, length(packed) - 1);
  end if;
  set crc = crc32(bytes);
  set size = length(bytes);
  return concat(x'1F8B0800000000000003', substr(packed, 7, length(packed) - 10),
    ${littleEndian('crc')}, ${littleEndian('size')});
end`
