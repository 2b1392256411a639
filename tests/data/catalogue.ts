import { sql } from 'kysely'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { entities } from '../../src/main/data/entities/index.ts'
import type { DatabaseType } from '../../src/shared/domain/database.ts'

/** Tables as a database's own catalogue knows them, and as the entities say they are. */

export interface CatalogueColumn {
  table: string
  column: string
  nullable: boolean
  /** Of a short text; null for anything else, and for a database that keeps no lengths. */
  length: number | null
}

export interface CatalogueIndex {
  table: string
  name: string
  unique: boolean
  /** In order, with commas between. */
  columns: string
}

const tableNames = entities.map(({ meta }) => meta.tableName ?? '')

const COLUMNS_OF_SERVERS = (schema: string): string => `
  select table_name as "table", column_name as "column",
    case when is_nullable = 'YES' then 1 else 0 end as "nullable",
    case when data_type like '%varchar' or data_type like 'character varying'
      then character_maximum_length end as "length"
  from information_schema.columns where table_schema = ${schema} order by table_name, ordinal_position`

const COLUMNS: Record<DatabaseType, string> = {
  SQLite: `select m.name as "table", i.name as "column", 1 - i."notnull" as "nullable", null as "length"
    from sqlite_master m join pragma_table_info(m.name) i where m.type = 'table' order by m.name, i.cid`,
  PostgreSQL: COLUMNS_OF_SERVERS('current_schema()'),
  MySQL: COLUMNS_OF_SERVERS('database()'),
  SqlServer: COLUMNS_OF_SERVERS('schema_name()'),
}

const INDEXES: Record<DatabaseType, string> = {
  SQLite: `select m.name as "table", l.name as "name", l."unique" as "unique",
      (select group_concat(i.name, ',') from pragma_index_info(l.name) i) as "columns"
    from sqlite_master m join pragma_index_list(m.name) l where m.type = 'table' and l.origin = 'c'`,
  PostgreSQL: `select t.relname as "table", i.relname as "name", x.indisunique::int as "unique",
      string_agg(a.attname, ',' order by k.place) as "columns"
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    cross join unnest(x.indkey) with ordinality as k (attribute, place)
    join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attribute
    where t.relnamespace = current_schema()::regnamespace and not x.indisprimary
    group by t.relname, i.relname, x.indisunique`,
  MySQL: `select table_name as "table", index_name as "name", min(1 - non_unique) as "unique",
      group_concat(column_name order by seq_in_index) as "columns"
    from information_schema.statistics where table_schema = database() and index_name <> 'PRIMARY'
    group by table_name, index_name`,
  SqlServer: `select t.name as "table", i.name as "name", cast(i.is_unique as int) as "unique",
      string_agg(c.name, ',') within group (order by k.key_ordinal) as "columns"
    from sys.indexes i join sys.tables t on t.object_id = i.object_id
    join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id and k.key_ordinal > 0
    join sys.columns c on c.object_id = k.object_id and c.column_id = k.column_id
    where i.is_primary_key = 0 and t.schema_id = schema_id() group by t.name, i.name, i.is_unique`,
}

export const columnsOf = async (db: OpenDatabase): Promise<CatalogueColumn[]> => {
  type Row = Omit<CatalogueColumn, 'nullable'> & { nullable: number }
  const { rows } = await sql.raw<Row>(COLUMNS[db.type]).execute(db.read)
  return rows
    .filter(({ table }) => tableNames.includes(table))
    .map((row) => ({ ...row, nullable: Number(row.nullable) === 1 }))
}

export const indexesOf = async (db: OpenDatabase): Promise<CatalogueIndex[]> => {
  type Row = Omit<CatalogueIndex, 'unique'> & { unique: number }
  const { rows } = await sql.raw<Row>(INDEXES[db.type]).execute(db.read)
  return rows
    .filter(({ table }) => tableNames.includes(table))
    .map((row) => ({ ...row, unique: Number(row.unique) === 1 }))
}

/** What `defineEntity` keeps of a property, as far as it is read here. */
interface Property {
  fieldName?: string
  nullable?: boolean
  length?: number
}

const propertiesOf = ({ meta }: (typeof entities)[number]) =>
  new Map(Object.entries<Property>(meta.properties))

export const columnsOfEntities = (): CatalogueColumn[] =>
  entities.flatMap((entity) =>
    [...propertiesOf(entity).values()].map(({ fieldName, nullable, length }) => ({
      table: entity.meta.tableName ?? '',
      column: fieldName ?? '',
      nullable: nullable === true,
      length: length ?? null,
    })),
  )

export const indexesOfEntities = (): CatalogueIndex[] =>
  entities.flatMap((entity) => {
    const properties = propertiesOf(entity)
    const list = (indexes: { name?: unknown; properties?: unknown }[] | undefined, unique: boolean) =>
      (indexes ?? []).map(({ name, properties: names }) => ({
        table: entity.meta.tableName ?? '',
        name: String(name),
        unique,
        columns: [names]
          .flat()
          .map((property) => properties.get(String(property))?.fieldName ?? '')
          .join(),
      }))
    return [...list(entity.meta.uniques, true), ...list(entity.meta.indexes, false)]
  })
