import { Pool } from 'tarn'
import { ISOLATION_LEVEL, TYPES, type ConnectionConfiguration, type ConnectionOptions } from 'tedious'
import { MssqlDialect, type Dialect as KyselyDialect } from 'kysely'
import { USUAL_PORTS } from '../../../shared/domain/database.ts'
import { badField } from '../../../shared/domain/errors.ts'
import type { ServerConfig } from '../dialects/dialect.ts'
import { Session, Statement } from './mssql-session.ts'
import type { PoolOptions } from './pool-options.ts'
import { tlsOf } from './tls.ts'
import { acquireMs } from './turns.ts'

/** A connection that cannot be made says so itself before the pool gives up waiting for it. */
const MARGIN_MS = 2_000
const LOCK_WAIT_MS = 10_000
const IDLE_MS = 60_000

/** Whole ones: the server and the pool take no others. */
const msOf = (seconds: number): number => Math.ceil(seconds * 1000)

/**
 * What each session is set to, whatever the server's own settings are. An error takes the whole transaction back, as
 * on PostgreSQL: one that was given up half way holds no rows that others wait for.
 */
export const sessionSettings = (timeoutSeconds: number): string =>
  [
    `set lock_timeout ${Math.min(LOCK_WAIT_MS, msOf(timeoutSeconds))}`,
    'set xact_abort on',
    'set implicit_transactions off',
    'set transaction isolation level read committed',
  ].join('; ')

/**
 * How tedious connects. It signs in with a login of SQL Server, or by NTLM with the name and password of a Windows
 * account (`DOMAIN\user`). It knows neither Kerberos nor the account of its own process: `integratedSecurity` without
 * a name cannot be had from it, on Windows neither.
 *
 * @throws AppError BAD_REQUEST naming the key that asks for what cannot be done.
 */
export const mssqlOptions = (config: ServerConfig, timeoutSeconds: number): ConnectionConfiguration => {
  const tls = tlsOf(config)
  const { server, ...place } = placeOf(config)
  return {
    server,
    authentication: authenticationOf(config),
    options: {
      ...place,
      database: config.database,
      appName: 'pswebhost-cluster',
      encrypt: tls !== undefined,
      ...(tls && {
        trustServerCertificate: !tls.rejectUnauthorized,
        cryptoCredentialsDetails: secretsOf(tls),
      }),
      useUTC: true,
      connectTimeout: acquireMs({ timeoutSeconds }),
      requestTimeout: msOf(timeoutSeconds),
      cancelTimeout: MARGIN_MS,
      // Who asks tries again, and says meanwhile that the database is away.
      maxRetriesOnTransientErrors: 0,
    },
  }
}

const secretsOf = ({ ca, cert, key }: NonNullable<ReturnType<typeof tlsOf>>) => ({
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
})

/** `server\instance`: the SQL Server Browser of that machine tells the port, unless it is given. */
const placeOf = ({
  server,
  port,
}: ServerConfig): Pick<ConnectionOptions, 'port' | 'instanceName'> & { server: string } => {
  const [host = '', instanceName] = server.split('\\', 2)
  if (instanceName && port === null) return { server: host, instanceName }
  return { server: host, port: port ?? USUAL_PORTS.SqlServer }
}

const authenticationOf = ({
  username,
  password,
  integratedSecurity,
}: ServerConfig): NonNullable<ConnectionConfiguration['authentication']> => {
  const account = { ...(password === null ? {} : { password }) }
  const [domain, user] = username?.split('\\', 2) ?? []
  if (domain !== undefined && user !== undefined)
    return { type: 'ntlm', options: { domain, userName: user, ...account } }
  if (!integratedSecurity)
    return { type: 'default', options: { ...(username === null ? {} : { userName: username }), ...account } }
  throw badField(
    ['database', 'connection', username === null ? 'integratedSecurity' : 'username'],
    'the driver cannot sign in as the account that runs this program; give database.connection.username as ' +
      'DOMAIN\\user with its password, or a login of SQL Server with integratedSecurity: false',
  )
}

/**
 * A pool of sessions, each set up before its first use. Kysely asks a session whether it is alive each time it is
 * lent: a round trip more, and no statement is lost with a connection that a firewall cut.
 */
export const mssqlPool = (config: ServerConfig, { max, timeoutSeconds }: PoolOptions): KyselyDialect => {
  const connection = mssqlOptions(config, timeoutSeconds)
  const settings = sessionSettings(timeoutSeconds)
  const waitMs = acquireMs({ timeoutSeconds }) + MARGIN_MS
  return new MssqlDialect({
    tarn: {
      Pool,
      options: {
        min: 0,
        max,
        acquireTimeoutMillis: waitMs,
        createTimeoutMillis: waitMs,
        idleTimeoutMillis: IDLE_MS,
        propagateCreateError: true,
      },
    },
    tedious: {
      ISOLATION_LEVEL,
      TYPES,
      Request: Statement,
      connectionFactory: () => new Session(connection, settings),
    },
  })
}
