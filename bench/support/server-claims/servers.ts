import { findMariadbInstaller, findMariadbServer } from '../../../scripts/setup/database-programs.mjs'
import { startMariadb } from '../../../tests/support/servers/mariadb.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'
import { startDurablePostgres } from './durable-postgres.ts'

/** A server for the length of `work`: one that the environment names, else one of the bench's own. */

export const withPostgres = <T>(work: (server: ServerAddress) => Promise<T>): Promise<T> => {
  const given = named('PostgreSQL', 'PostgreSQL', process.env['BENCH_POSTGRES_URL'])
  return given ? work(given) : withOwn(startDurablePostgres, work)
}

/** Null where there is no MariaDB. That of the tests writes each commit, but does not wait for the disk. */
export const withMariadb = async <T>(work: (server: ServerAddress) => Promise<T>): Promise<T | null> => {
  const given = named('MariaDB', 'MySQL', process.env['BENCH_MARIADB_URL'])
  if (given) return work(given)
  return findMariadbServer() && findMariadbInstaller() ? withOwn(() => startMariadb(), work) : null
}

const withOwn = async <T>(
  start: () => Promise<ServerAddress & { close(): Promise<void> }>,
  work: (server: ServerAddress) => Promise<T>,
): Promise<T> => {
  const server = await start()
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

const named = (
  name: ServerAddress['name'],
  type: ServerAddress['type'],
  address: string | undefined,
): ServerAddress | null => {
  if (!address) return null
  const { hostname, port, username, password } = new URL(address)
  return {
    name,
    type,
    version: '',
    host: hostname,
    port: Number(port),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }
}
