import { servers } from './databases.ts'
import { QUICK } from './node.ts'
import { databaseYaml } from './server-config.ts'
import { createTestDatabase } from './servers/test-database.ts'

/** A database a whole node can live on, as its app.yaml says it. */
export interface Home {
  name: string
  /** app.yaml with a fresh database, under which tests need not wait. */
  config(): Promise<string>
}

/** For `describe.each(homes())('a node on $name', …)`: every database the tests can reach. */
export const homes = (): Home[] => [
  { name: 'SQLite', config: () => Promise.resolve(QUICK) },
  ...servers().map((server) => ({
    name: server.name,
    config: async () => `${databaseYaml(server, await createTestDatabase(server))}${QUICK}`,
  })),
]
