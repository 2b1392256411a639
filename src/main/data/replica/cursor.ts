import type { Selectable } from 'kysely'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** Sync_Cursor: in a replica its own place in the log, in the cluster database what each node says of itself. */

/** What a node says of itself; what others ask of it is beside that. */
export type CursorRow = Omit<Selectable<Tables['Sync_Cursor']>, 'askedFor'>

/** `round`: push and pull now; `bootstrap`: read everything anew. */
export type AskedFor = NonNullable<Selectable<Tables['Sync_Cursor']>['askedFor']>

const COLUMNS = [
  ...(['nodeId', 'seq', 'changeId', 'schemaVersion', 'databaseId', 'waiting', 'lastError'] as const),
  ...(['bootstrappedAt', 'bootstrapReason', 'updatedAt'] as const),
]

export const findCursor = (db: Query, nodeId: string): Promise<CursorRow | undefined> =>
  db.selectFrom('Sync_Cursor').select(COLUMNS).where('nodeId', '=', nodeId).executeTakeFirst()

export const allCursors = (db: Query): Promise<CursorRow[]> =>
  db.selectFrom('Sync_Cursor').select(COLUMNS).orderBy('nodeId').execute()

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

/**
 * In the cluster database: the node finds it at its next look. A bootstrap that was asked for stays, whoever asks for a
 * round. False when the node has no replica.
 */
export const askNode = async (tx: Tx, nodeId: string, askedFor: AskedFor): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('Sync_Cursor')
    .set(({ fn, val, ref }) => ({
      askedFor: askedFor === 'bootstrap' ? askedFor : fn.coalesce(ref('askedFor'), val(askedFor)),
    }))
    .where('nodeId', '=', nodeId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What others ask of this node; null: nothing. */
export const askedOf = async (db: Query, nodeId: string): Promise<AskedFor | null> => {
  const row = await db
    .selectFrom('Sync_Cursor')
    .select('askedFor')
    .where('nodeId', '=', nodeId)
    .executeTakeFirst()
  return row?.askedFor ?? null
}

/** What was done; what was asked for meanwhile stays. */
export const forgetAsked = async (tx: Tx, nodeId: string, askedFor: AskedFor): Promise<void> => {
  await tx
    .updateTable('Sync_Cursor')
    .set({ askedFor: null })
    .where('nodeId', '=', nodeId)
    .where('askedFor', '=', askedFor)
    .execute()
}
