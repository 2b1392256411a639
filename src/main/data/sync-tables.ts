import type { Database } from './db.ts'
import type { TableName } from './entities/index.ts'

/** The schema version that brought replicas, conflicts and seals (migrations/0005-table-sync.ts). */
const TABLE_SYNC = 5

const SYNC_TABLES: readonly TableName[] = [
  'Sync_Cursor',
  'Sync_Pending',
  'Sync_Run',
  'Sync_Applied',
  'Sync_Conflict',
  'Change_Seal',
]

/** Whether a database of this schema version has the table; of versions that this program does not serve, nobody asks. */
export const isInSchema = (table: TableName, schemaVersion: number): boolean =>
  schemaVersion >= TABLE_SYNC || !SYNC_TABLES.includes(table)

/**
 * Whether the database has the tables of table sync: a program serves the schema before its own too (DESIGN §3), and
 * does without what is new until somebody migrates.
 */
export const hasSyncTables = ({ schemaVersion }: Pick<Database, 'schemaVersion'>): boolean =>
  schemaVersion >= TABLE_SYNC
