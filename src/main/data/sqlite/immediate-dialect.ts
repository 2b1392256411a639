import type Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteDialect,
  type DatabaseConnection,
  type Driver,
  type TransactionSettings,
} from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import { isBusy, translateDriverError } from '../errors.ts'

const RETRY_MS = 20

interface Options {
  database: Sqlite.Database
  path: string
  clock: Clock
  /** How long a transaction waits for another program's lock, without blocking this one. */
  timeoutMs: number
}

/**
 * SQLite over our own handle, with transactions that take the write lock at once: a deferred one that reads
 * first gets SQLITE_BUSY_SNAPSHOT when it writes, whatever the timeout (experiment e7/imm).
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #options: Options

  constructor(options: Options) {
    super({ database: options.database })
    this.#options = options
  }

  override createDriver(): Driver {
    const options = this.#options
    const driver = super.createDriver()
    const acquire = driver.acquireConnection.bind(driver)
    driver.acquireConnection = async (settings) => translating(await acquire(settings), options.path)
    driver.beginTransaction = (connection, settings) => begin(connection, settings, options)
    return driver
  }
}

const begin = async (
  connection: DatabaseConnection,
  settings: TransactionSettings,
  options: Options,
): Promise<void> => {
  const statement = CompiledQuery.raw(settings.accessMode === 'read only' ? 'begin' : 'begin immediate')
  const deadline = options.clock.monotonic() + options.timeoutMs
  for (;;) {
    try {
      await connection.executeQuery(statement)
      return
    } catch (error) {
      if (!isBusy(causeOf(error)) || options.clock.monotonic() >= deadline) throw error
      await options.clock.sleep(RETRY_MS)
    }
  }
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined)

/** The same connection, whose failures are those of errors.ts. */
const translating = (connection: DatabaseConnection, path: string): DatabaseConnection => {
  const execute = connection.executeQuery.bind(connection)
  return {
    executeQuery: async (query, options) => {
      try {
        return await execute(query, options)
      } catch (error) {
        throw translateDriverError(error, path)
      }
    },
    streamQuery: connection.streamQuery.bind(connection),
  }
}
