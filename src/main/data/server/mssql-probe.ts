import { badField, messageOf } from '../../../shared/domain/errors.ts'
import { faultOf } from '../dialects/mssql-faults.ts'
import type { ServerConfig } from '../dialects/dialect.ts'
import { translateDriverError } from '../errors.ts'
import { mssqlOptions } from './mssql-pool.ts'

/*
 * What the package `mssql` is used for: it reads connection strings as administrators have them, and asks a server
 * once, on a connection of its own. The program's own connections are those of mssql-pool.ts.
 */

/** What a connection string says, under the keys of `database.connection`. */
export type ConnectionFields = Pick<
  ServerConfig,
  'server' | 'port' | 'username' | 'password' | 'ssl' | 'integratedSecurity'
> & {
  database: string | null
}

const SWITCHED_ON = /(?:^|;)\s*(?:integrated security|trusted_connection)\s*=\s*(?:true|yes|sspi)\s*(?:;|$)/i
const QUOTED = /"[^"]*"|'[^']*'/g
/** What the parser takes where the text names none. */
const USUAL_PORT = 1433

/**
 * Reads `Server=tcp:db.example,1433;Database=…;User Id=…;Password=…;Encrypt=true` (ADO.NET).
 *
 * @param field where the text was given, for the message.
 * @throws AppError BAD_REQUEST when it names no server, or cannot be read.
 */
export const fieldsOfConnectionString = async (text: string, field: string[]): Promise<ConnectionFields> => {
  const { default: mssql } = await import('mssql')
  try {
    const { server, port, database, user, password, domain, options } =
      mssql.ConnectionPool.parseConnectionString(text)
    if (!server) throw new Error('it names no server')
    const { instanceName, encrypt, trustServerCertificate } = options
    return {
      server: typeof instanceName === 'string' ? `${server}\\${instanceName}` : server,
      port: port === undefined || port === USUAL_PORT ? null : port,
      database: database ?? null,
      username: user === undefined ? null : domain === undefined ? user : `${domain}\\${user}`,
      password: password ?? null,
      ssl: typeof encrypt === 'boolean' ? sslOf(encrypt, trustServerCertificate === true) : null,
      integratedSecurity: SWITCHED_ON.test(text.replace(QUOTED, '')),
    }
  } catch (error) {
    throw badField(field, `is no connection string of SQL Server (${messageOf(error)})`)
  }
}

const sslOf = (encrypt: boolean, trust: boolean): ServerConfig['ssl'] =>
  encrypt && trust ? 'no-verify' : encrypt

/**
 * Asks the server what it is: its version as it says it.
 *
 * @throws DatabaseFailure naming `where`; AppError BAD_REQUEST for a way to sign in that there is none of.
 */
export const probeMssql = async (config: ServerConfig, where: string): Promise<string> => {
  const { default: mssql } = await import('mssql')
  const { server = '', authentication, options = {} } = mssqlOptions(config, config.timeoutSeconds)
  const pool = new mssql.ConnectionPool({
    server,
    options: { ...options },
    pool: { max: 1, min: 0 },
    ...accountOf(authentication),
  })
  // What fails is thrown by the call that failed.
  pool.on('error', () => {})
  try {
    await pool.connect()
    const { recordset } = await pool.query(
      "select cast(serverproperty('ProductVersion') as nvarchar(128)) as version",
    )
    return recordset[0]?.['version'] ?? ''
  } catch (error) {
    const reason: unknown = error instanceof Error && 'originalError' in error ? error.originalError : error
    throw translateDriverError(reason, where, faultOf)
  } finally {
    await pool.close()
  }
}

const accountOf = (authentication: ReturnType<typeof mssqlOptions>['authentication']) => {
  const { userName, password, domain } = (authentication?.options ?? {}) as Partial<
    Record<'userName' | 'password' | 'domain', string>
  >
  return {
    ...(userName === undefined ? {} : { user: userName }),
    ...(password === undefined ? {} : { password }),
    ...(domain === undefined ? {} : { domain }),
  }
}
