import mssql from 'mssql'
import pg from 'pg'
import { createConnection } from 'mysql2/promise'
import type { ServerConfig } from '../../../src/main/data/dialects/dialect.ts'
import type { ServerAddress } from './server.ts'

/** Databases of their own on a server that all tests share. */

let made = 0

/** Unique among the processes of a run. */
const newName = (): string => `test_${process.pid}_${(made += 1)}_${Date.now().toString(36)}`

/** `template`: the database that it is a copy of, on a server that copies. */
export const createTestDatabase = async (server: ServerAddress, template?: string): Promise<string> => {
  const name = newName()
  // The files are small: copying them is quicker than logging every page of them.
  const copied = template ? ` template ${template} strategy file_copy` : ''
  await administrate(server, `create database ${name}${copied}`)
  return name
}

export const dropTestDatabase = (server: ServerAddress, name: string): Promise<void> =>
  administrate(server, `drop database ${name}${server.type === 'PostgreSQL' ? ' with (force)' : ''}`)

/** Runs a statement as the server's administrator, in `database` or in none of the tests'. */
export const administrate = async (
  { type, host, port, username, password }: ServerAddress,
  statement: string,
  database?: string,
): Promise<void> => {
  if (type === 'PostgreSQL') {
    const client = new pg.Client({ host, port, user: username, password, database: database ?? 'postgres' })
    await client.connect()
    await client.query(statement).finally(() => client.end())
    return
  }
  if (type === 'SqlServer') {
    const pool = new mssql.ConnectionPool({
      ...{ server: host, port, user: username, password, database: database ?? 'master' },
      options: { encrypt: true, trustServerCertificate: true },
    })
    await pool.connect()
    await pool.query(statement).finally(() => pool.close())
    return
  }
  const named = database === undefined ? {} : { database }
  const connection = await createConnection({
    ...{ host, port, user: username, password, multipleStatements: true },
    ...named,
  })
  await connection.query(statement).finally(() => connection.end())
}

export const serverConfig = (
  { type, host, port, username, password }: ServerAddress,
  database: string,
): ServerConfig => ({
  type,
  server: host,
  port,
  database,
  username,
  password,
  ssl: null,
  tls: { ca: null, cert: null, key: null },
  integratedSecurity: false,
  poolSize: 3,
  enableChangeTracking: true,
  timeoutSeconds: 20,
  urgentTimeoutSeconds: 5,
})
