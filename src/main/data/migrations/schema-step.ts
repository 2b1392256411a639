import { sql, type CreateTableBuilder } from 'kysely'
import type { Query } from '../db.ts'
import type { ColumnWord, Dialect } from '../dialects/dialect.ts'

/** A column as a migration says it: the dialect finds the type. */
export interface ColumnSpec {
  word: ColumnWord | 'identity'
  nullable: boolean
  default?: string
}

export const required = (word: ColumnSpec['word'], value?: string): ColumnSpec =>
  value === undefined ? { word, nullable: false } : { word, nullable: false, default: value }

export const optional = (word: ColumnSpec['word']): ColumnSpec => ({ word, nullable: true })

/** The key that counts itself; it is its table's primary key. */
export const identity = (): ColumnSpec => ({ word: 'identity', nullable: false })

export interface IndexSpec {
  name: string
  /** A name, or `Name desc`. */
  columns: string[]
  unique?: boolean
  /** A condition in portable SQL over quoted names; left out where the database has no partial indexes. */
  where?: string
  /** Left out where the database has no partial indexes: another one serves there. */
  onlyPartial?: boolean
}

/** What a migration may do. It is text on every dialect: nothing is read from the entities, which move on. */
export interface SchemaWriter {
  table(name: string, columns: Record<string, ColumnSpec>, primaryKey: string[]): void
  index(table: string, index: IndexSpec): void
}

/**
 * One numbered step of the schema, never edited once released. It expands only: a program of the step
 * before must still be able to work, else `minProgram` names the first that can.
 */
export interface SchemaStep {
  name: string
  /** The oldest program version that may use a database with this step. */
  minProgram: string
  up(schema: SchemaWriter): void
}

/** A statement that makes a table or an index, and that one's name. */
export interface SchemaStatement {
  name: string
  sql: string
}

/** The statements of a step for one dialect, in order. `db` compiles only. */
export const statementsOf = (
  step: Pick<SchemaStep, 'up'>,
  dialect: Dialect,
  db: Query,
): SchemaStatement[] => {
  const statements: SchemaStatement[] = []
  const nullable = new Map<string, string[]>()
  const nullableOf = (table: string, { columns }: IndexSpec): string[] =>
    columns.filter((column) => nullable.get(table)?.includes(column))
  step.up({
    table: (name, columns, primaryKey) => {
      nullable.set(
        name,
        namesOf(columns, ({ nullable: may }) => may),
      )
      statements.push({ name, sql: createTable(db, dialect, name, columns, primaryKey) })
    },
    index: (table, index) => {
      if (index.onlyPartial && dialect.indexCondition(index.where, [], false) === null) return
      statements.push({
        name: index.name,
        sql: createIndex(db, dialect, { table, ...index }, nullableOf(table, index)),
      })
    },
  })
  return statements
}

const createTable = (
  db: Query,
  dialect: Dialect,
  name: string,
  columns: Record<string, ColumnSpec>,
  primaryKey: string[],
): string => {
  // Column and constraint names are data here, not types.
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, spec] of Object.entries(columns)) {
    builder = builder.addColumn(column, sql.raw(typeSql(dialect, spec)), (definition) => {
      const typed = spec.nullable || spec.word === 'identity' ? definition : definition.notNull()
      return spec.default === undefined ? typed : typed.defaultTo(spec.default)
    })
  }
  const counts = Object.values(columns).some((spec) => spec.word === 'identity')
  const keyed = counts ? builder : builder.addPrimaryKeyConstraint(`pk_${name.toLowerCase()}`, primaryKey)
  return `${keyed.compile().sql}${dialect.tableOptions}`
}

const typeSql = (dialect: Dialect, { word }: ColumnSpec): string =>
  word === 'identity' ? dialect.identity : dialect.columnType(word)

const namesOf = (columns: Record<string, ColumnSpec>, which: (spec: ColumnSpec) => boolean): string[] =>
  Object.entries(columns).flatMap(([name, spec]) => (which(spec) ? [name] : []))

const createIndex = (
  db: Query,
  dialect: Dialect,
  { table, name, columns, unique = false, where }: IndexSpec & { table: string },
  nullable: readonly string[],
): string => {
  const builder = db.schema.createIndex(name).on(table).columns(columns)
  const text = (unique ? builder.unique() : builder).compile().sql
  const condition = dialect.indexCondition(where, nullable, unique)
  return condition === null ? text : `${text} where ${condition}`
}
