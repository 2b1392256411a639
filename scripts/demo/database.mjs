import { startMariadb } from '../../tests/support/servers/mariadb.ts'
import { startPostgres } from '../../tests/support/servers/postgres.ts'
import { createTestDatabase } from '../../tests/support/servers/test-database.ts'
import { installCommand } from '../setup/debian.mjs'
import { say, SetupError } from '../setup/progress.mjs'

/**
 * A database server of the demo's own, PostgreSQL if it can be had, else MariaDB. It ends with this process, however
 * that one ends; run by root, it has an account without rights.
 */
export async function startDatabase() {
  say('demo', 'starting a PostgreSQL of its own')
  const server = await startPostgres().catch(async (error) => {
    say('demo', `no PostgreSQL (${error.message}); MariaDB instead`)
    return startMariadb().catch((other) => {
      throw new SetupError(
        `The demo needs a PostgreSQL or a MariaDB: ${error.message}; ${other.message}.`,
        installCommand(['mariadb-server-core']),
      )
    })
  })
  return { server, database: await createTestDatabase(server) }
}
