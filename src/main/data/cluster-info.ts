import type { Query, Tx } from './db.ts'

/**
 * Facts about the cluster and this database, one row each; the copy's two while one into it is unfinished. The last
 * three only in a node's copy of a server database: that one's DatabaseID, empty before the first bootstrap (`ClusterID`
 * is then its cluster's), the tables it was filled with, and where its next look at runs begins.
 */
export const INFO_KEYS = [
  ...(['ClusterID', 'DatabaseID', 'SchemaVersion', 'MinProgram', 'CreatedAt'] as const),
  ...(['CopySource', 'CopyPosition', 'ReplicaOf', 'ReplicaTables', 'RunsSeenUntil'] as const),
]
export type InfoKey = (typeof INFO_KEYS)[number]

/** Undefined for a database that was never set up. */
export const readInfo = async (db: Query, key: InfoKey): Promise<string | undefined> => {
  const row = await db
    .selectFrom('Cluster_Info')
    .select('infoValue')
    .where('infoKey', '=', key)
    .executeTakeFirst()
  return row?.infoValue
}

export const writeInfo = async (db: Tx | Query, key: InfoKey, value: string): Promise<void> => {
  const { numUpdatedRows } = await db
    .updateTable('Cluster_Info')
    .set({ infoValue: value })
    .where('infoKey', '=', key)
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    await db.insertInto('Cluster_Info').values({ infoKey: key, infoValue: value }).execute()
}

export const deleteInfo = async (db: Tx, key: InfoKey): Promise<void> => {
  await db.deleteFrom('Cluster_Info').where('infoKey', '=', key).execute()
}
