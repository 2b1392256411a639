import { findMariadbClient, findPsql } from '../../../scripts/setup/database-programs.mjs'
import { runProgram } from './run-program.ts'
import type { CommandLineClient, ServerAddress } from './server.ts'

/** The command-line client of a server; undefined when none is installed here. */
export const commandLineClient = (server: ServerAddress): CommandLineClient | undefined => {
  switch (server.type) {
    case 'PostgreSQL':
      return psql(server)
    case 'MySQL':
      return mariadb(server)
    case 'SqlServer':
      return undefined
  }
}

const psql = ({ host, port, username, password }: ServerAddress): CommandLineClient | undefined => {
  const command = findPsql()
  if (command === undefined) return undefined
  const server = ['--host', host, '--port', String(port), '--username', username]
  const output = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--set=ON_ERROR_STOP=1']
  return (database, sql) =>
    runProgram(command, [...server, ...output, '--dbname', database, '--file=-'], {
      env: { PGPASSWORD: password },
      input: sql,
    })
}

const mariadb = ({ host, port, username, password }: ServerAddress): CommandLineClient | undefined => {
  const command = findMariadbClient()
  if (command === undefined) return undefined
  const server = ['--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${username}`]
  const output = ['--batch', '--skip-column-names', '--default-character-set=utf8mb4']
  return (database, sql) =>
    // First, or it is refused: --no-defaults.
    runProgram(command, ['--no-defaults', ...server, ...output, database], {
      env: { MYSQL_PWD: password },
      input: sql,
    })
}
