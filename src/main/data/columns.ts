import { BigIntType, BlobType, IntegerType } from '@mikro-orm/core'
import { entities, type TableName } from './entities/index.ts'
import { FlagType, JsonTextType, ScheduleTextType } from './entities/columns.ts'

/** How a column's value is kept, as far as images care. */
export type ColumnKind = 'text' | 'whole' | 'bigint' | 'flag' | 'json' | 'schedule' | 'bytes'

export interface Column {
  /** camelCase: property, JSON field. */
  property: string
  /** As the specification names it: column, image field. */
  column: string
  kind: ColumnKind
  primary: boolean
}

/**
 * A memo of constants, not state: what it holds follows from the entities alone. A page of changes asks for a
 * table's columns hundreds of times.
 */
const known = new Map<TableName, readonly Column[]>()

/** The columns of every table in their order, read from the entities: the one list of them. */
export const tableColumns = (table: TableName): readonly Column[] => {
  const columns = known.get(table) ?? readColumns(table)
  known.set(table, columns)
  return columns
}

/** The row without columns that this program does not know: a newer schema may have more. */
export const knownColumns = <Row extends object>(table: TableName, row: Row): Row => {
  const properties = new Set(tableColumns(table).map(({ property }) => property))
  // What is left out is not part of its type.
  return Object.fromEntries(Object.entries(row).filter(([property]) => properties.has(property))) as Row
}

const readColumns = (table: TableName): readonly Column[] => {
  const entity = entities.find((candidate) => candidate.meta.tableName === table)
  if (!entity) throw new Error(`no entity for table ${table}`)
  return Object.entries<PropertyOptions>(entity.meta.properties).map(([property, options]) => ({
    property,
    column: columnName(table, property, options),
    kind: kindOf(options.type),
    primary: options.primary === true,
  }))
}

/** What `defineEntity` keeps of a property, as far as it is read here. */
interface PropertyOptions {
  fieldName?: string
  type?: unknown
  primary?: boolean
}

const columnName = (table: string, property: string, options: PropertyOptions): string => {
  if (options.fieldName === undefined) throw new Error(`${table}.${property} names no column`)
  return options.fieldName
}

/** A type is given as its class or as an instance of it. */
const kindOf = (type: unknown): ColumnKind => {
  const is = (Class: new (...values: never[]) => unknown): boolean =>
    type instanceof Class || type === Class || (typeof type === 'function' && type.prototype instanceof Class)
  if (is(FlagType)) return 'flag'
  if (is(JsonTextType)) return 'json'
  if (is(ScheduleTextType)) return 'schedule'
  if (is(BlobType)) return 'bytes'
  if (is(BigIntType)) return 'bigint'
  if (is(IntegerType)) return 'whole'
  return 'text'
}

export const isTableName = (name: string): name is TableName =>
  entities.some((entity) => entity.meta.tableName === name)

/** `Tasks TaskName, Tasks AppName`: what a unique index is about, for people; undefined for none of ours. */
export const uniqueColumns = (index: string): string | undefined => {
  for (const { meta } of entities) {
    const table = meta.tableName ?? ''
    const unique = meta.uniques?.find(({ name }) => name === index)
    if (!unique) continue
    const columns = tableColumns(table as TableName).filter(({ property }) =>
      isOf(unique.properties, property),
    )
    return columns.map(({ column }) => `${table} ${column}`).join(', ')
  }
  return undefined
}

/** The columns of each unique index of a table but its key. */
export const uniquesOf = (table: TableName): string[][] => {
  const entity = entities.find((candidate) => candidate.meta.tableName === table)
  return (entity?.meta.uniques ?? []).map((unique) =>
    tableColumns(table)
      .filter(({ property }) => isOf(unique.properties, property))
      .map(({ column }) => column),
  )
}

const isOf = (properties: unknown, property: string): boolean =>
  Array.isArray(properties) ? properties.includes(property) : properties === property
