import { afterEach } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { databaseOptions, servers } from '../support/databases.ts'
import type { ServerAddress } from '../support/servers/server.ts'
import { makeAccounts, type Accounts } from './admin-scripts.ts'

/** Servers whose scripts can be run here. */
export const scriptedServers = (): ServerAddress[] => servers().filter(({ type }) => type !== 'SqlServer')

export interface AccountsOnServer {
  /** Database and accounts, no tables. */
  accounts: () => Promise<Accounts>
  /** Migrated by the one account, its rights given to the other. */
  ready: () => Promise<Accounts>
  open: (config: ServerConfig, options?: Partial<Omit<DatabaseOptions, 'config'>>) => Promise<OpenDatabase>
}

/** What is made is removed after each test. */
export const accountsOn = (server: ServerAddress): AccountsOnServer => {
  const cleanUps: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  const accounts = async (): Promise<Accounts> => {
    const made = await makeAccounts(server)
    cleanUps.push(made.remove)
    return made
  }
  return {
    accounts,
    ready: async () => {
      const made = await accounts()
      await (await createDatabase({ ...databaseOptions(made.migrate), migrate: true })).close()
      await made.grant()
      return made
    },
    open: async (config, options = {}) => {
      const db = await createDatabase({ ...databaseOptions(config), ...options })
      cleanUps.push(() => db.close())
      return db
    },
  }
}
