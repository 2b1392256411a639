import { setImmediate } from 'node:timers/promises'
import type Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type TransactionSettings,
} from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import { isBusy, translateDriverError } from '../errors.ts'
import { keepStatements } from './statement-cache.ts'

const RETRY_MS = 20
const SLICE_MS = 20

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
    const { database } = options
    super({ database: { prepare: keepStatements(database), close: () => void database.close() } })
    this.#options = options
  }

  override createAdapter(): DialectAdapter {
    return new WriterAdapter()
  }

  override createDriver(): Driver {
    return writerDriver(super.createDriver(), this.#options)
  }
}

/** The driver below queues by itself; Kysely's own queue never moves on after a BEGIN that failed. */
class WriterAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/**
 * One connection, lent to one user at a time, in the order of asking. SQLite answers within the same turn of
 * the event loop: a long row of writes would let nothing else run, hence a turn for the others every 20 ms.
 */
const writerDriver = (driver: Driver, options: Options): Driver => {
  const releases = new WeakMap<DatabaseConnection, () => void>()
  let last = Promise.resolve()
  let turnedAt = options.clock.monotonic()
  const release = (connection: DatabaseConnection): void => releases.get(connection)?.()

  const acquireConnection: Driver['acquireConnection'] = async (settings) => {
    const before = last
    let free: () => void = () => {}
    last = new Promise((resolve) => (free = resolve))
    await before
    if (options.clock.monotonic() - turnedAt > SLICE_MS) {
      await setImmediate()
      turnedAt = options.clock.monotonic()
    }
    const connection = translating(await driver.acquireConnection(settings), options.path)
    releases.set(connection, free)
    return connection
  }
  return {
    init: (settings) => driver.init(settings),
    acquireConnection,
    beginTransaction: async (connection, settings) => {
      try {
        await begin(connection, settings, options)
      } catch (error) {
        // Kysely does not give back the connection of a transaction that never began.
        release(connection)
        throw error
      }
    },
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    savepoint: (connection, name, compile) => driver.savepoint?.(connection, name, compile) ?? noSavepoints(),
    rollbackToSavepoint: (connection, name, compile) =>
      driver.rollbackToSavepoint?.(connection, name, compile) ?? noSavepoints(),
    releaseSavepoint: (connection, name, compile) =>
      driver.releaseSavepoint?.(connection, name, compile) ?? noSavepoints(),
    releaseConnection: async (connection) => release(connection),
    destroy: (settings) => driver.destroy(settings),
  }
}

/** Kysely's SQLite driver has savepoints; the type leaves them open for others. */
const noSavepoints = (): never => {
  throw new Error('no savepoints in this driver')
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
