import { checkServerIdentity } from 'node:tls'
import { Pool, TypeOverrides, type PoolClient, type PoolConfig } from 'pg'
import {
  PostgresDialect,
  type Dialect as KyselyDialect,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely'
import { USUAL_PORTS } from '../../../shared/domain/database.ts'
import type { ServerConfig } from '../dialects/dialect.ts'
import { IDLE_IN_TRANSACTION_SECONDS, MARGIN_SECONDS, type PoolOptions } from './pool-options.ts'
import { tlsOf } from './tls.ts'
import { acquireMs } from './turns.ts'

const LOCK_WAIT_MS = 10_000
const IDLE_MS = 60_000
const INT8 = 20

/** Whole numbers of 64 bits as numbers where they are exact, as the other drivers give them. */
const numberOrText = (text: string): number | string =>
  Number.isSafeInteger(Number(text)) ? Number(text) : text

/** How a session of this program is set up. */
export const sessionOf = (
  config: ServerConfig,
  { max, timeoutSeconds, mayStandStill, readOnly }: PoolOptions,
): PoolConfig => {
  const types = new TypeOverrides()
  types.setTypeParser(INT8, numberOrText)
  const tls = tlsOf(config)
  return {
    host: config.server,
    port: config.port ?? USUAL_PORTS.PostgreSQL,
    database: config.database,
    ...(config.username === null ? {} : { user: config.username }),
    ...(config.password === null ? {} : { password: config.password }),
    // pg holds a certificate against "localhost" where the server is given as an IP address.
    ssl: tls
      ? { ...tls, checkServerIdentity: (_, shown) => checkServerIdentity(config.server, shown) }
      : false,
    max,
    types,
    application_name: 'pswebhost-cluster',
    connectionTimeoutMillis: acquireMs({ timeoutSeconds }),
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    statement_timeout: timeoutSeconds * 1000,
    query_timeout: (timeoutSeconds + MARGIN_SECONDS) * 1000,
    lock_timeout: Math.min(LOCK_WAIT_MS, timeoutSeconds * 1000),
    idle_in_transaction_session_timeout: mayStandStill ? 0 : IDLE_IN_TRANSACTION_SECONDS * 1000,
    // What the administrator set for the database must not change what this program's statements mean.
    options: [
      '-c default_transaction_isolation=read\\ committed -c standard_conforming_strings=on',
      ...(readOnly ? ['-c default_transaction_read_only=on'] : []),
    ].join(' '),
  }
}

/** A pool of sessions, each set up the same way by its own start-up message. */
export const postgresPool = (config: ServerConfig, options: PoolOptions): KyselyDialect => {
  const pool = new Pool(sessionOf(config, options))
  // An idle connection that the server ends is no event: the next statement gets another one.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const shared: PostgresPool = {
    connect: async () => clientOf(await pool.connect()),
    end: () => pool.end(),
    options: pool.options,
  }
  return new PostgresDialect({ pool: shared })
}

const clients = new WeakMap<PoolClient, PostgresPoolClient>()

/** Kysely knows a connection by its client: the same one each time. */
const clientOf = (client: PoolClient): PostgresPoolClient => {
  const known = clients.get(client)
  if (known) return known
  const made = wrapped(client)
  clients.set(client, made)
  return made
}

/**
 * Text without NUL characters, which PostgreSQL cannot keep (the last words of a script may hold some); and a
 * connection on which an answer is overdue is not used again: what comes late would be taken for the next one's.
 */
const wrapped = (client: PoolClient): PostgresPoolClient => {
  let broken = false
  const run = async (text: string, parameters?: readonly unknown[]) => {
    try {
      return await client.query(text, (parameters ?? []).map(withoutNul))
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') {
        broken = true
        hangUp(client)
      }
      throw error
    }
  }
  const lent = { ...base(client), query: run, release: () => client.release(broken) }
  // Cursors, the other way to ask, are not used: the text form is all of it.
  return lent as unknown as PostgresPoolClient
}

/**
 * Its rollback would stand behind the statement that hangs, for as long again. A client at work is cut off by its
 * `end`, which the types of one that a pool lends leave out.
 */
const hangUp = (client: PoolClient): void =>
  (client as PoolClient & { end: (done: () => void) => void }).end(() => {})

const withoutNul = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value

/** What Kysely reads of a client besides. */
const base = (client: PoolClient): object => ({ processID: (client as { processID?: number }).processID })
