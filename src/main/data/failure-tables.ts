import { AppError } from '../../shared/domain/errors.ts'
import type { Database, Tx } from './db.ts'
import type { TableName } from './entities/index.ts'

/** The schema version that brought failures and webhooks (migrations/0006-failures.ts). */
const FAILURES = 6

const FAILURE_TABLES: readonly TableName[] = ['Task_Failure', 'Webhook', 'Webhook_Call']

/** Whether a database of this schema version has the table; of versions that this program does not serve, nobody asks. */
export const isInSchema = (table: TableName, schemaVersion: number): boolean =>
  schemaVersion >= FAILURES || !FAILURE_TABLES.includes(table)

/**
 * Whether the database has the tables of failures and webhooks: a program serves the schema before its own too
 * (DESIGN §3), and does without what is new until somebody migrates.
 */
export const hasFailureTables = ({ schemaVersion }: Pick<Database | Tx, 'schemaVersion'>): boolean =>
  schemaVersion >= FAILURES

/** @throws AppError UNAVAILABLE on a schema without them. */
export const requireFailureTables = (
  db: Pick<Database, 'schemaVersion'>,
  of: 'failures' | 'webhooks',
): void => {
  if (!hasFailureTables(db))
    throw new AppError(
      'UNAVAILABLE',
      `The database knows no ${of} yet; it waits for "pswebhost-node migrate".`,
    )
}
