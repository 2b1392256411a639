import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
} from 'kysely'
import type { Reader } from './reader.ts'

/** Many queries may be in flight: the thread answers them in turn. */
class ReaderAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** A Kysely dialect whose queries the reader runs, on its thread or on this one. It reads only: transactions are refused. */
export const createReaderDialect = (reader: Pick<Reader, 'query'>): Dialect => ({
  createAdapter: (): DialectAdapter => new ReaderAdapter(),
  createDriver: () => readerDriver(reader),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: (db) => new SqliteIntrospector(db),
})

const notHere = (): never => {
  throw new Error('the reader reads only: use Database.write')
}

const readerDriver = (reader: Pick<Reader, 'query'>): Driver => {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: { sql: string; parameters: readonly unknown[] }) => {
      const rows = await reader.query(query.sql, query.parameters)
      // Kysely infers Row from the query that produced these rows.
      return { rows } as QueryResult<Row>
    },
    streamQuery: notHere,
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => notHere(),
    commitTransaction: async () => notHere(),
    rollbackTransaction: async () => notHere(),
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}
