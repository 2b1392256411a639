import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, inject } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { DatabaseFile } from '../../src/main/data/dialects/connection.ts'
import type { DatabaseConfig, ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import {
  databaseOptions,
  sqliteConfig,
  type TestConfig,
  type TestDatabaseOptions,
} from './database-options.ts'
import { createWithSchema, giveIdentity } from './servers/schema-template.ts'
import type { ServerAddress } from './servers/server.ts'
import { createTestDatabase, dropTestDatabase, serverConfig } from './servers/test-database.ts'

export * from './database-options.ts'

/** One database: empty, or with the schema. */
export interface TestPlace {
  config: DatabaseConfig
  remove: () => Promise<void>
}

/** `createdAt`: when its schema is said to have been made; null for none. */
type PlaceOf = (config: TestConfig, createdAt: string | null) => Promise<TestPlace>

export interface TestDatabases {
  /** Names the dialect in the titles of tests. */
  name: 'SQLite' | ServerAddress['name']
  /** Null for SQLite. */
  server: ServerAddress | null
  /** A fresh database with the schema; closed and removed after the test. */
  open: (options?: TestDatabaseOptions) => Promise<OpenDatabase>
  /** A fresh place for a database, for tests that open it themselves; removed after the test. */
  place: (config?: TestConfig) => Promise<DatabaseConfig>
  /** As `place`, with the schema. */
  placeWithSchema: (config?: TestConfig) => Promise<DatabaseConfig>
}

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
    const place: PlaceOf = (config, createdAt) => serverPlace(server, config, createdAt)
    // What `place` makes on a server is a server's.
    return databasesIn(server.name, server, place) as ServerDatabases
  })

const databasesIn = (
  name: TestDatabases['name'],
  server: ServerAddress | null,
  placeOf: PlaceOf,
): TestDatabases => {
  const cleanUps: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  const placed = async (given: TestConfig, createdAt: string | null): Promise<DatabaseConfig> => {
    const { config, remove } = await placeOf(given, createdAt)
    cleanUps.push(remove)
    return config
  }
  return {
    name,
    server,
    place: (config = {}) => placed(config, null),
    placeWithSchema: (config = {}) => placed(config, isoOf(systemClock.now())),
    open: async ({ config = {}, ...options } = {}) => {
      const createdAt = wantsUsual(config, options) ? isoOf((options.clock ?? systemClock).now()) : null
      const place = await placed(config, createdAt)
      const database = await createDatabase({ ...databaseOptions(place), ...options })
      cleanUps.push(() => database.close())
      return database
    },
  }
}

/** Whether what it opens is what every node makes of an empty database, and no migration is looked at. */
const wantsUsual = ({ enableChangeTracking }: TestConfig, { steps, forCopy }: TestDatabaseOptions): boolean =>
  enableChangeTracking !== false && !steps && !forCopy

const sqlitePlace: PlaceOf = async (config, createdAt) => {
  const folder = await mkdtemp(join(tmpdir(), 'pswebhost-data-'))
  const path = join(folder, 'pswebhost.db')
  if (createdAt !== null) {
    await copyFile(inject('fileTemplate'), path)
    giveIdentity(path, createdAt)
  }
  return {
    config: sqliteConfig(path, config),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const serverPlace = async (
  server: ServerAddress,
  config: TestConfig,
  createdAt: string | null,
): Promise<TestPlace> => {
  const database = await (createdAt === null
    ? createTestDatabase(server)
    : createWithSchema(server, createdAt))
  return {
    config: { ...serverConfig(server, database), ...config },
    remove: () => dropTestDatabase(server, database),
  }
}

/** The file of a database that is one. */
export const fileOf = (db: OpenDatabase): DatabaseFile => {
  if (!db.file) throw new Error('not a file')
  return db.file
}
