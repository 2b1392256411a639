import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { messageOf } from '../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import type { OpenDatabase } from './db.ts'
import type { Away, ServerLink } from './dialects/connection.ts'
import type { DatabaseConfig } from './dialects/dialect.ts'
import { dialectOf } from './dialects/index.ts'
import type { Tables } from './entities/index.ts'
import { DatabaseFailure } from './errors.ts'
import { steps } from './migrations/index.ts'

/** A server database whose node started without it. */
export interface LateDatabase {
  /** Fails as a lost database does, until it has arrived. */
  db: OpenDatabase
  /**
   * Tries to open it. Nobody else sees it before `welcome` is done with it.
   * @throws what opening or `welcome` throws; it is closed again then, and `away` says why.
   */
  arrive(welcome: (db: OpenDatabase) => Promise<void>): Promise<void>
}

export interface LateOptions {
  config: DatabaseConfig
  clock: Clock
  /** Opens and checks it, as at any start. */
  open: () => Promise<OpenDatabase>
  /** Why it could not be opened at first. */
  reason: string
}

/** Whether a database that could not be opened may well be there later. */
export const isAway = (error: unknown): boolean => error instanceof DatabaseFailure && error.kind === 'away'

export const createLateDatabase = ({ config, clock, open, reason }: LateOptions): LateDatabase => {
  let arrived: OpenDatabase | null = null
  let isClosed = false
  const away: Away = { since: isoOf(clock.now()), reason }
  const server = lateServer(() => arrived?.server ?? null, away)
  const absent = absentDatabase(config, server.link, away)
  const db = new Proxy(absent, {
    get: (_, key: keyof OpenDatabase) => {
      if (key === 'server') return server.link
      if (key === 'close') return close
      return (arrived ?? absent)[key]
    },
  })
  const close = async (): Promise<void> => {
    isClosed = true
    await arrived?.close()
  }
  return {
    db,
    arrive: async (welcome) => {
      let found: OpenDatabase | null = null
      try {
        found = await open()
        await welcome(found)
        if (isClosed) throw new DatabaseFailure('away', 'this node ends', undefined)
      } catch (error) {
        away.reason = messageOf(error)
        await found?.close()
        throw error
      }
      arrived = found
      server.tellArrived()
    },
  }
}

const failure = ({ reason }: Away): DatabaseFailure => new DatabaseFailure('away', reason, undefined)

/** Every question to it is refused, and none of them gets as far as a statement. */
const absentDatabase = (config: DatabaseConfig, server: ServerLink, away: Away): OpenDatabase => {
  const refuse = (): Promise<never> => Promise.reject(failure(away))
  const query = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => Object.assign(new DummyDriver(), { acquireConnection: refuse }),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  const dialect = dialectOf(config)
  return {
    ...{ dialect, type: dialect.name, where: dialect.whereOf(config), server, file: null },
    ...{ read: query, look: query, write: refuse, now: refuse, snapshot: refuse },
    // As it will be, unless it is an older cluster's: whoever goes by it asks again.
    ...{ schemaVersion: steps.length, trackChanges: config.enableChangeTracking },
    refreshSchema: () => Promise.resolve(),
    started: { applied: [], backup: null, repairedTriggers: [] },
    get orm(): never {
      throw failure(away)
    },
    get urgent(): never {
      throw failure(away)
    },
    close: () => Promise.resolve(),
  }
}

/** One link, which may be held: from the arrival on it is the database's own. */
const lateServer = (
  arrived: () => ServerLink | null,
  away: Away,
): { link: ServerLink; tellArrived: () => void } => {
  const listeners: Parameters<ServerLink['onChange']>[0][] = []
  const signalled: (() => void)[] = []
  const signals = {
    send: () => arrived()?.signals?.send(),
    onSignal: (listener: () => void) => {
      const there = arrived()
      if (there) there.signals?.onSignal(listener)
      else signalled.push(listener)
    },
  }
  const link: ServerLink = {
    away: () => {
      const there = arrived()
      return there ? there.away() : away
    },
    onChange: (listener) => {
      const there = arrived()
      if (there) there.onChange(listener)
      else listeners.push(listener)
    },
    now: () => arrived()?.now() ?? Promise.reject(failure(away)),
    clockOffsetMs: () => arrived()?.clockOffsetMs() ?? 0,
    get signals() {
      const there = arrived()
      return there && !there.signals ? null : signals
    },
    alone: (work) => arrived()?.alone(work) ?? Promise.reject(failure(away)),
  }
  return {
    link,
    tellArrived: () => {
      for (const listener of listeners.splice(0)) {
        arrived()?.onChange(listener)
        listener(null)
      }
      for (const listener of signalled.splice(0)) arrived()?.signals?.onSignal(listener)
    },
  }
}
