import { EntityCaseNamingStrategy, type Constructor } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM, type AbstractSqlDriver } from '@mikro-orm/sql'
import { Kysely, sql, type Dialect as KyselyDialect, type RawBuilder } from 'kysely'
import { AppError } from '../../../shared/domain/errors.ts'
import type { Connection, Signals } from '../dialects/connection.ts'
import type { ConnectOptions, Dialect, ServerConfig } from '../dialects/dialect.ts'
import { entities, type Tables } from '../entities/index.ts'
import { translateDriverError } from '../errors.ts'
import { migrationsFor } from '../migrations/index.ts'
import type { SchemaStep } from '../migrations/schema-step.ts'
import { askWhileAway, type AskWhileAway } from './ask-while-away.ts'
import { isRefusal, watchAvailability, type Availability } from './away.ts'
import { guardedDialect, type Guard, type Guarding } from './guarded-dialect.ts'
import { migrationLock, type LockStatements } from './migration-lock.ts'
import type { PoolOptions } from './pool-options.ts'
import { createServerClock } from './server-clock.ts'
import { readSnapshot, SNAPSHOT_SECONDS, type Snapshots } from './snapshot.ts'
import { createTurns } from './turns.ts'

/** What one kind of server adds to the common way of opening one. */
export interface ServerKind extends Snapshots {
  dialect: Dialect<ServerConfig>
  driver: Constructor<AbstractSqlDriver>
  /** Kysely's dialect over a pool of the server's own driver, its sessions set up. */
  pool: (options: PoolOptions) => KyselyDialect
  /** The server's clock: ISO-8601 UTC, milliseconds, `Z`. */
  time: RawBuilder<string>
  migrationLock: LockStatements
  /** Null: programs on it cannot wake each other. */
  signals: (Signals & { close(): Promise<void> }) | null
}

/**
 * Opens three pools: one that writes and looks, one that reads lists (slow ones hold up nothing else), one
 * connection that only renews leases. Where programs can wake each other, a node that listens has one more.
 *
 * @throws DatabaseFailure when the server cannot be reached or refuses the account.
 */
export const openServer = async (
  { config, clock, steps }: ConnectOptions<ServerConfig>,
  kind: ServerKind,
): Promise<Connection> => {
  const { dialect } = kind
  const where = dialect.whereOf(config)
  const availability = watchAvailability(clock)
  const { timeoutSeconds } = config
  const pools = createPools(kind, { where, guard: createGuard(availability, where, dialect) })
  const asking = askWhileAway(availability, () => ask(pools.insistent({ max: 1, timeoutSeconds })))
  const patient = (options: PoolOptions): Kysely<Tables> => pools.patient(options, asking)
  const ormOf = (kysely: Kysely<Tables>): MikroORM =>
    createOrm(kind, { kysely, dbName: config.database, steps })
  const { work, lists } = shares(config.poolSize)
  const orm = ormOf(patient({ max: work, timeoutSeconds }))
  // Who renews a lease asks in any case: it has a connection and shorter waits of its own.
  const urgent = ormOf(pools.insistent({ max: 1, timeoutSeconds: config.urgentTimeoutSeconds }))
  const read = patient({ max: lists, timeoutSeconds, readOnly: true })
  const close = async (): Promise<void> => {
    pools.close()
    const ends = [orm.close(true), urgent.close(true), read.destroy(), kind.signals?.close()]
    await Promise.all([asking.close(), ...ends])
  }
  const look: Kysely<Tables> = orm.em.fork().getKysely<Tables>()
  try {
    // One at first: accounts are locked after some wrong passwords.
    await askTime(kind, [look])()
    const serverClock = await createServerClock(
      askTime(kind, [urgent.em.fork().getKysely<Tables>(), look, read]),
      clock,
    )
    const alone = migrationLock(kind.migrationLock, (options) => ormOf(pools.insistent(options)), clock)
    const { away, onChange } = availability
    const { now, offsetMs } = serverClock
    const { signals } = kind
    const server = { away, onChange, now, clockOffsetMs: offsetMs, signals, alone }
    const snapshotSeconds = Math.max(SNAPSHOT_SECONDS, timeoutSeconds)
    const snapshot: Connection['snapshot'] = (work) =>
      readSnapshot(
        pools.insistent({ max: 1, timeoutSeconds: snapshotSeconds, mayStandStill: true }),
        kind,
        work,
      )
    return { dialect, orm, urgent, read, look, snapshot, file: null, server, where, close }
  } catch (error) {
    await close()
    throw error
  }
}

