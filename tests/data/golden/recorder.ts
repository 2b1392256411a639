import { EntityCaseNamingStrategy, type Constructor } from '@mikro-orm/core'
import { MsSqlDriver } from '@mikro-orm/mssql'
import { MySqlDriver } from '@mikro-orm/mysql'
import { PostgreSqlDriver } from '@mikro-orm/postgresql'
import { MikroKyselyPlugin, MikroORM, type AbstractSqlDriver } from '@mikro-orm/sql'
import { SqliteDriver } from '@mikro-orm/sqlite'
import {
  Kysely,
  MssqlDialect,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect as KyselyDialect,
  type Driver,
} from 'kysely'
import type { Query, Tx } from '../../../src/main/data/db.ts'
import type { Dialect } from '../../../src/main/data/dialects/dialect.ts'
import { mssql } from '../../../src/main/data/dialects/mssql.ts'
import { mysql, mysqlOf } from '../../../src/main/data/dialects/mysql.ts'
import { postgres } from '../../../src/main/data/dialects/postgres.ts'
import { sqlite } from '../../../src/main/data/dialects/sqlite.ts'
import { entities, NAMING, type Tables } from '../../../src/main/data/entities/index.ts'

/** Records what the data layer would send to a database that is not there. */

/** The rows a statement is answered with, by columns' own names. */
export type Answer = (sql: string) => Record<string, unknown>[]

export interface Recorder {
  name: string
  dialect: Dialect
  /** Compiles and sends as the program does: the dialect's plugins, then property names. */
  db: Query & Tx
  /** As migrations have it: names are the database's own. */
  plain: Query
  /** What `work` sends, each statement answered by `answer`. */
  record: (work: () => Promise<unknown>, answer?: Answer) => Promise<CompiledQuery[]>
}

/** Each dialect's compiler, with nobody to connect to. */
const KYSELY: Record<Dialect['name'], KyselyDialect> = {
  SQLite: new SqliteDialect({ database: nobody }),
  PostgreSQL: new PostgresDialect({ pool: nobody }),
  MySQL: new MysqlDialect({ pool: nobody }),
  // Looked into when a driver is made, which none is.
  SqlServer: new MssqlDialect({ tarn: undefined as never, tedious: undefined as never }),
}

const DRIVERS: Record<Dialect['name'], Constructor<AbstractSqlDriver>> = {
  SQLite: SqliteDriver,
  PostgreSQL: PostgreSqlDriver,
  MySQL: MySqlDriver,
  SqlServer: MsSqlDriver,
}

export const recorders = (): Recorder[] =>
  // Each dialect takes its own member of the union of configurations, of which none is given here.
  Object.entries({ sqlite, postgres, mysql, mariadb: mysqlOf('MariaDB'), mssql } as unknown as Record<
    string,
    Dialect
  >).map(([name, dialect]) => recorderOf(name, dialect))

const recorderOf = (name: string, dialect: Dialect): Recorder => {
  const sent: CompiledQuery[] = []
  let answer: Answer = () => []
  const run = (query: CompiledQuery): Record<string, unknown>[] => {
    sent.push(query)
    return answer(query.sql)
  }
  const compiler = KYSELY[dialect.name]
  const plain = new Kysely<Tables>({
    dialect: {
      createAdapter: () => compiler.createAdapter(),
      createQueryCompiler: () => compiler.createQueryCompiler(),
      createIntrospector: (db) => compiler.createIntrospector(db),
      createDriver: () => recordingDriver(run),
    },
    plugins: [...dialect.plugins],
  })
  const orm = new MikroORM({
    driver: DRIVERS[dialect.name],
    dbName: 'cluster',
    entities,
    namingStrategy: EntityCaseNamingStrategy,
    driverOptions: plain,
    logger: () => {},
  })
  return {
    name,
    dialect,
    plain,
    // A transaction of the recorder begins and ends with nothing.
    db: plain.withPlugin(new MikroKyselyPlugin(orm.em.fork(), NAMING)) as Query & Tx,
    record: async (work, next = () => []) => {
      answer = next
      await work()
      return sent.splice(0)
    },
  }
}

const recordingDriver = (run: (query: CompiledQuery) => Record<string, unknown>[]): Driver => {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery) => ({
      rows: run(query) as Row[],
      numAffectedRows: 1n,
    }),
    streamQuery: () => {
      throw new Error('nothing streams')
    },
  }
  const nothing = async (): Promise<void> => {}
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
}

async function nobody(): Promise<never> {
  throw new Error('golden tests connect to nothing')
}
