import { connect, isIP, type Socket } from 'node:net'
import { createConnection, createPool, type PoolOptions as MysqlPoolOptions } from 'mysql2'
import { MysqlDialect, type Dialect as KyselyDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { USUAL_PORTS } from '../../../shared/domain/database.ts'
import { faultOf } from '../dialects/mysql-faults.ts'
import type { Flavour } from '../dialects/mysql-flavour.ts'
import type { ServerConfig } from '../dialects/dialect.ts'
import { translateDriverError } from '../errors.ts'
import { measuredConnection } from './mysql-packets.ts'
import { IDLE_IN_TRANSACTION_SECONDS, MARGIN_SECONDS, type PoolOptions } from './pool-options.ts'
import { tlsOf, type TlsOptions } from './tls.ts'
import { acquireMs } from './turns.ts'

/** Sooner than MySQL ends idle sessions (IDLE_LIMIT): nobody is lent one that is just being ended. */
const IDLE_MS = (IDLE_IN_TRANSACTION_SECONDS * 1000) / 2
const LOCK_WAIT_SECONDS = 10

/**
 * What each session is set to, whatever the server's own settings are: names in double quotes, `||` joins texts,
 * values that do not fit are errors, and a statement sees what was committed before it began. Without
 * NO_BACKSLASH_ESCAPES: the driver escapes with backslashes (experiment e7/inj).
 */
const SQL_MODE =
  'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

/** MySQL knows no limit for transactions alone: there idle sessions end too, and are made anew. */
const IDLE_LIMIT = { MariaDB: 'idle_transaction_timeout', MySQL: 'wait_timeout' } as const satisfies Record<
  Flavour,
  string
>

const settingsOf = ({ timeoutSeconds, readOnly, mayStandStill }: PoolOptions, flavour: Flavour): string[] => [
  `set session sql_mode = '${SQL_MODE}', time_zone = '+00:00', ` +
    `innodb_lock_wait_timeout = ${Math.min(LOCK_WAIT_SECONDS, Math.ceil(timeoutSeconds))}, ` +
    (flavour === 'MariaDB'
      ? `max_statement_time = ${timeoutSeconds}`
      : `max_execution_time = ${Math.ceil(timeoutSeconds * 1000)}`),
  ...(mayStandStill ? [] : [`set session ${IDLE_LIMIT[flavour]} = ${IDLE_IN_TRANSACTION_SECONDS}`]),
  `set session transaction isolation level read committed${readOnly ? ', read only' : ''}`,
]

export const mysqlOptions = (
  config: ServerConfig,
  { max, timeoutSeconds }: PoolOptions,
): MysqlPoolOptions => {
  const tls = tlsOf(config)
  return {
    ...(config.server.startsWith('/')
      ? { socketPath: config.server }
      : { host: config.server, port: config.port ?? USUAL_PORTS.MySQL }),
    database: config.database,
    ...(config.username === null ? {} : { user: config.username }),
    ...(config.password === null ? {} : { password: config.password }),
    ...(tls ? tlsOptions(config, tls) : {}),
    charset: 'utf8mb4',
    // Only where fewer may lie idle than there may be does mysql2 end what lies idle for too long: so the limit is one
    // more than there ever are. How many there are is seen to by whoever lends them (turns.ts).
    connectionLimit: max + 1,
    maxIdle: max,
    idleTimeout: IDLE_MS,
    connectTimeout: acquireMs({ timeoutSeconds }),
    enableKeepAlive: true,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  }
}

/** Without `verifyIdentity` any certificate of the signer would do, whatever server it is for. */
const tlsOptions = (config: ServerConfig, tls: TlsOptions): MysqlPoolOptions => ({
  ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized },
  ...(isIP(config.server) ? { stream: () => socketTo(config) } : {}),
})

