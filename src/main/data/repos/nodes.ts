import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

export type NodeRow = Selectable<Tables['Nodes']>

export const findNode = (db: Query, nodeId: string): Promise<NodeRow | undefined> =>
  db.selectFrom('Nodes').selectAll().where('nodeId', '=', nodeId).executeTakeFirst()

export const allNodes = (db: Query): Promise<NodeRow[]> =>
  db.selectFrom('Nodes').selectAll().orderBy('nodeName').orderBy('nodeId').execute()

export const insertNode = async (tx: Tx, row: Insertable<Tables['Nodes']>): Promise<void> => {
  await tx.insertInto('Nodes').values(row).execute()
}

export const updateNode = async (
  tx: Tx,
  nodeId: string,
  fields: Updateable<Tables['Nodes']>,
): Promise<void> => {
  await tx.updateTable('Nodes').set(fields).where('nodeId', '=', nodeId).execute()
}

/**
 * A heartbeat. False when the row names another incarnation: somebody else has registered with this node's id since.
 */
export const beatNode = async (
  tx: Tx,
  node: { nodeId: string; incarnation: string },
  lastHeartbeat: string,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('Nodes')
    .set({ lastHeartbeat })
    .where('nodeId', '=', node.nodeId)
    .where('incarnation', '=', node.incarnation)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Running runs by node. */
export const runningCounts = async (db: Query): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('Task_History')
    .select((eb) => ['nodeId', eb.fn.countAll<number>().as('n')])
    .where('state', '=', 'Running')
    .groupBy('nodeId')
    .execute()
  return new Map(rows.map((row) => [row.nodeId ?? '', Number(row.n)]))
}
