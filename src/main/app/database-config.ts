import { join } from 'node:path'
import { isFile } from '../../shared/domain/database.ts'
import type { Config } from '../config/load.ts'
import type { DatabaseConfig } from '../data/dialects/dialect.ts'
import { MARGIN_SECONDS } from '../data/server/pool-options.ts'

/** app.yaml's `database` as the data layer takes it. */

type Written = Pick<Config, 'database' | 'cluster'>

/** Between a heartbeat and the end of the lease a renewal that hangs can be tried once more. */
const TRIES = 2
const LEAST_SECONDS = 1

/** @throws nothing: what is missing for a server was refused when the configuration was read. */
export const databaseConfigOf = ({ database, cluster }: Written): DatabaseConfig => {
  const { type, connection, options } = database
  const common = { enableChangeTracking: options.enableChangeTracking, timeoutSeconds: options.timeout }
  if (isFile(type))
    return { ...common, type, path: connection.path, compressionLevel: options.compressionLevel }
  const { server, port, database: name, username, password, ssl, tls, integratedSecurity } = connection
  return {
    ...common,
    ...{ type, server: server ?? '', port, database: name ?? '', username, password },
    ...{ ssl, tls, integratedSecurity, poolSize: options.poolSize },
    urgentTimeoutSeconds: urgentSeconds(cluster),
  }
}

/** A node's copy of a server database: the file that is the cluster database of a node without a server. */
export const replicaPathOf = ({ dataDir }: Pick<Config, 'dataDir'>): string =>
  join(dataDir.root, 'pswebhost.db')

/** Why app.yaml has this node keep no replica, in words; null: it keeps one, where there is a server. */
export const whySyncIsOff = ({
  tableSync,
  database,
}: Pick<Config, 'tableSync' | 'database'>): string | null => {
  if (!tableSync.enabled) return 'Table sync is switched off (tableSync.enabled).'
  if (database.options.enableChangeTracking) return null
  return 'Changes are not logged (database.options.enableChangeTracking).'
}

const urgentSeconds = ({ leaseSeconds, heartbeatSeconds }: Written['cluster']): number =>
  Math.max(LEAST_SECONDS, Math.floor((leaseSeconds - heartbeatSeconds) / TRIES) - MARGIN_SECONDS)
