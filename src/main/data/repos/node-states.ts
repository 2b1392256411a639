import type { Selectable, Updateable } from 'kysely'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** What nodes say of themselves besides Nodes. */

export type NodeStateRow = Selectable<Tables['Node_State']>
export type NodeStateFields = Updateable<Tables['Node_State']>

export const allNodeStates = (db: Query): Promise<NodeStateRow[]> =>
  db.selectFrom('Node_State').selectAll().execute()

export const findNodeState = (db: Query, nodeId: string): Promise<NodeStateRow | undefined> =>
  db.selectFrom('Node_State').selectAll().where('nodeId', '=', nodeId).executeTakeFirst()

/** What nodes said, by their ids. */
export const nodeStates = async (db: Query): Promise<ReadonlyMap<string, NodeStateRow>> =>
  new Map((await allNodeStates(db)).map((state) => [state.nodeId, state]))

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
