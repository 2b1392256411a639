import type { Selectable, Updateable } from 'kysely'
import { hasClusterTables } from '../cluster-tables.ts'
import type { Database, Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** What nodes say of themselves besides Nodes; where nothing else is said, for databases that have the table. */

export type NodeStateRow = Selectable<Tables['Node_State']>
export type NodeStateFields = Updateable<Tables['Node_State']>

export const allNodeStates = (db: Query): Promise<NodeStateRow[]> =>
  db.selectFrom('Node_State').selectAll().execute()

export const findNodeState = (db: Query, nodeId: string): Promise<NodeStateRow | undefined> =>
  db.selectFrom('Node_State').selectAll().where('nodeId', '=', nodeId).executeTakeFirst()

/** What nodes said, by their ids; nothing where the database has no table for it. */
export const nodeStates = async (
  db: Pick<Database, 'schemaVersion'>,
  query: Query,
): Promise<ReadonlyMap<string, NodeStateRow>> =>
  new Map(hasClusterTables(db) ? (await allNodeStates(query)).map((state) => [state.nodeId, state]) : [])

/** What one node said; undefined also where the database has no table for it. */
export const nodeStateOf = async (
  db: Pick<Database, 'schemaVersion'>,
  query: Query,
  nodeId: string,
): Promise<NodeStateRow | undefined> => (hasClusterTables(db) ? findNodeState(query, nodeId) : undefined)

/** Makes the row where there is none. Whoever may be the first locks the cluster. */
export const putNodeState = async (tx: Tx, nodeId: string, fields: NodeStateFields): Promise<void> => {
  const { numUpdatedRows } = await tx
    .updateTable('Node_State')
    .set(fields)
    .where('nodeId', '=', nodeId)
    .executeTakeFirst()
  // Some servers count only rows that changed.
  if (numUpdatedRows > 0n || (await findNodeState(tx, nodeId))) return
  await tx
    .insertInto('Node_State')
    .values({ ...fields, nodeId })
    .execute()
}

export const findNodeStateByToken = (db: Query, tokenHash: string): Promise<NodeStateRow | undefined> =>
  db.selectFrom('Node_State').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst()

/** A node that never registered takes another id. */
export const moveNodeState = async (tx: Tx, from: string, to: string): Promise<void> => {
  await tx.updateTable('Node_State').set({ nodeId: to }).where('nodeId', '=', from).execute()
}