/**
 * mysql2 has a certificate checked against the name that the socket looked up, which of an IP address is none, and
 * Node then takes "localhost". So the socket is told. Should Node ever keep that elsewhere, the check fails.
 */
const socketTo = ({ server, port }: ServerConfig): Socket => {
  const socket = connect({ host: server, port: port ?? USUAL_PORTS.MySQL, keepAlive: true })
  return Object.assign(socket, { _host: server })
}

/** A pool of sessions, each set up before its first use. */
export const mysqlPool = (config: ServerConfig, options: PoolOptions, flavour: Flavour): KyselyDialect => {
  const pool = createPool(mysqlOptions(config, options))
  // Whoever asks it something hears of it.
  pool.on('connection', (connection) => void connection.on('error', () => {}))
  return new MysqlDialect({
    pool: preparedPool(pool, settingsOf(options, flavour), (options.timeoutSeconds + MARGIN_SECONDS) * 1000),
  })
}

/**
 * Asks one question on a connection of its own: what kind of server this is, before pools are made for it.
 * @throws DatabaseFailure naming `where`.
 */
export const askOnce = (config: ServerConfig, question: string, where: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const {
      connectionLimit: _,
      maxIdle: __,
      idleTimeout: ___,
      ...options
    } = mysqlOptions(config, {
      max: 1,
      timeoutSeconds: config.timeoutSeconds,
    })
    const connection = createConnection(options)
    const fail = (error: unknown): void => {
      connection.destroy()
      // What a driver throws is an error, translated or as it is.
      reject(failureAsError(translateDriverError(error, where, faultOf)))
    }
    connection.on('error', fail)
    connection.query({ sql: question, timeout: config.timeoutSeconds * 1000 }, (error, rows) => {
      if (error) return fail(error)
      connection.end()
      resolve((rows as { answer?: string }[])[0]?.answer ?? '')
    })
  })

/**
 * Lends sessions that are set up and whose statements have `timeout` milliseconds each: mysql2 takes that with each
 * statement only.
 */
const preparedPool = (pool: MysqlPool, settings: readonly string[], timeout: number): MysqlPool => {
  const sessions = new WeakMap<MysqlPoolConnection, MysqlPoolConnection>()
  const prepared = async (connection: MysqlPoolConnection): Promise<MysqlPoolConnection> => {
    const known = sessions.get(connection)
    if (known) return known
    const session = measuredConnection(timedConnection(connection, timeout))
    try {
      for (const setting of settings) await answered(session, setting)
    } catch (error) {
      // Half set up it would mean something else by the same statement.
      destroy(connection)
      throw error
    }
    sessions.set(connection, session)
    return session
  }
  return {
    getConnection: (callback) =>
      pool.getConnection((error, connection) => {
        if (error) return callback(error, connection)
        prepared(connection).then(
          (session) => callback(null, session),
          (failure: unknown) => callback(failure, connection),
        )
      }),
    end: (callback) => pool.end(callback),
  }
}

const answered = (connection: MysqlPoolConnection, statement: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.query(statement, [], (error) => (error ? reject(failureAsError(error)) : resolve()))
  })

interface Killable {
  destroy: () => void
  query: (options: object, callback: (error: unknown, result: unknown) => void) => unknown
}

const destroy = (connection: MysqlPoolConnection): void => (connection as unknown as Killable).destroy()

/** After an answer that did not come the connection is not used again: a late one would be taken for the next. */
const timedConnection = (connection: MysqlPoolConnection, timeout: number): MysqlPoolConnection => {
  const { query } = connection as unknown as Killable
  return {
    ...(connection as object),
    release: () => connection.release(),
    query: (text: string, values: readonly unknown[], callback: (error: unknown, result: unknown) => void) =>
      query.call(connection, { sql: text, values, timeout }, (error, result) => {
        if (isOverdue(error)) destroy(connection)
        callback(error, result)
      }),
  } as MysqlPoolConnection
}

const isOverdue = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT'

const failureAsError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
