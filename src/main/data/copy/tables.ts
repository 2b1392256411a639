import type { Kysely } from 'kysely'
import type { CopyResult } from '../../../shared/domain/database.ts'
import { tableColumns, type Column } from '../columns.ts'
import type { Query } from '../db.ts'
import { entities, type TableName } from '../entities/index.ts'

/** Rows and checksum of one table. */
export type CopiedTable = CopyResult['tables'][number]

/** A table as a copy sees it: columns by their own names, rows as they are stored. */
export interface CopyTable {
  name: TableName
  columns: readonly Column[]
  /** The primary key, in its order: that of the rows. */
  keys: readonly string[]
  /** Columns without a length: what they hold decides how many rows are taken at once. */
  long: readonly string[]
  /** The key that counts itself. */
  counts: string | null
  /** Columns whose bytes are images of rows. */
  images: ReadonlySet<string>
  /** Keys of rows that stay where they are. */
  leftOut: readonly string[]
}

/** Facts about a database itself, or about a copy into it: no other database has them. */
const OWN_FACTS = ['DatabaseID', 'SchemaVersion', 'MinProgram', 'CopySource', 'CopyPosition', 'ReplicaOf']

/** Every table but the counter of changes, which follows from the changes (target.ts). */
export const copyTables = (): CopyTable[] =>
  entities.flatMap(({ meta }) => (meta.tableName === 'Sync_Counter' ? [] : [tableOf(meta)]))

const tableOf = (meta: (typeof entities)[number]['meta']): CopyTable => {
  // Tables are named by our own entities.
  const name = meta.tableName as TableName
  const columns = tableColumns(name)
  const properties: Record<string, { length?: number; autoincrement?: boolean }> = meta.properties
  const isLong = ({ property, kind }: Column): boolean =>
    kind === 'bytes' ||
    kind === 'json' ||
    kind === 'schedule' ||
    (kind === 'text' && properties[property]?.length === undefined)
  const counting = columns.find(({ property }) => properties[property]?.autoincrement === true)
  return {
    name,
    columns,
    keys: columns.filter(({ primary }) => primary).map(({ column }) => column),
    long: columns.filter(isLong).map(({ column }) => column),
    counts: counting?.column ?? null,
    images: new Set(name === 'Data_Change' ? ['OldData', 'NewData'] : []),
    leftOut: name === 'Cluster_Info' ? OWN_FACTS : [],
  }
}

/** Tables and columns by their names in the database, values as its driver gives them. */
export type Stored = Kysely<Record<string, Record<string, unknown>>>

/** The same connection without its types: a copy treats every table alike. */
export const storedIn = (db: Query): Stored => db as unknown as Stored
