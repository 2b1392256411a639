import { MikroKyselyPlugin } from '@mikro-orm/sql'
import type { Clock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { createWriteContexts, type WriteContexts } from '../platform/write-context.ts'
import type { OpenDatabase, Query, Tx, WriteContext } from './db.ts'
import { dialectOf } from './dialects/index.ts'
import type { Connection, DatabaseConfig, Dialect } from './dialects/dialect.ts'
import type { Tables } from './entities/index.ts'
import { translateDriverError } from './errors.ts'
import { migrate } from './migrate.ts'
import { steps as allSteps } from './migrations/index.ts'
import type { SchemaStep } from './migrations/schema-step.ts'
import { installTriggers } from './triggers.ts'

export interface DatabaseOptions {
  config: DatabaseConfig
  /** Entry file of the reader thread: beside the bundle, or the source in tests. */
  readerEntry: string | URL
  /** better-sqlite3's binary, where it is not found by itself (a packaged program). */
  nativeBinding?: string | undefined
  nodeId: () => string
  clock: Clock
  /** This program's version, held against the database's `MinProgram`. */
  programVersion: string
  /** For tests of migrations only; else every step. */
  steps?: readonly SchemaStep[]
  log?: { warn(message: string): void } | undefined
}

/** Queries say property names; values go through the entities' types both ways. */
const NAMING = { columnNamingStrategy: 'property', convertValues: true } as const

/**
 * Opens the cluster database, brings it to this program's schema and installs the capture triggers.
 *
 * @throws AppError BAD_REQUEST (unknown type), CONFLICT (needs a newer program), UNAVAILABLE (cannot be
 * opened, locked, damaged).
 */
export const createDatabase = async (options: DatabaseOptions): Promise<OpenDatabase> => {
  const { config, clock, steps = allSteps } = options
  const dialect = dialectOf(config)
  const contexts = createWriteContexts()
  const { readerEntry, nativeBinding } = options
  const connection = await dialect.connect({ config, clock, contexts, readerEntry, nativeBinding, steps })
  try {
    const started = await start(options, connection, dialect, steps)
    const { orm, where, file } = connection
    const named = (query: Query) => query.withPlugin(new MikroKyselyPlugin(orm.em.fork(), NAMING))
    return {
      orm,
      where,
      file,
      dialect,
      schemaVersion: started.schemaVersion,
      trackChanges: config.enableChangeTracking,
      started,
      read: named(connection.read),
      look: named(connection.look),
      write: createWrite(options, connection, contexts),
      now: () => dialect.now(connection, clock),
      close: () => connection.close(),
    }
  } catch (error) {
    await connection.close()
    throw translateDriverError(error, connection.where)
  }
}

const start = async (
  { clock, config, programVersion, log }: DatabaseOptions,
  connection: Connection,
  dialect: Dialect,
  steps: readonly SchemaStep[],
) => {
  const em = connection.orm.em.fork()
  const db: Query = em.getKysely<Tables>(NAMING)
  const { schemaVersion, applied, backup } = await migrate({ connection, db, steps, programVersion, clock })
  // Triggers belong to the program of their schema version: an older one leaves them alone.
  if (schemaVersion > steps.length) return { schemaVersion, applied, backup, repairedTriggers: [] }
  const wanted = { dialect, schemaVersion, trackChanges: config.enableChangeTracking }
  const found = await em.transactional((tx) => installTriggers(tx.getKysely<Tables>(), wanted))
  const repairedTriggers = applied.length > 0 ? [] : [...found.missing, ...found.changed, ...found.extra]
  if (repairedTriggers.length > 0) log?.warn(`capture triggers put right: ${repairedTriggers.join(', ')}`)
  return { schemaVersion, applied, backup, repairedTriggers }
}

const createWrite =
  (options: DatabaseOptions, connection: Connection, contexts: WriteContexts) =>
  <T>(context: WriteContext, work: (tx: Tx) => Promise<T>): Promise<T> => {
    // A second transaction would wait for the first, which waits for it.
    if (contexts.current()) throw new Error('write inside a write: pass the transaction on instead')
    const scope = {
      actor: context.actor,
      reason: context.reason ?? null,
      origin: context.origin ?? null,
      nodeId: options.nodeId(),
      transactionId: context.transactionId ?? newId(),
      durable: context.durable === true,
    }
    return contexts.run(scope, async () => {
      try {
        const em = connection.orm.em.fork()
        // Only here is a Kysely made a Tx: it is the open transaction's.
        return await em.transactional((tx) => work(tx.getKysely<Tables>(NAMING) as Tx))
      } catch (error) {
        throw translateDriverError(error, connection.where)
      }
    })
  }
