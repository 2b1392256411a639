import { CompiledQuery, sql } from 'kysely'
import { AppError, badField } from '../../shared/domain/errors.ts'
import { isTableName } from './columns.ts'
import type { OpenDatabase, Query, Tx, WriteContext } from './db.ts'
import type { Dialect } from './dialects/dialect.ts'
import { statementsOf, type ColumnSpec } from './migrations/schema-step.ts'
import { createSqlSession, type SqlTransaction } from './sql-session.ts'
import { identifier, statementOf, type Parameters } from './statement.ts'

export type Row = Record<string, unknown>

export interface TableSchema {
  columns: Record<string, ColumnSpec>
  primaryKey: string[]
}

/**
 * The specification's database class ("Interface Design"): plain SQL with `@name` parameters, columns by
 * their own names. The program itself uses repositories and `Database.write`; this is for everything that
 * thinks in statements.
 *
 * Every method but `connect` and `testConnection` throws AppError UNAVAILABLE while not connected.
 */
export interface SqlDatabase {
  connect(): Promise<void>
  disconnect(): Promise<void>
  testConnection(): Promise<boolean>
  executeQuery(query: string, parameters?: Parameters, transaction?: SqlTransaction): Promise<Row[]>
  /** Answers how many rows were affected. */
  executeNonQuery(query: string, parameters?: Parameters, transaction?: SqlTransaction): Promise<number>
  /** The first column of the first row; null when there is none. */
  executeScalar(query: string, parameters?: Parameters, transaction?: SqlTransaction): Promise<unknown>
  /** Holds the write lock until it is committed or rolled back: keep it short. */
  beginTransaction(): Promise<SqlTransaction>
  commitTransaction(transaction: SqlTransaction): Promise<void>
  rollbackTransaction(transaction: SqlTransaction): Promise<void>
  createTable(tableName: string, schema: TableSchema): Promise<void>
  tableExists(tableName: string): Promise<boolean>
  /** Refuses this program's own tables. */
  dropTable(tableName: string): Promise<void>
  /** All rows or none. Every row has the columns of the first. */
  bulkInsert(tableName: string, rows: readonly Row[], transaction?: SqlTransaction): Promise<void>
}

/**
 * @param deps.open opens the database, once per `connect`.
 * @param deps.context who writes, for the change log.
 */
export const createSqlDatabase = (deps: {
  open: () => Promise<OpenDatabase>
  context: WriteContext
}): SqlDatabase => {
  const session = createSqlSession(deps)
  const { reading, writing } = session
  return {
    connect: session.connect,
    disconnect: session.disconnect,
    testConnection: session.test,
    executeQuery: (query, parameters = {}, transaction) =>
      reading((db) => rowsOf(db, query, parameters), transaction),
    executeNonQuery: (query, parameters = {}, transaction) =>
      writing((tx) => affectedBy(tx, query, parameters), transaction),
    executeScalar: async (query, parameters = {}, transaction) => {
      const [first] = await reading((db) => rowsOf(db, query, parameters), transaction)
      return first ? (Object.values(first)[0] ?? null) : null
    },
    beginTransaction: session.begin,
    commitTransaction: (transaction) => session.end(transaction, 'commit'),
    rollbackTransaction: (transaction) => session.end(transaction, 'rollback'),
    createTable: (name, schema) => writing((tx, { dialect }) => createTable(tx, dialect, name, schema)),
    tableExists: (name) => reading((db) => tableExists(db, name)),
    dropTable: (name) => writing((tx) => dropTable(tx, name)),
    bulkInsert: (name, rows, transaction) => writing((tx) => bulkInsert(tx, name, rows), transaction),
  }
}

const rowsOf = async (db: Query, text: string, parameters: Parameters): Promise<Row[]> =>
  (await statementOf(text, parameters).execute(db)).rows

const affectedBy = async (tx: Tx, text: string, parameters: Parameters): Promise<number> => {
  const { numAffectedRows, rows } = await statementOf(text, parameters).execute(tx)
  // A statement with RETURNING answers rows instead of a count.
  return numAffectedRows === undefined ? rows.length : Number(numAffectedRows)
}

const createTable = async (tx: Tx, dialect: Dialect, name: string, schema: TableSchema): Promise<void> => {
  identifier('tableName', name)
  for (const column of Object.keys(schema.columns)) identifier('schema.columns', column)
  const unknown = schema.primaryKey.find((column) => !Object.hasOwn(schema.columns, column))
  if (unknown !== undefined) throw badField(['schema', 'primaryKey'], `${unknown} is no column of the table`)
  const [statement] = statementsOf(
    { up: (writer) => writer.table(name, schema.columns, schema.primaryKey) },
    dialect,
    tx,
  )
  if (statement) await tx.executeQuery(CompiledQuery.raw(statement.sql))
}

const tableExists = async (db: Query, name: string): Promise<boolean> =>
  (await db.introspection.getTables()).some(
    (table) => table.name.toLowerCase() === identifier('tableName', name).toLowerCase(),
  )

const dropTable = async (tx: Tx, name: string): Promise<void> => {
  if (isTableName(identifier('tableName', name))) {
    throw new AppError('FORBIDDEN', `${name} belongs to this program and is not dropped`)
  }
  await tx.schema.dropTable(name).execute()
}

/** Bound values of one insert: below every dialect's limit (SQL Server's 2100 is the lowest). */
const VALUES_PER_INSERT = 2000
/** Rows of one insert: SQL Server takes no more. */
const ROWS_PER_INSERT = 1000

const bulkInsert = async (tx: Tx, name: string, rows: readonly Row[]): Promise<void> => {
  const columns = Object.keys(rows[0] ?? {}).map((column) => identifier('rows', column))
  const odd = rows.findIndex((row) => !hasExactly(row, columns))
  if (odd >= 0) throw badField(['rows', odd], `must have exactly the columns ${columns.join(', ')}`)
  const table = sql.table(identifier('tableName', name))
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const size = Math.min(
    ROWS_PER_INSERT,
    Math.max(1, Math.floor(VALUES_PER_INSERT / Math.max(1, columns.length))),
  )
  for (let from = 0; from < rows.length; from += size) {
    const tuples = rows
      .slice(from, from + size)
      .map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    await sql`insert into ${table} (${names}) values ${sql.join(tuples)}`.execute(tx)
  }
}

const hasExactly = (row: Row, columns: readonly string[]): boolean =>
  Object.keys(row).length === columns.length && columns.every((column) => Object.hasOwn(row, column))
