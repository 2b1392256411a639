import type { Database } from './db.ts'

/** The schema version that brought the tables several nodes share (migrations/0004-many-nodes.ts). */
const MANY_NODES = 4

/**
 * Whether the database has them: a program serves the schema before its own too (DESIGN §3), and does without what
 * is new until somebody migrates.
 */
export const hasClusterTables = ({ schemaVersion }: Pick<Database, 'schemaVersion'>): boolean =>
  schemaVersion >= MANY_NODES
