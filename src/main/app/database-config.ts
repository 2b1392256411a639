import type { Config } from '../config/load.ts'
import type { DatabaseConfig } from '../data/dialects/dialect.ts'

/** app.yaml's `database` as the data layer takes it. */

type Written = Pick<Config, 'database' | 'cluster'>

/** A renewal that fails can be tried again twice before the lease ends. */
const TRIES_IN_A_LEASE = 3
const LEAST_SECONDS = 1

/** @throws nothing: what is missing for a server was refused when the configuration was read. */
export const databaseConfigOf = ({ database, cluster }: Written): DatabaseConfig => {
  const { type, connection, options } = database
  const common = { enableChangeTracking: options.enableChangeTracking, timeoutSeconds: options.timeout }
  if (type === 'SQLite')
    return { ...common, type, path: connection.path, compressionLevel: options.compressionLevel }
  const { server, port, database: name, username, password, ssl, tls, integratedSecurity } = connection
  return {
    ...common,
    ...{ type, server: server ?? '', port, database: name ?? '', username, password },
    ...{ ssl, tls, integratedSecurity, poolSize: options.poolSize },
    urgentTimeoutSeconds: Math.max(LEAST_SECONDS, Math.floor(cluster.leaseSeconds / TRIES_IN_A_LEASE)),
  }
}
