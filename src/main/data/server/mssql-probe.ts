import { faultOf } from '../dialects/mssql-faults.ts'
import type { ServerConfig } from '../dialects/dialect.ts'
import { translateDriverError } from '../errors.ts'
import { mssqlOptions } from './mssql-pool.ts'

/*
 * What the package `mssql` is used for: it asks a server once, on a connection of its own, before there are pools. The
 * program's own connections are those of mssql-pool.ts.
 */

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
