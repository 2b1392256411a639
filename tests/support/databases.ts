import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, inject } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { DatabaseFile } from '../../src/main/data/dialects/connection.ts'
import type { DatabaseConfig, ServerConfig, SqliteConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { ServerAddress } from './servers/server.ts'
import { createTestDatabase, dropTestDatabase, serverConfig } from './servers/test-database.ts'

/** The node that tests write as. */
export const TEST_NODE_ID = '01900000-0000-7000-8000-000000000001'

/** What a test sets of a configuration, whichever database it runs on. */
export type TestConfig = Partial<
  Pick<SqliteConfig, 'compressionLevel' | 'enableChangeTracking' | 'timeoutSeconds'> &
    Pick<ServerConfig, 'poolSize'>
>

export type TestDatabaseOptions = Partial<Omit<DatabaseOptions, 'config'>> & { config?: TestConfig }

/** One empty database. */
export interface TestPlace {
  config: DatabaseConfig
  remove: () => Promise<void>
}

export interface TestDatabases {
  /** Names the dialect in the titles of tests. */
  name: 'SQLite' | ServerAddress['name']
  /** Null for SQLite. */
  server: ServerAddress | null
  /** A fresh, migrated database; closed and removed after the test. */
  open: (options?: TestDatabaseOptions) => Promise<OpenDatabase>
  /** A fresh place for a database, for tests that open it themselves; removed after the test. */
  place: (config?: TestConfig) => Promise<DatabaseConfig>
}

export const READER_ENTRY = new URL('../../src/main/data/sqlite/reader-worker.ts', import.meta.url)

/** For `describe.each(databases())('$name: …', ({ open }) => …)`: every database the tests can reach. */
export const databases = (): TestDatabases[] => [...fileDatabases(), ...serverDatabases()]

/** The servers that the set-up of this run started, or was told of. */
export const servers = (): ServerAddress[] => inject('servers')

/** SQLite alone, for what only a file has. */
export const fileDatabases = (): TestDatabases[] => [databasesIn('SQLite', null, sqlitePlace)]

/** A database on a server, and which server that is. */
export interface ServerDatabases extends TestDatabases {
  server: ServerAddress
  place: (config?: TestConfig) => Promise<ServerConfig>
}

/** The servers alone, for what a file has not. */
export const serverDatabases = (): ServerDatabases[] =>
  servers().map((server) => {
    const place = (config: TestConfig) => serverPlace(server, config)
    // What `place` makes on a server is a server's.
    return databasesIn(server.name, server, place) as ServerDatabases
  })

const databasesIn = (
  name: TestDatabases['name'],
  server: ServerAddress | null,
  placeOf: (config: TestConfig) => Promise<TestPlace>,
): TestDatabases => {
  const cleanUps: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  const place: TestDatabases['place'] = async (given = {}) => {
    const { config, remove } = await placeOf(given)
    cleanUps.push(remove)
    return config
  }
  return {
    name,
    server,
    place,
    open: async ({ config, ...options } = {}) => {
      const database = await createDatabase({ ...databaseOptions(await place(config)), ...options })
      cleanUps.push(() => database.close())
      return database
    },
  }
}

const sqlitePlace = async (config: TestConfig): Promise<TestPlace> => {
  const folder = await mkdtemp(join(tmpdir(), 'pswebhost-data-'))
  return {
    config: sqliteConfig(join(folder, 'pswebhost.db'), config),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const serverPlace = async (server: ServerAddress, config: TestConfig): Promise<TestPlace> => {
  const database = await createTestDatabase(server)
  return {
    config: { ...serverConfig(server, database), ...config },
    remove: () => dropTestDatabase(server, database),
  }
}

const sqliteConfig = (path: string, config: TestConfig = {}): SqliteConfig => ({
  type: 'SQLite',
  path,
  compressionLevel: config.compressionLevel ?? 6,
  enableChangeTracking: config.enableChangeTracking ?? true,
  timeoutSeconds: config.timeoutSeconds ?? 5,
})

/** Options for a database, for tests that open one themselves. */
export const databaseOptions = (config: DatabaseConfig): DatabaseOptions => ({
  config,
  readerEntry: READER_ENTRY,
  nodeId: () => TEST_NODE_ID,
  clock: systemClock,
  programVersion: '0.1.0',
})

/** The same for a SQLite file at `path`. */
export const sqliteOptions = (
  path: string,
  { config, ...options }: TestDatabaseOptions = {},
): DatabaseOptions => ({ ...databaseOptions(sqliteConfig(path, config)), ...options })

/** The file of a database that is one. */
export const fileOf = (db: OpenDatabase): DatabaseFile => {
  if (!db.file) throw new Error('not a file')
  return db.file
}
