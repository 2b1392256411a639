import type {
  DatabaseConnection,
  Dialect as KyselyDialect,
  Driver,
  QueryCompiler,
  TransactionSettings,
} from 'kysely'
import type { Turns } from './turns.ts'

/** Does what it is given, with its failures translated and noted. */
export interface Guard {
  /** What may be done without a word from the server: that it went well says nothing of it. */
  unheard: <T>(work: () => Promise<T>) => Promise<T>
  /** What the server must answer, and has: noted too, be it with a refusal. */
  statement: <T>(work: () => Promise<T>) => Promise<T>
}

/** What stands between a pool and who uses it. */
export interface Guarding {
  guard: Guard
  turns: Turns
  /** @throws AppError once the database is closed, or while nobody need be asked. */
  refuse: () => void
}

/**
 * A server's dialect whose failures are those of errors.ts, and whose connections always find back to their pool:
 * Kysely returns one only after a begin, commit or rollback that succeeded.
 */
export const guardedDialect = (dialect: KyselyDialect, guarding: Guarding): KyselyDialect => ({
  createAdapter: () => dialect.createAdapter(),
  createQueryCompiler: () => dialect.createQueryCompiler(),
  createIntrospector: (db) => dialect.createIntrospector(db),
  createDriver: () => guardedDriver(dialect.createDriver(), guarding),
})

/** A connection as it is lent, and the driver's own behind it. */
interface Lent {
  inner: DatabaseConnection
  /** Given back already; sooner than Kysely does it where a transaction could not be begun or ended. */
  ended: boolean
  inTransaction: boolean
  /** Of the transaction: what its first statement that failed failed with. */
  failure: unknown
}

const guardedDriver = (driver: Driver, { guard, turns, refuse }: Guarding): Driver => {
  const lent = new WeakMap<DatabaseConnection, Lent>()
  const connecting = new Set<Promise<unknown>>()
  const lentOf = (connection: DatabaseConnection): Lent => {
    const known = lent.get(connection)
    if (!known) throw new Error('a connection of another driver')
    return known
  }
  const giveBack = async (one: Lent): Promise<void> => {
    if (one.ended) return
    one.ended = true
    try {
      await driver.releaseConnection(one.inner)
    } finally {
      turns.give()
    }
  }
  return {
    init: (options) => driver.init(options),
    acquireConnection: async (options) => {
      // Kysely's own refusal comes too early for what is on its way here, and not at all without a first use.
      refuse()
      const acquiring = inTurn(turns, () => guard.unheard(() => driver.acquireConnection(options)))
      const settled = acquiring.catch(() => undefined).finally(() => connecting.delete(settled))
      connecting.add(settled)
      const one: Lent = {
        inner: await acquiring,
        ended: false,
        inTransaction: false,
        failure: undefined,
      }
      const outer = guardedConnection(one, guard)
      lent.set(outer, one)
      return outer
    },
    releaseConnection: (connection) => giveBack(lentOf(connection)),
    ...transactions(driver, guard, lentOf, giveBack),
    ...savepoints(driver, guard, lentOf),
    destroy: async (options) => {
      // Kysely loses a connection that is made while its pool ends, and the pool would wait for it for ever.
      await Promise.all(connecting)
      await driver.destroy(options)
    },
  }
}

/** The turn ends with what is acquired, or at once if that is nothing. */
const inTurn = async <T>(turns: Turns, acquire: () => Promise<T>): Promise<T> => {
  await turns.take()
  try {
    return await acquire()
  } catch (error) {
    turns.give()
    throw error
  }
}

/**
 * Given back, it may be at work for somebody else: a statement that comes late must not get into their transaction.
 * Nor is one run behind a failure that was passed over: some servers have ended the transaction by then, and would
 * write it at once.
 */
const guardedConnection = (one: Lent, guard: Guard): DatabaseConnection => {
  const lentOut = (): DatabaseConnection => {
    if (one.ended) throw new Error('a statement after its transaction has ended')
    throwFailure(one)
    return one.inner
  }
  return {
    executeQuery: async (query, options) => {
      const inner = lentOut()
      try {
        return await guard.statement(() => inner.executeQuery(query, options))
      } catch (error) {
        if (one.inTransaction) one.failure ??= error
        throw error
      }
    },
    streamQuery: (query, chunkSize, options) => lentOut().streamQuery(query, chunkSize, options),
  }
}

const throwFailure = ({ failure }: Lent): void => {
  // What a driver threw is an error, translated or as it was.
  if (failure !== undefined) throw failure as Error
}

const transactions = (
  driver: Driver,
  guard: Guard,
  lentOf: (connection: DatabaseConnection) => Lent,
  giveBack: (lent: Lent) => Promise<void>,
): Pick<Driver, 'beginTransaction' | 'commitTransaction' | 'rollbackTransaction'> => ({
  beginTransaction: async (connection, settings: TransactionSettings) => {
    const one = lentOf(connection)
    try {
      await guard.statement(() => driver.beginTransaction(one.inner, settings))
      one.inTransaction = true
    } catch (error) {
      await giveBack(one)
      throw error
    }
  },
  commitTransaction: async (connection) => {
    const one = lentOf(connection)
    try {
      throwFailure(one)
      await guard.statement(() => driver.commitTransaction(one.inner))
    } catch (error) {
      // Nobody knows whether it was written; the connection at least is to be clean again.
      await driver.rollbackTransaction(one.inner).catch(() => undefined)
      await giveBack(one)
      throw error
    }
  },
  rollbackTransaction: async (connection) => {
    const one = lentOf(connection)
    if (one.ended) return
    try {
      // A connection that is lost, or taken back by the server already, is rolled back without asking it.
      await guard.unheard(() => driver.rollbackTransaction(one.inner))
    } catch (error) {
      await giveBack(one)
      throw error
    }
  },
})

const savepoints = (
  driver: Driver,
  guard: Guard,
  lentOf: (connection: DatabaseConnection) => Lent,
): Pick<Driver, 'savepoint' | 'rollbackToSavepoint' | 'releaseSavepoint'> => {
  const through =
    (name: 'savepoint' | 'rollbackToSavepoint' | 'releaseSavepoint') =>
    (connection: DatabaseConnection, savepoint: string, compile: QueryCompiler['compileQuery']) => {
      const run = driver[name]?.bind(driver)
      if (!run) throw new Error('this driver has no savepoints')
      const one = lentOf(connection)
      // The failure goes with what is rolled back.
      if (name === 'rollbackToSavepoint') one.failure = undefined
      return guard.statement(() => run(one.inner, savepoint, compile))
    }
  return {
    savepoint: through('savepoint'),
    rollbackToSavepoint: through('rollbackToSavepoint'),
    releaseSavepoint: through('releaseSavepoint'),
  }
}
