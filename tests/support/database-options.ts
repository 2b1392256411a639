import type { DatabaseConfig, ServerConfig, SqliteConfig } from '../../src/main/data/dialects/dialect.ts'
import type { DatabaseOptions } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'

/** How tests open a database. */

/** The node that tests write as. */
export const TEST_NODE_ID = '01900000-0000-7000-8000-000000000001'

export const READER_ENTRY = new URL('../../src/main/data/sqlite/reader-worker.ts', import.meta.url)

/** What a test sets of a configuration, whichever database it runs on. */
export type TestConfig = Partial<
  Pick<SqliteConfig, 'compressionLevel' | 'enableChangeTracking' | 'timeoutSeconds'> &
    Pick<ServerConfig, 'poolSize'>
>

export type TestDatabaseOptions = Partial<Omit<DatabaseOptions, 'config'>> & { config?: TestConfig }

/** The configuration of a SQLite file at `path`. */
export const sqliteConfig = (path: string, config: TestConfig = {}): SqliteConfig => ({
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

/** The same for a SQLite file. */
export const sqliteOptions = (
  path: string,
  { config, ...options }: TestDatabaseOptions = {},
): DatabaseOptions => ({ ...databaseOptions(sqliteConfig(path, config)), ...options })
