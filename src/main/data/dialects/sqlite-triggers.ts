import { sql } from 'kysely'
import type { ChangeAction } from '../../../shared/domain/change.ts'
import type { CapturedTable } from '../capture.ts'
import type { Query } from '../db.ts'
import type { Column } from '../columns.ts'
import type { CaptureObject, InstalledObject } from './dialect.ts'
import { CAPTURE_PREFIX, captureName, literal } from './trigger-text.ts'

/*
 * SQLite's capture triggers. They call the functions of sqlite/capture-functions.ts; a connection without
 * them (the sqlite3 command) cannot write a captured table: the log fails closed (replication.md §2).
 *
 * The text begins as SQLite keeps it, `CREATE TRIGGER "name"`, so that it compares equal at start.
 */

export const captureObjects = (tables: readonly CapturedTable[], schemaVersion: number): CaptureObject[] =>
  tables.flatMap((table) =>
    (['INSERT', 'UPDATE', 'DELETE'] as const).map((action) => {
      const text = triggerSql(table, action, schemaVersion)
      const name = triggerName(table, action)
      return { name, text, create: [text], replaces: false, drop: dropTrigger(name) }
    }),
  )

export const installedObjects = async (db: Query): Promise<InstalledObject[]> => {
  const { rows } = await sql<{ name: string; text: string }>`
    select name, sql as text from sqlite_master
    where type = 'trigger' and name glob ${`${CAPTURE_PREFIX}*`} order by name`.execute(db)
  return rows.map((row) => ({ ...row, drop: dropTrigger(row.name) }))
}

export const dropTrigger = (name: string): string => `drop trigger if exists "${name}"`

export const triggerName = (table: CapturedTable, action: ChangeAction): string =>
  `${captureName(table)}_${action.toLowerCase()}`

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The call of `capture_change` for the row that a trigger is run for. */
export const captureCall = (table: CapturedTable, action: ChangeAction, schemaVersion: number): string => {
  const oldImage = action === 'INSERT' ? 'null' : image('OLD', table.columns)
  const newImage = action === 'DELETE' ? 'null' : image('NEW', table.columns)
  const recordId = `${action === 'DELETE' ? 'OLD' : 'NEW'}.${quoted(table.key.column)}`
  const given = [literal(table.name), recordId, literal(action), String(schemaVersion), oldImage, newImage]
  return `capture_change(${given.join(', ')})`
}

const triggerSql = (table: CapturedTable, action: ChangeAction, schemaVersion: number): string =>
  [
    `CREATE TRIGGER ${quoted(triggerName(table, action))} after ${action.toLowerCase()} on ${quoted(table.name)}`,
    ...(action === 'UPDATE' ? [`when ${differs(table.columns)}`] : []),
    'begin',
    `  insert into "Data_Change" (${LOG_COLUMNS.map(([column]) => quoted(column)).join(', ')})`,
    `  values (${LOG_COLUMNS.map(([, value]) => value).join(', ')});`,
    'end',
  ]
    .join('\n')
    .replace('$CAPTURE', () => captureCall(table, action, schemaVersion))

/**
 * One writer at a time: the order of numbers is the order of commits, so Seq is LocalSeq. The table's own
 * counter outlives deleted rows, but SQLite stores it at the end of a statement only: within one, the rows count.
 */
const NEXT_SEQ =
  `max(coalesce((select max("LocalSeq") from "Data_Change"), 0), ` +
  `coalesce((select seq from sqlite_sequence where name = 'Data_Change'), 0)) + 1`

/** `capture_change` comes first: it makes the row that `captured` hands out. */
const LOG_COLUMNS: readonly (readonly [column: string, value: string])[] = [
  ['ChangeID', '$CAPTURE'],
  ['LocalSeq', NEXT_SEQ],
  ['Seq', NEXT_SEQ],
  ['TableName', `captured('tableName')`],
  ['RecordID', `captured('recordId')`],
  ['Action', `captured('action')`],
  ['OldData', `captured('oldData')`],
  ['NewData', `captured('newData')`],
  ['ChangedBy', `captured('changedBy')`],
  ['ChangedAt', `captured('changedAt')`],
  ['NodeID', `captured('nodeId')`],
  ['ChangeReason', `captured('changeReason')`],
  ['TransactionID', `captured('transactionId')`],
  ['Origin', `captured('origin')`],
  ['SchemaVersion', `captured('schemaVersion')`],
  ['Digest', `captured('digest')`],
]

export const differs = (columns: readonly Column[]): string =>
  columns.map(({ column }) => `NEW.${quoted(column)} is not OLD.${quoted(column)}`).join(' or ')

/** The canonical image: column names in column order; the same text on every dialect. */
const image = (row: 'OLD' | 'NEW', columns: readonly Column[]): string => {
  const fields = columns.map((column) => `${literal(column.column)}, ${imageValue(row, column)}`)
  return `json_object(${fields.join(', ')})`
}

/** Numbers that JSON readers would round travel as text, bytes as hex. JSON columns are text already. */
const imageValue = (row: 'OLD' | 'NEW', { column, kind }: Column): string => {
  const value = `${row}.${quoted(column)}`
  if (kind === 'bigint') return `cast(${value} as text)`
  if (kind === 'bytes') return `case when ${value} is null then null else hex(${value}) end`
  return value
}
