import { onTestFinished } from 'vitest'
import { servers } from './databases.ts'
import { QUICK, type TestNodeOptions } from './node.ts'
import { databaseYaml } from './server-config.ts'
import type { ServerAddress } from './servers/server.ts'
import { createTestDatabase, dropTestDatabase } from './servers/test-database.ts'

/** A database a whole node can live on, as its app.yaml says it. */
export interface Home {
  name: 'SQLite' | ServerAddress['name']
  /** Null for SQLite. */
  server: ServerAddress | null
  /** app.yaml with a fresh database, under which tests need not wait; the database is dropped with the test. */
  config(onEnd?: TestNodeOptions['onEnd']): Promise<string>
}

/** The name of the database that an app.yaml of a home says. */
export const databaseIn = (config: string): string => /^ {4}database: (\w+)$/m.exec(config)?.[1] ?? ''

/** For `describe.each(homes())('$name: a node', …)`: every database the tests can reach. */
export const homes = (): Home[] => [
  { name: 'SQLite', server: null, config: () => Promise.resolve(QUICK) },
  ...servers().map((server) => ({
    name: server.name,
    server,
    config: async (onEnd: TestNodeOptions['onEnd'] = onTestFinished) => {
      const database = await createTestDatabase(server)
      // Registered before the node's own end, so that it comes after that.
      onEnd(() => dropTestDatabase(server, database))
      return `${databaseYaml(server, database)}${QUICK}`
    },
  })),
]

/**
 * Whether a finding of the doctor is of the servers of tests only: MariaDB, as it comes, takes no statement of 16 MB,
 * and they need not be durable.
 */
export const isOfTestServer = (detail: string): boolean =>
  /^(max_allowed_packet|innodb_flush_log_at_trx_commit): /.test(detail)
