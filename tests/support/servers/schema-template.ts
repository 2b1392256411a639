import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createConnection, type Connection } from 'mysql2/promise'
import type { DatabaseConfig } from '../../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../../src/main/data/orm.ts'
import { newId } from '../../../src/main/platform/ids.ts'
import { databaseOptions, sqliteConfig } from '../database-options.ts'
import type { SchemaTemplate, ServerAddress } from './server.ts'
import { administrate, createTestDatabase, serverConfig } from './test-database.ts'

/*
 * Most tests want a database that has the schema, and do not care how it got it. Made once and copied, it costs a
 * part of what migrations and triggers cost each time. Tests of those open an empty `place`.
 */

/** Of a server of the tests' own: it goes with the server. */
export const makeTemplate = async (server: ServerAddress): Promise<SchemaTemplate> => {
  const database = await createTestDatabase(server)
  await migrated(serverConfig(server, database))
  return { database, statements: server.type === 'MySQL' ? await statementsOf(server, database) : [] }
}

/** A file, and how to remove it. */
export const makeFileTemplate = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'pswebhost-template-'))
  const path = join(folder, 'template.db')
  await migrated(sqliteConfig(path))
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A database with the schema: a copy of the server's template, migrated where it has none. */
export const createWithSchema = async (server: ServerAddress, createdAt: string): Promise<string> => {
  const { template, type } = server
  if (!template) return createTestDatabase(server)
  const database = await createTestDatabase(server, type === 'PostgreSQL' ? template.database : undefined)
  await administrate(
    server,
    [...template.statements, ...identity(quotes[type], createdAt)].join(';\n'),
    database,
  )
  return database
}

/** Makes a copied file a database of its own. */
export const giveIdentity = (path: string, createdAt: string): void => {
  const database = new Sqlite(path)
  database.exec(identity('"', createdAt).join(';\n'))
  database.close()
}

const quotes = { PostgreSQL: '"', MySQL: '`', SqlServer: '"' } as const

/** No two databases, and no two clusters, are the same one. */
const identity = (quote: string, createdAt: string): string[] => {
  const q = (name: string): string => `${quote}${name}${quote}`
  const facts = { ClusterID: newId(), DatabaseID: newId(), CreatedAt: createdAt }
  return Object.entries(facts).map(
    ([key, value]) =>
      `update ${q('Cluster_Info')} set ${q('InfoValue')} = '${value}' where ${q('InfoKey')} = '${key}'`,
  )
}

const migrated = async (config: DatabaseConfig): Promise<void> => {
  const database = await createDatabase(databaseOptions(config))
  await database.close()
}

const statementsOf = async (
  { host, port, username: user, password }: ServerAddress,
  database: string,
): Promise<string[]> => {
  const connection = await createConnection({ host, port, user, password, database })
  try {
    const tables = await columnOf(connection, 'show tables')
    const triggers = await columnOf(connection, 'show triggers')
    const functions = await columnOf(
      connection,
      'select routine_name from information_schema.routines where routine_schema = database()',
    )
    return [
      'set foreign_key_checks = 0',
      `set session sql_mode = '${await sqlModeOf(connection)}'`,
      ...(await made(connection, 'table', tables, 'Create Table')),
      ...tables.map((table) => `insert into \`${table}\` select * from \`${database}\`.\`${table}\``),
      // After the rows: what is copied is no change.
      ...(await made(connection, 'function', functions, 'Create Function')),
      ...(await made(connection, 'trigger', triggers, 'SQL Original Statement')),
      'set foreign_key_checks = 1',
    ]
  } finally {
    await connection.end()
  }
}

const made = async (connection: Connection, kind: string, names: string[], column: string) => {
  const statements: string[] = []
  for (const name of names) {
    const [rows] = await connection.query(`show create ${kind} \`${name}\``)
    statements.push(String((rows as Record<string, unknown>[])[0]?.[column]))
  }
  return statements
}

/** What triggers were made under is part of them. */
const sqlModeOf = async (connection: Connection): Promise<string> =>
  (
    await columnOf(
      connection,
      'select sql_mode from information_schema.triggers where trigger_schema = database()',
    )
  )[0] ?? ''

/** The first column. */
const columnOf = async (connection: Connection, question: string): Promise<string[]> => {
  const [rows] = await connection.query({ sql: question, rowsAsArray: true })
  return (rows as unknown[][]).map(([first]) => String(first))
}
