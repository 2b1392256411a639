import type { Selectable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

export type ClusterKeyRow = Selectable<Tables['Cluster_Key']>

/** Every wrap of every cluster key, oldest key first. */
export const allClusterKeys = (db: Query): Promise<ClusterKeyRow[]> =>
  db.selectFrom('Cluster_Key').selectAll().orderBy('createdAt').orderBy('keyId').orderBy('nodeId').execute()

/** The copies of one node (or join token), oldest key first. */
export const clusterKeysOf = (db: Query, nodeId: string): Promise<ClusterKeyRow[]> =>
  db
    .selectFrom('Cluster_Key')
    .selectAll()
    .where('nodeId', '=', nodeId)
    .orderBy('createdAt')
    .orderBy('keyId')
    .execute()

export const insertClusterKey = async (tx: Tx, row: ClusterKeyRow): Promise<void> => {
  await tx.insertInto('Cluster_Key').values(row).execute()
}

/** One node's copy of one key; nothing happens when it has none. */
export const deleteClusterKey = async (tx: Tx, keyId: string, nodeId: string): Promise<void> => {
  await tx.deleteFrom('Cluster_Key').where('keyId', '=', keyId).where('nodeId', '=', nodeId).execute()
}

/** Every copy of one node (or join token). */
export const deleteClusterKeysOf = async (tx: Tx, nodeId: string): Promise<void> => {
  await tx.deleteFrom('Cluster_Key').where('nodeId', '=', nodeId).execute()
}

/** Every key in use but one seals nothing new from now on, on any node. */
export const retireClusterKeys = async (tx: Tx, but: string, retiredAt: string): Promise<void> => {
  await tx
    .updateTable('Cluster_Key')
    .set({ retiredAt })
    .where('retiredAt', 'is', null)
    .where('keyId', '<>', but)
    .execute()
}

/** A node that never registered takes another id: its copies of the keys go with it. */
export const moveClusterKeys = async (tx: Tx, from: string, to: string): Promise<void> => {
  await tx.updateTable('Cluster_Key').set({ nodeId: to }).where('nodeId', '=', from).execute()
}
