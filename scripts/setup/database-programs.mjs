import { readdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findExecutable, isExecutable } from './executables.mjs'

/*
 * The database programs of this machine that tests use. The PostgreSQL server itself is not among them: a
 * package brings it (tests/support/servers/postgres-programs.ts).
 */

/** Servers are for administrators: their folder is often missing from the search path of everyone else. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec', '/usr/bin', '/usr/local/bin']

const find = (name) => findExecutable([name]) ?? findExecutable([name], MORE_FOLDERS.join(delimiter))

/** The path of MariaDB's server, or undefined. */
export const findMariadbServer = () => find('mariadbd')

/** The path of the program that makes a data folder for it, or undefined. */
export const findMariadbInstaller = () => find('mariadb-install-db')

/** The path of MariaDB's command-line client, or undefined. */
export const findMariadbClient = () => find('mariadb')

/** The path of PostgreSQL's command-line client, the newest that is installed, or undefined. */
export function findPsql() {
  const found = debianVersions().find(isExecutable) ?? find('psql')
  return found !== undefined && isDebianWrapper(found) ? undefined : found
}

function debianVersions(folder = '/usr/lib/postgresql') {
  try {
    const versions = readdirSync(folder).sort((one, other) => Number(other) - Number(one))
    return versions.map((version) => join(folder, version, 'bin', 'psql'))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

/** Debian's /usr/bin/psql only looks for the real one, and may be installed without any. */
const isDebianWrapper = (path) => realpathSync(path).endsWith('/pg_wrapper')
