import type { Selectable } from 'kysely'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** Sync_Cursor: in a replica its own place in the log, in the cluster database what each node says of itself. */

export type CursorRow = Selectable<Tables['Sync_Cursor']>

export const findCursor = (db: Query, nodeId: string): Promise<CursorRow | undefined> =>
  db.selectFrom('Sync_Cursor').selectAll().where('nodeId', '=', nodeId).executeTakeFirst()

export const allCursors = (db: Query): Promise<CursorRow[]> =>
  db.selectFrom('Sync_Cursor').selectAll().orderBy('nodeId').execute()

/** Writes a node's row; one writer per node, so nobody comes between the two statements. */
export const putCursor = async (tx: Tx, row: CursorRow): Promise<void> => {
  const { nodeId, ...fields } = row
  const { numUpdatedRows } = await tx
    .updateTable('Sync_Cursor')
    .set(fields)
    .where('nodeId', '=', nodeId)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) await tx.insertInto('Sync_Cursor').values(row).execute()
}

export const deleteCursor = async (tx: Tx, nodeId: string): Promise<void> => {
  await tx.deleteFrom('Sync_Cursor').where('nodeId', '=', nodeId).execute()
}
