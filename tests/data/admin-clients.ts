import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escape } from 'mysql2'
import { findMariadbClient, findPsql } from '../../scripts/setup/database-programs.mjs'
import { runProgram } from '../support/servers/run-program.ts'
import type { ServerAddress } from '../support/servers/server.ts'

/* The scripts of resources/sql by the servers' own clients, with the command lines of docs/databases.md. */

export interface ScriptCall {
  text: string
  /** Exchanged for those that the script sets: an administrator edits his copy. */
  variables: Readonly<Record<string, string>>
  /** The database to connect to; the server's own one when left out. */
  database?: string
  /** What the script asks for, in that order. */
  answers?: readonly string[]
}

export type ScriptClient = (call: ScriptCall) => Promise<string>

/** Undefined where the server's client is not installed. */
export const scriptClient = (server: ServerAddress): ScriptClient | undefined => {
  switch (server.name) {
    case 'PostgreSQL':
      return psql(server)
    case 'MariaDB':
      return mariadb(server)
    // MySQL's own client is not looked for, MariaDB's cannot log in everywhere.
    case 'MySQL':
    case 'SQL Server':
      return undefined
  }
}

const psql = ({ host, port, username, password }: ServerAddress): ScriptClient | undefined => {
  const command = findPsql()
  if (command === undefined) return undefined
  return ({ text, variables, database = 'postgres', answers = [] }) => {
    const edited = text.replaceAll(/^\\set (\w+) .*$/gm, (line, name: string) =>
      variables[name] === undefined ? line : `\\set ${name} '${variables[name].replaceAll("'", "''")}'`,
    )
    const server = ['-h', host, '-p', String(port), '-U', username, '-d', database]
    return withFile(edited, (file) =>
      runProgram(command, [...server, '-v', 'ON_ERROR_STOP=1', '-f', file], {
        env: { PGPASSWORD: password },
        // It asks for each password twice, and on the terminal where there is one.
        input: answers.map((answer) => `${answer}\n${answer}\n`).join(''),
        withoutTerminal: true,
      }),
    )
  }
}

const mariadb = ({ host, port, username, password }: ServerAddress): ScriptClient | undefined => {
  const command = findMariadbClient()
  if (command === undefined) return undefined
  return ({ text, variables }) => {
    const edited = text.replaceAll(/^set @(\w+) = '[^']*';$/gm, (line, name: string) =>
      variables[name] === undefined ? line : `set @${name} = ${escape(variables[name])};`,
    )
    const server = ['--protocol=tcp', '-h', host, '-P', String(port), '-u', username]
    // First, or it is refused: --no-defaults. The script comes by `<`.
    return runProgram(command, ['--no-defaults', ...server], { env: { MYSQL_PWD: password }, input: edited })
  }
}

const withFile = async <T>(text: string, use: (file: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'pswebhost-sql-'))
  try {
    const file = join(folder, 'script.sql')
    await writeFile(file, text)
    return await use(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
