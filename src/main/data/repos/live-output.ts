import type { Query, Tx } from '../db.ts'

/** Live output on its way from the node that has the run to those that follow it. */

export interface LiveChunk {
  /** Of its first byte in all the script wrote. */
  position: number
  chunk: Uint8Array
}

/** Somebody follows the run until then. */
export const putFollower = async (tx: Tx, historyId: string, followUntil: string): Promise<void> => {
  const { numUpdatedRows } = await tx
    .updateTable('Output_Follower')
    .set({ followUntil })
    .where('historyId', '=', historyId)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  // Some servers count only rows that changed.
  const found = await tx
    .selectFrom('Output_Follower')
    .select('historyId')
    .where('historyId', '=', historyId)
    .executeTakeFirst()
  if (!found) await tx.insertInto('Output_Follower').values({ historyId, followUntil }).execute()
}

/** Those of these runs that are followed now. */
export const followedRuns = async (
  db: Query,
  now: string,
  historyIds: readonly string[],
): Promise<string[]> => {
  if (historyIds.length === 0) return []
  const rows = await db
    .selectFrom('Output_Follower')
    .select('historyId')
    .where('historyId', 'in', historyIds)
    .where('followUntil', '>=', now)
    .orderBy('historyId')
    .execute()
  return rows.map((row) => row.historyId)
}

/** Written once, wherever an earlier try got to: what begins there or later is put in its place. */
export const putChunk = async (
  tx: Tx,
  historyId: string,
  { position, chunk }: LiveChunk,
  createdAt: string,
): Promise<void> => {
  await tx
    .deleteFrom('Task_Output')
    .where('historyId', '=', historyId)
    .where('position', '>=', position)
    .execute()
  await tx
    .insertInto('Task_Output')
    .values({ historyId, position, chunk: Buffer.from(chunk), createdAt })
    .execute()
}

/** Chunks that begin at or behind a position, in order. */
export const chunksFrom = (
  db: Query,
  historyId: string,
  position: number,
  limit: number,
): Promise<LiveChunk[]> =>
  db
    .selectFrom('Task_Output')
    .select(['position', 'chunk'])
    .where('historyId', '=', historyId)
    .where('position', '>=', position)
    .orderBy('position')
    .limit(limit)
    .execute()

/** Where the last chunk begins that begins at or before a position; null: there is none. */
export const chunkStart = async (db: Query, historyId: string, position: number): Promise<number | null> => {
  const row = await db
    .selectFrom('Task_Output')
    .select('position')
    .where('historyId', '=', historyId)
    .where('position', '<=', position)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.position ?? null
}

/** Those that begin before a position. */
export const dropChunksBefore = async (tx: Tx, historyId: string, position: number): Promise<void> => {
  await tx
    .deleteFrom('Task_Output')
    .where('historyId', '=', historyId)
    .where('position', '<', position)
    .execute()
}

/** Everything of a run that has ended, or that nobody follows any more. */
export const dropLiveOutput = async (tx: Tx, historyId: string): Promise<void> => {
  await tx.deleteFrom('Task_Output').where('historyId', '=', historyId).execute()
}

export const dropFollower = async (tx: Tx, historyId: string): Promise<void> => {
  await tx.deleteFrom('Output_Follower').where('historyId', '=', historyId).execute()
}