const ask = async (db: Kysely<Tables>): Promise<void> => {
  try {
    await sql`select 1`.execute(db)
  } finally {
    await db.destroy()
  }
}

/** Pools of connections to one server, until they are closed. */
const createPools = (
  { dialect, pool }: ServerKind,
  { where, guard }: Pick<Guarding, 'guard'> & { where: string },
) => {
  let closed = false
  const refuseClosed = (): void => {
    if (closed) throw new AppError('UNAVAILABLE', 'the database is closed')
  }
  const kyselyOf = (options: PoolOptions, { turns, refuse }: Omit<Guarding, 'guard'>): Kysely<Tables> =>
    new Kysely<Tables>({
      dialect: guardedDialect(pool(options), { guard, turns, refuse }),
      plugins: [...dialect.plugins],
    })
  return {
    close: () => void (closed = true),
    /** Asks the server whatever is known of it. */
    insistent: (options: PoolOptions) =>
      kyselyOf(options, { turns: createTurns(options, where), refuse: refuseClosed }),
    /** Does not ask a server that is known to be away. */
    patient: (options: PoolOptions, asking: AskWhileAway) => {
      const turns = createTurns(options, where)
      asking.watch(turns)
      const refuse = (): void => {
        refuseClosed()
        asking.refuse()
      }
      return kyselyOf(options, { turns, refuse })
    },
  }
}

/**
 * The server's time, by whichever pool answers first: whoever asks may hold the last connection of its own.
 * @throws what the first of them failed with, when all did.
 */
const askTime =
  ({ time }: Pick<ServerKind, 'time'>, pools: readonly Kysely<Tables>[]) =>
  async (): Promise<number> => {
    const asked = pools.map(async (db) => {
      const { rows } = await sql<{ at: string }>`select ${time} as at`.execute(db)
      return Date.parse(rows[0]?.at ?? '')
    })
    try {
      return await Promise.any(asked)
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error
    }
  }

/** Translates what a driver throws, and notes whether the server answered. */
const createGuard = (availability: Availability, where: string, dialect: Dialect<ServerConfig>): Guard => {
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      const failure = translateDriverError(error, where, dialect.faultOf)
      availability.noteFailure(failure)
      throw failure
    }
  }
  return {
    unheard: translated,
    statement: async (work) => {
      try {
        const result = await translated(work)
        availability.noteAnswer()
        return result
      } catch (failure) {
        if (isRefusal(failure)) availability.noteAnswer()
        throw failure
      }
    },
  }
}

interface OrmOptions {
  kysely: Kysely<Tables>
  dbName: string
  steps: readonly SchemaStep[]
}

const createOrm = ({ driver, dialect }: ServerKind, { kysely, dbName, steps }: OrmOptions): MikroORM =>
  new MikroORM({
    driver,
    dbName,
    entities,
    namingStrategy: EntityCaseNamingStrategy,
    driverOptions: kysely,
    ensureDatabase: false,
    // The ORM would report on stdout, which belongs to the ready line; what fails is thrown.
    logger: () => {},
    extensions: [Migrator],
    migrations: {
      migrationsList: migrationsFor(dialect, steps),
      snapshot: false,
      allOrNothing: dialect.existingNames === null,
    },
    // Capture triggers are ours to compare and install; the schema generator would drop them.
    schemaGenerator: { ignoreTriggers: true },
  })

/** Of the connections a node may have: most write, at least one reads lists. */
const shares = (poolSize: number): { work: number; lists: number } => {
  const lists = Math.max(1, Math.floor(poolSize / 3))
  return { lists, work: Math.max(1, poolSize - lists) }
}
