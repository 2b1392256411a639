import type { Tx } from './db.ts'

/*
 * Retention of what table sync noted in the cluster database: as long as changes are kept. An edit that is delivered once
 * more after that, from a copy of a data folder that is older still, is taken as a new one.
 */

/** Offline edits that were taken before then. */
export const deleteApplied = async (tx: Tx, before: string, limit: number): Promise<number> => {
  const old = await tx
    .selectFrom('Sync_Applied')
    .select('changeId')
    .where('appliedAt', '<', before)
    .orderBy('appliedAt')
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.changeId)
  const result = await tx.deleteFrom('Sync_Applied').where('changeId', 'in', ids).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Conflicts that were resolved before then; open ones wait for somebody, however old they are. */
export const deleteResolved = async (tx: Tx, before: string, limit: number): Promise<number> => {
  const old = await tx
    .selectFrom('Sync_Conflict')
    .select('conflictId')
    .where('resolvedAt', '<', before)
    .orderBy('resolvedAt')
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.conflictId)
  const result = await tx.deleteFrom('Sync_Conflict').where('conflictId', 'in', ids).executeTakeFirst()
  return Number(result.numDeletedRows)
}
