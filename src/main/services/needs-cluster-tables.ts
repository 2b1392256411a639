import { AppError } from '../../shared/domain/errors.ts'
import { hasClusterTables } from '../data/cluster-tables.ts'
import type { Database } from '../data/db.ts'

/** @throws AppError UNAVAILABLE in a database that nobody migrated to this version yet. */
export const needClusterTables = (db: Pick<Database, 'schemaVersion'>, what: string): void => {
  if (hasClusterTables(db)) return
  throw new AppError(
    'UNAVAILABLE',
    `${what} needs the schema of this version: back the database up and run pswebhost-node migrate.`,
  )
}
