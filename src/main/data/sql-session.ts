import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import { AppError } from '../../shared/domain/errors.ts'
import type { OpenDatabase, Query, Tx, WriteContext } from './db.ts'

/** An open transaction, to be handed back. */
export interface SqlTransaction {
  readonly id: symbol
}

type Ending = 'commit' | 'rollback'

interface OpenTransaction {
  tx: Tx
  /** Runs work in the asynchronous flow of the transaction: the triggers find its context there. */
  inside: <T>(work: () => Promise<T>) => Promise<T>
  end: (how: Ending) => Promise<void>
}

/** Connection and transactions of a `SqlDatabase`. */
export interface SqlSession {
  connect: () => Promise<void>
  disconnect: () => Promise<void>
  test: () => Promise<boolean>
  begin: () => Promise<SqlTransaction>
  end: (transaction: SqlTransaction, how: Ending) => Promise<void>
  reading: <T>(work: (db: Query) => Promise<T>, transaction?: SqlTransaction) => Promise<T>
  writing: <T>(work: (tx: Tx, db: OpenDatabase) => Promise<T>, transaction?: SqlTransaction) => Promise<T>
}

export const createSqlSession = (deps: {
  open: () => Promise<OpenDatabase>
  context: WriteContext
}): SqlSession => {
  let database: OpenDatabase | undefined
  const transactions = new Map<symbol, OpenTransaction>()

  const connected = (): OpenDatabase => {
    if (database) return database
    throw new AppError('UNAVAILABLE', 'not connected: call connect first')
  }
  const opened = (transaction: SqlTransaction): OpenTransaction => openOf(transactions, transaction)
  const end: SqlSession['end'] = async (transaction, how) => {
    const known = opened(transaction)
    transactions.delete(transaction.id)
    await known.end(how)
  }
  return {
    connect: async () => {
      database ??= await deps.open()
    },
    disconnect: async () => {
      for (const id of transactions.keys()) await end({ id }, 'rollback')
      await database?.close()
      database = undefined
    },
    test: () => answers(database, deps.open),
    begin: async () => {
      refuseBeside(transactions.size)
      const id = Symbol('transaction')
      transactions.set(id, await begin(connected(), deps.context))
      return { id }
    },
    end,
    reading: async (work, transaction) => {
      if (!transaction) return work(connected().read)
      const { tx, inside } = opened(transaction)
      return inside(() => work(tx))
    },
    writing: async (work, transaction) => {
      const db = connected()
      if (!transaction) {
        refuseBeside(transactions.size)
        return db.write(deps.context, (tx) => work(tx, db))
      }
      const { tx, inside } = opened(transaction)
      return inside(() => work(tx, db))
    },
  }
}

const openOf = (transactions: Map<symbol, OpenTransaction>, { id }: SqlTransaction): OpenTransaction => {
  const known = transactions.get(id)
  if (known) return known
  throw new AppError('CONFLICT', 'this transaction was committed or rolled back already')
}

/** There is one write lock: a second writer would wait for ever for a transaction its caller still holds. */
const refuseBeside = (openTransactions: number): void => {
  if (openTransactions === 0) return
  throw new AppError('CONFLICT', 'a transaction is open: pass it on, or commit it first')
}

/** Opens a write that ends when it is told to: `Database.write` turned inside out. */
const begin = (db: OpenDatabase, context: WriteContext): Promise<OpenTransaction> =>
  new Promise((resolve, reject) => {
    let finish: (how: Ending) => void = () => {}
    const ending = new Promise<Ending>((told) => (finish = told))
    const done = db.write({ ...context, once: true }, async (tx) => {
      const end: OpenTransaction['end'] = async (how) => {
        finish(how)
        await done.catch(ignoreRollback)
      }
      resolve({ tx, inside: AsyncLocalStorage.snapshot(), end })
      if ((await ending) === 'rollback') throw new RolledBack()
    })
    done.catch(reject)
  })

/** Leaves `write` the way it rolls back. */
class RolledBack extends Error {}

const ignoreRollback = (error: unknown): void => {
  if (!(error instanceof RolledBack)) throw error
}

/** Whether the database answers; opened for the question when it is not open. */
const answers = async (
  database: OpenDatabase | undefined,
  open: () => Promise<OpenDatabase>,
): Promise<boolean> => {
  try {
    const db = database ?? (await open())
    try {
      await sql`select 1`.execute(db.read)
      return true
    } finally {
      if (!database) await db.close()
    }
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
