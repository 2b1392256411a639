import { existsSync } from 'node:fs'
import { Kysely, sql } from 'kysely'
import { EntityCaseNamingStrategy } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/sqlite'
import { entities, type Tables } from '../entities/index.ts'
import { migrationsFor } from '../migrations/index.ts'
import { createCaptureFunctions, type CaptureFunctions } from '../sqlite/capture-functions.ts'
import { createDatabaseFile } from '../sqlite/database-file.ts'
import { ImmediateSqliteDialect } from '../sqlite/immediate-dialect.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { createLooker } from '../sqlite/looker.ts'
import { createFrozenReader, createReader, type Reader } from '../sqlite/reader.ts'
import { createReaderDialect } from '../sqlite/reader-dialect.ts'
import { withoutLocks } from '../sqlite/without-locks.ts'
import type { Connection } from './connection.ts'
import type { ColumnWord, ConnectOptions, CopyWords, Dialect, SqliteConfig } from './dialect.ts'
import { faultOf } from './sqlite-faults.ts'
import { captureObjects, installedObjects } from './sqlite-triggers.ts'

const copyWords: CopyWords = {
  maxParameters: 2000,
  parameter: () => '?',
  byteLength: 'octet_length',
  withKeys: (_table, insert) => insert,
  // The row of a table is made with its first insert.
  countBehind: (table, _column, value) => [
    `delete from sqlite_sequence where name = '${table}'`,
    `insert into sqlite_sequence (name, seq) values ('${table}', ${value})`,
  ],
}

/** SQLite: one file, one writing connection in the main process, a reader thread beside it. */
export const sqlite: Dialect<SqliteConfig> = {
  name: 'SQLite',
  connect,
  exists: ({ path }) => existsSync(path),
  whereOf: ({ path }) => path,
  plugins: [withoutLocks],
  columnType,
  identity: 'integer not null primary key autoincrement',
  tableOptions: '',
  indexCondition: (where) => where ?? null,
  existingNames: null,
  captureObjects,
  installedObjects,
  copyWords,
  sequencedByTrigger: true,
  sealsLog: true,
  // The functions that the triggers call find the scope in the asynchronous flow of the write.
  beginWrite: () => null,
  endWrite: () => null,
  faultOf,
  requirements: async () => [],
  connectionLimit: async () => null,
  serverVersion: async (db) => {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
    return `SQLite ${rows[0]?.version ?? ''}`
  },
}

async function connect(options: ConnectOptions<SqliteConfig>): Promise<Connection> {
  const { clock, contexts, config } = options
  const functions = createCaptureFunctions({ contexts, clock, compressionLevel: config.compressionLevel })
  return connectFile(sqlite, options, functions)
}

/** Opens the file for `dialect`, whose triggers call `functions`. */
export const connectFile = async (
  dialect: Dialect<SqliteConfig>,
  options: ConnectOptions<SqliteConfig>,
  functions: CaptureFunctions,
): Promise<Connection> => {
  const { config, clock, contexts, nativeBinding } = options
  const { path } = config
  const database = openSqlite({ path, nativeBinding, functions })
  const timeoutMs = config.timeoutSeconds * 1000
  const durable = () => contexts.current()?.durable === true
  const driver = new ImmediateSqliteDialect({ database, path, clock, timeoutMs, durable })
  const orm = createOrm(dialect, { path, driver, steps: options.steps })
  const reader = createReader({ path, nativeBinding, entry: options.readerEntry })
  const looker = createLooker({ path, nativeBinding })
  const through = (one: Pick<Reader, 'query'>) =>
    new Kysely<Tables>({ dialect: createReaderDialect(one), plugins: [...dialect.plugins] })
  const alone = <T>(work: () => T): Promise<T> =>
    orm.em
      .fork()
      .getKysely()
      .connection()
      .execute(async () => work())
  return {
    dialect,
    orm,
    urgent: orm,
    server: null,
    read: through(reader),
    look: through(looker),
    snapshot: async (work) => {
      const frozen = await createFrozenReader({ path, nativeBinding, entry: options.readerEntry })
      return work(through(frozen)).finally(() => frozen.close())
    },
    file: createDatabaseFile({ database, path, reader, alone }),
    where: path,
    close: async () => {
      await reader.close()
      await looker.close()
      await orm.close(true)
    },
  }
}

const createOrm = (
  dialect: Dialect<SqliteConfig>,
  { path, driver, steps }: { path: string; driver: ImmediateSqliteDialect; steps: ConnectOptions['steps'] },
): MikroORM =>
  new MikroORM({
    dbName: path,
    // By this name MikroORM finds an open transaction: a file written within a server's must not take that one.
    contextName: path,
    entities,
    namingStrategy: EntityCaseNamingStrategy,
    driverOptions: new Kysely({ dialect: driver, plugins: [...dialect.plugins] }),
    // The ORM would report on stdout, which belongs to the ready line; what fails is thrown.
    logger: () => {},
    extensions: [Migrator],
    migrations: { migrationsList: migrationsFor(dialect, steps), snapshot: false },
    // Capture triggers are ours to compare and install; the schema generator would drop them.
    schemaGenerator: { ignoreTriggers: true },
  })

/** SQLite knows kinds, not lengths. */
function columnType(word: ColumnWord): string {
  if (word === 'whole' || word === 'flag') return 'integer'
  if (word === 'bigint') return 'bigint'
  return word === 'bytes' ? 'blob' : 'text'
}
