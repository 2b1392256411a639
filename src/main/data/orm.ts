import type { MikroORM } from '@mikro-orm/sql'
import type { RawBuilder } from 'kysely'
import { isoOf, type Clock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { createWriteContexts, type WriteContexts, type WriteScope } from '../platform/write-context.ts'
import { createClosing, type Closing } from './closing.ts'
import type { OpenDatabase, Query, Tx, WriteContext } from './db.ts'
import type { Connection } from './dialects/connection.ts'
import type { DatabaseConfig } from './dialects/dialect.ts'
import { dialectOf } from './dialects/index.ts'
import type { Tables } from './entities/index.ts'
import { DatabaseFailure, translateDriverError } from './errors.ts'
import { createKnownSchema, type KnownSchema } from './known-schema.ts'
import { steps as allSteps } from './migrations/index.ts'
import type { SchemaStep } from './migrations/schema-step.ts'
import { namingPlugin } from './naming.ts'
import { prepareSchema } from './prepare-schema.ts'
import { readsOnly } from './reads-only.ts'

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
  /** Brings the schema of a server up to this program's: what `migrate` is for. A file is always migrated. */
  migrate?: boolean
  /** Opens the target of a copy (copy.ts), one that was not finished too; leaves its triggers alone. */
  forCopy?: boolean
  /** For tests of migrations only; else every step. */
  steps?: readonly SchemaStep[]
  log?: { warn(message: string): void } | undefined
}

/**
 * Opens the cluster database and sees to its schema and capture triggers: a file and an empty server database are
 * brought to this program's schema; that of a server in use only when told to (`migrate`).
 *
 * @throws AppError BAD_REQUEST (unknown type), CONFLICT (needs a newer program, or `migrate`), UNAVAILABLE (cannot
 * be opened or reached, locked, damaged, refused).
 */
export const createDatabase = async (options: DatabaseOptions): Promise<OpenDatabase> => {
  const { config, clock, steps = allSteps } = options
  const contexts = createWriteContexts()
  const { readerEntry, nativeBinding } = options
  const asked = dialectOf(config)
  const connection = await asked.connect({
    ...{ config, clock, contexts, readerEntry, nativeBinding, steps },
  })
  try {
    const prepared = await prepareSchema({ ...options, steps, connection })
    const { orm, server, dialect } = connection
    const closing = createClosing(connection.close)
    const named = (query: Query) =>
      query.withPlugin(closing.plugin).withPlugin(readsOnly).withPlugin(namingPlugin(orm.em.fork()))
    const look = named(connection.look)
    const schema = createKnownSchema(look, { found: prepared.schemaVersion, newest: steps.length })
    return {
      ...connection,
      type: dialect.name,
      get schemaVersion() {
        return schema.version
      },
      refreshSchema: schema.refresh,
      trackChanges: config.enableChangeTracking,
      started: prepared,
      read: named(connection.read),
      look,
      write: createWrite(options, connection, { contexts, closing, schema }),
      // A file is on this machine: its clock is ours.
      now: async () => isoOf(server ? await server.now() : clock.now()),
      close: closing.close,
    }
  } catch (error) {
    await connection.close()
    throw translateDriverError(error, connection.where, connection.dialect.faultOf)
  }
}

/** How often a transaction that the server took back is run again, and the longest wait before it. */
const REPLAYS = 6
const REPLAY_MS = 20

interface WriteParts {
  contexts: WriteContexts
  closing: Closing
  schema: KnownSchema
}

const createWrite =
  (options: DatabaseOptions, connection: Connection, { contexts, closing, schema }: WriteParts) =>
  async <T>(context: WriteContext, work: (tx: Tx) => Promise<T>): Promise<T> => {
    // A second transaction would wait for the first, which waits for it.
    if (contexts.current()) throw new Error('write inside a write: pass the transaction on instead')
    closing.refuse()
    const scope = scopeOf(context, options.nodeId())
    const orm = context.urgent ? connection.urgent : connection.orm
    for (let replays = 0; ; replays += 1) {
      try {
        return await contexts.run(scope, () => transact(orm, connection, { scope, schema }, work))
      } catch (error) {
        if (context.once || replays === REPLAYS || !mayReplay(error)) throw error
        // Not all that met at once go on at once.
        await options.clock.sleep(REPLAY_MS * 2 ** replays * (0.5 + Math.random() / 2))
      }
    }
  }

const mayReplay = (error: unknown): boolean => error instanceof DatabaseFailure && error.kind === 'replay'

const scopeOf = (context: WriteContext, nodeId: string): WriteScope => ({
  actor: printable(context.actor),
  reason: printableOrNull(context.reason),
  origin: printableOrNull(context.origin),
  nodeId,
  transactionId: context.transactionId ?? newId(),
  durable: context.durable === true,
  applies: context.applies === true,
})

const printableOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : printable(text)

/** Control characters but line ends and tabs: databases write them differently in JSON, and a digest covers it. */
const printable = (text: string): string => text.replace(/[^\P{Cc}\n\r\t]/gu, ' ')

const transact = async <T>(
  orm: MikroORM,
  { dialect, where }: Connection,
  { scope, schema }: { scope: WriteScope; schema: KnownSchema },
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  try {
    return await orm.em.fork().transactional(async (em) => {
      // Only here is a Kysely made a Tx: it is the open transaction's.
      const query = em.getKysely<Tables>().withPlugin(namingPlugin(em))
      const tx = Object.assign(query, { schemaVersion: schema.version }) as unknown as Tx
      await run(dialect.beginWrite(scope), tx)
      try {
        return await work(tx)
      } finally {
        // After a failure the connection may not take it: the next write sets everything anew anyway.
        await run(dialect.endWrite(), tx).catch(() => undefined)
      }
    })
  } catch (error) {
    throw translateDriverError(error, where, dialect.faultOf)
  }
}

const run = async (statement: RawBuilder<unknown> | null, tx: Tx): Promise<void> => {
  await statement?.execute(tx)
}
