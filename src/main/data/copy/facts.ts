import type { Query } from '../db.ts'
import type { InfoKey } from '../cluster-info.ts'
import { storedIn } from './tables.ts'

/** Cluster_Info through a connection that knows columns by their own names. */

export const readFact = async (db: Query, key: InfoKey): Promise<string | undefined> => {
  const row = await storedIn(db)
    .selectFrom('Cluster_Info')
    .select('InfoValue')
    .where('InfoKey', '=', key)
    .executeTakeFirst()
  return row && String(row['InfoValue'])
}

export const writeFact = async (db: Query, key: InfoKey, value: string): Promise<void> => {
  const { numUpdatedRows } = await storedIn(db)
    .updateTable('Cluster_Info')
    .set({ InfoValue: value })
    .where('InfoKey', '=', key)
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    await storedIn(db).insertInto('Cluster_Info').values({ InfoKey: key, InfoValue: value }).execute()
}
