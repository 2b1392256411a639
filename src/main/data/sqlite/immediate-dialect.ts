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
import { AppError } from '../../../shared/domain/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { faultOf, isBusy } from '../dialects/sqlite-faults.ts'
import { translateDriverError } from '../errors.ts'
import { keepStatements } from './statement-cache.ts'

const RETRY_MS = 20
const SLICE_MS = 20

interface Options {
  database: Sqlite.Database
  path: string
  clock: Clock
  /** How long a transaction waits for another program's lock, without blocking this one. */
  timeoutMs: number
  /** Whether the transaction that begins now must be on the disk when its commit resolves. */
  durable: () => boolean
}

/** What is known of a connection while it is lent. */
interface Lending {
  free: () => void
  state: 'plain' | 'open' | 'ended'
  /** What the first statement of the transaction that failed failed with. */
  failure?: unknown
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
  const lendings = new WeakMap<DatabaseConnection, Lending>()
  const takeTurn = turns(options.clock)
  /** What comes late on it, or its own rollback, must not get into the transaction of another. */
  const giveBack = (lending: Lending | undefined): void => {
    if (!lending) return
    lending.state = 'ended'
    lending.free()
  }
  const acquireConnection: Driver['acquireConnection'] = async (settings) => {
    const lending: Lending = { free: await takeTurn(), state: 'plain' }
    const connection = guarded(await driver.acquireConnection(settings), lending, options)
    lendings.set(connection, lending)
    return connection
  }
  return {
    init: (settings) => driver.init(settings),
    acquireConnection,
    ...transactions(driver, options, lendings, giveBack),
    savepoint: (connection, name, compile) => driver.savepoint?.(connection, name, compile) ?? noSavepoints(),
    rollbackToSavepoint: (connection, name, compile) => {
      forgetFailure(lendings.get(connection))
      return driver.rollbackToSavepoint?.(connection, name, compile) ?? noSavepoints()
    },
    releaseSavepoint: (connection, name, compile) =>
      driver.releaseSavepoint?.(connection, name, compile) ?? noSavepoints(),
    releaseConnection: async (connection) => giveBack(lendings.get(connection)),
    destroy: (settings) => driver.destroy(settings),
  }
}

/** A queue: resolves when those before are done, with what lets the next one in (more than once is harmless). */
const turns = (clock: Clock): (() => Promise<() => void>) => {
  let last = Promise.resolve()
  let turnedAt = clock.monotonic()
  return async () => {
    const before = last
    let free: () => void = () => {}
    last = new Promise((resolve) => (free = resolve))
    await before
    if (clock.monotonic() - turnedAt > SLICE_MS) {
      await setImmediate()
      turnedAt = clock.monotonic()
    }
    return free
  }
}

/**
 * Kysely gives a connection back only after a begin, commit or rollback that succeeded: one that failed gives
 * it back here, else every later write would wait for ever.
 */
const transactions = (
  driver: Driver,
  options: Options,
  lendings: WeakMap<DatabaseConnection, Lending>,
  giveBack: (lending: Lending | undefined) => void,
): Pick<Driver, 'beginTransaction' | 'commitTransaction' | 'rollbackTransaction'> => {
  const { database } = options
  return {
    beginTransaction: async (connection, settings) => {
      const lending = lendings.get(connection)
      try {
        await begin(connection, settings, options)
        if (lending) lending.state = 'open'
      } catch (error) {
        giveBack(lending)
        throw error
      }
    },
    commitTransaction: async (connection) => {
      try {
        throwFailure(lendings.get(connection))
        await driver.commitTransaction(connection)
      } catch (error) {
        if (database.inTransaction) database.exec('rollback')
        giveBack(lendings.get(connection))
        throw error
      }
    },
    rollbackTransaction: async (connection) => {
      const lending = lendings.get(connection)
      // SQLite itself ends a transaction on a full disk, on I/O errors and without memory.
      if (lending?.state === 'ended' || !database.inTransaction) return
      forgetFailure(lending)
      try {
        await driver.rollbackTransaction(connection)
      } catch (error) {
        giveBack(lending)
        throw error
      }
    },
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
  // Not allowed inside of a transaction. A checkpoint syncs what ordinary commits leave to the system.
  options.database.pragma(`synchronous = ${options.durable() ? 'full' : 'normal'}`)
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

/**
 * The same connection, whose failures are those of errors.ts. In a transaction that SQLite has ended by itself
 * nothing more is run: it would be written at once, and its commit would have nothing to commit. Nor is anything
 * behind a failure that was passed over, as on servers (server/guarded-dialect.ts).
 */
const guarded = (connection: DatabaseConnection, lending: Lending, options: Options): DatabaseConnection => {
  const { database, path } = options
  const execute = connection.executeQuery.bind(connection)
  return {
    executeQuery: async (query, settings) => {
      if (lending.state === 'ended') throw new Error('a statement after its transaction has ended')
      if (lending.state === 'open' && !database.inTransaction) throw endedItself(path)
      throwFailure(lending)
      try {
        return await execute(query, settings)
      } catch (error) {
        const failure = translateDriverError(error, path, faultOf)
        if (lending.state === 'open') lending.failure ??= failure
        throw failure
      }
    },
    streamQuery: connection.streamQuery.bind(connection),
  }
}

/** It goes with what is rolled back. */
const forgetFailure = (lending: Lending | undefined): void => {
  if (lending) lending.failure = undefined
}

const throwFailure = (lending: Lending | undefined): void => {
  // What the driver threw is an error, translated or as it was.
  if (lending?.failure !== undefined) throw lending.failure as Error
}

const endedItself = (path: string): AppError =>
  new AppError(
    'UNAVAILABLE',
    `the database ${path} took a write back after a failure; check the disk and its free space, then try again`,
  )
