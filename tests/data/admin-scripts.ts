import { readFile } from 'node:fs/promises'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import type { ServerAddress } from '../support/servers/server.ts'
import { administrate, serverConfig } from '../support/servers/test-database.ts'
import { scriptClient, type ScriptCall } from './admin-clients.ts'

/*
 * The scripts of resources/sql, run as an administrator runs them: by the server's own client, or where that is not
 * installed by the drivers. Then their variables are exchanged, and what they say to the client is obeyed.
 */

const SCRIPTS = new URL('../../resources/sql/', import.meta.url)
const FOLDERS = { PostgreSQL: 'postgres', MySQL: 'mysql', SqlServer: 'mssql' } as const

type Script = '1-accounts.sql' | '2-rights.sql'

/** A database of its own with two accounts. */
export interface Accounts {
  database: string
  migrate: ServerConfig
  node: ServerConfig
  /** What the migration account, or an administrator, runs after each migration. */
  grant: () => Promise<void>
  /** One statement as the server's administrator. */
  administrate: (statement: string) => Promise<void>
  remove: () => Promise<void>
}

let made = 0

export const makeAccounts = async (server: ServerAddress): Promise<Accounts> => {
  const name = `roles_${process.pid}_${(made += 1)}`
  const [migrate, node] = [`${name}_migrate`, `${name}_node`]
  const password = "a 'quoted' \\ password"
  const variables = {
    ...{ database: name, migrate_role: migrate, node_role: node, migrate_user: migrate, node_user: node },
    ...{ migrate_password: password, node_password: password },
  }
  const as = (username: string): ServerConfig => ({ ...serverConfig(server, name), username, password })
  // Names in double quotes, as everywhere.
  const withQuotes = server.type === 'MySQL' ? `set session sql_mode = 'ANSI_QUOTES'; ` : ''
  await makeBoth(server, variables, password)
  // The owner of the tables, where there is such a thing: whom docs/databases.md has run it.
  const owner = server.type === 'PostgreSQL' ? { ...server, username: migrate, password } : server
  return {
    database: name,
    migrate: as(migrate),
    node: as(node),
    grant: () => run(owner, '2-rights.sql', variables, { database: name }),
    administrate: (statement) => administrate(server, `${withQuotes}${statement}`, name),
    remove: async () => {
      await administrate(
        server,
        `drop database ${name}${server.type === 'PostgreSQL' ? ' with (force)' : ''}`,
      )
      const kind = server.type === 'PostgreSQL' ? 'role' : 'user'
      for (const account of [migrate, node]) await administrate(server, `drop ${kind} ${account}`)
    },
  }
}

type Variables = Record<string, string>

const makeBoth = async (server: ServerAddress, variables: Variables, password: string): Promise<void> => {
  await run(server, '1-accounts.sql', variables, { answers: [password, password] })
  if (server.type !== 'PostgreSQL' || scriptClient(server)) return
  // What psql asks for.
  for (const role of [variables['migrate_role'], variables['node_role']])
    await administrate(server, `alter role ${role} password ${pg.escapeLiteral(password)}`)
}

/** `answers` and `database` are for the client; drivers know what to do. */
const run = async (
  server: ServerAddress,
  script: Script,
  variables: Variables,
  call: Pick<ScriptCall, 'answers' | 'database'>,
): Promise<void> => {
  const text = await readFile(new URL(`${FOLDERS[server.type]}/${script}`, SCRIPTS), 'utf8')
  const client = scriptClient(server)
  if (client) await client({ text, variables, ...call })
  else if (server.type === 'PostgreSQL') await runInPsql(server, text, variables)
  else await runInMysql(server, text, variables)
}

const withoutComments = (text: string): string => text.replaceAll(/^\s*--.*$/gm, '')

/** A script that makes the database begins in another one, and connects to it half way. */
const runInPsql = async (server: ServerAddress, text: string, variables: Variables): Promise<void> => {
  const [first = '', ...others] = withoutComments(text).split(/^\\connect .*$/m)
  const makesDatabase = others.length > 0
  for (const [index, part] of [first, ...others].entries()) {
    const database = makesDatabase && index === 0 ? 'postgres' : (variables['database'] ?? '')
    const { host, port, username: user, password } = server
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    try {
      for (const statement of statementsOf(part, variables)) await client.query(statement)
    } finally {
      await client.end()
    }
  }
}

const statementsOf = (text: string, variables: Variables): string[] =>
  text
    .replaceAll(/^\\.*$/gm, '')
    .replaceAll(/:"(\w+)"/g, (_, name: string) => pg.escapeIdentifier(known(variables, name)))
    .split(/;\s*$/m)
    .filter((statement) => statement.trim() !== '')

const known = (variables: Variables, name: string): string => {
  const value = variables[name]
  if (value === undefined) throw new Error(`the script uses a variable ${name} that it does not set`)
  return value
}

const runInMysql = async (
  { host, port, username: user, password }: ServerAddress,
  text: string,
  variables: Variables,
): Promise<void> => {
  const connection = await createConnection({ host, port, user, password, multipleStatements: true })
  const exchanged = text.replaceAll(/^set @(\w+) = '[^']*';$/gm, (line, name: string) =>
    variables[name] === undefined ? line : `set @${name} = ${connection.escape(variables[name])};`,
  )
  await connection.query(exchanged).finally(() => connection.end())
}
