import type { Insertable, Selectable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

/** Emergency stops (Cluster_Hold). */

export type HoldRow = Selectable<Tables['Cluster_Hold']>

/** The one that is not released; undefined: the cluster works. */
export const currentHold = (db: Query): Promise<HoldRow | undefined> =>
  db
    .selectFrom('Cluster_Hold')
    .selectAll()
    .where('releasedAt', 'is', null)
    .orderBy('heldAt')
    .limit(1)
    .executeTakeFirst()

export const insertHold = async (tx: Tx, row: Insertable<Tables['Cluster_Hold']>): Promise<void> => {
  await tx.insertInto('Cluster_Hold').values(row).execute()
}

/** Every one that is not released yet; answers how many. */
export const releaseHolds = async (
  tx: Tx,
  released: Pick<HoldRow, 'releasedAt' | 'releasedBy'>,
): Promise<number> => {
  const { numUpdatedRows } = await tx
    .updateTable('Cluster_Hold')
    .set(released)
    .where('releasedAt', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
