import type { Database } from './db.ts'
import type { TableName } from './entities/index.ts'

/** The schema version that brought the tables several nodes share (migrations/0004-many-nodes.ts). */
const MANY_NODES = 4

const CLUSTER_TABLES: readonly TableName[] = [
  'Node_State',
  'Join_Token',
  'Task_Lock',
  'Run_Lock',
  'Output_Follower',
  'Task_Output',
  'Cluster_Hold',
]

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

/** Whether a database of this schema version has the table; of versions before the last but one, nobody asks. */
export const isInSchema = (table: TableName, schemaVersion: number): boolean =>
  schemaVersion >=
  (SYNC_TABLES.includes(table) ? TABLE_SYNC : CLUSTER_TABLES.includes(table) ? MANY_NODES : 0)

/** Whether the database has the tables of table sync. */
export const hasSyncTables = ({ schemaVersion }: Pick<Database, 'schemaVersion'>): boolean =>
  schemaVersion >= TABLE_SYNC

/**
 * Whether the database has them: a program serves the schema before its own too (DESIGN §3), and does without what
 * is new until somebody migrates.
 */
export const hasClusterTables = ({ schemaVersion }: Pick<Database, 'schemaVersion'>): boolean =>
  schemaVersion >= MANY_NODES
