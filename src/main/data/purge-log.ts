import type { OpenDatabase, Query, Tx } from './db.ts'
import { PURGED } from './sequencer.ts'
import { deleteByKey } from './delete-older.ts'
import { sealsBehind, type SealRow } from './seals.ts'

/*
 * Retention of the change log: whole sealed blocks, oldest first, once nobody needs them. Their seals stay: they say
 * what was there, and the next ones hang on them.
 */

export interface LogRetention {
  /** ISO: blocks whose newest change is older may go. */
  before: string
  /** Followers not heard of since then do not count: they read everything anew when they are back. */
  followersSince: string
}

/** Up to which change the log may be purged; 0: nothing may go. */
const purgeableUpTo = async (db: Query, { before, followersSince }: LogRetention): Promise<number> => {
  const needed = await slowestFollower(db, followersSince)
  let upTo = 0
  for (const seal of await unpurgedSeals(db)) {
    if (needed !== null && seal.toSeq > needed) break
    const newest = await db
      .selectFrom('Data_Change')
      .select('changedAt')
      .where('seq', '<=', seal.toSeq)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (newest && newest.changedAt >= before) break
    upTo = seal.toSeq
  }
  return upTo
}

/** Blocks looked at in one purge; the rest goes with the next one. */
const BLOCKS_AT_ONCE = 200

const unpurgedSeals = async (db: Query): Promise<SealRow[]> => {
  const row = await db
    .selectFrom('Change_Seal')
    .select('toSeq')
    .where('purgedAt', 'is not', null)
    .orderBy('toSeq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return sealsBehind(db, row?.toSeq ?? 0, BLOCKS_AT_ONCE)
}

/** How far the slowest node is that follows the log; null: nobody follows it. */
const slowestFollower = async (db: Query, since: string): Promise<number | null> => {
  const row = await db
    .selectFrom('Sync_Cursor')
    .innerJoin('Nodes', 'Nodes.nodeId', 'Sync_Cursor.nodeId')
    .select('Sync_Cursor.seq as seq')
    .where('Nodes.isActive', '=', true)
    .where('Sync_Cursor.updatedAt', '>=', since)
    .orderBy('Sync_Cursor.seq')
    .limit(1)
    .executeTakeFirst()
  return row?.seq ?? null
}

/**
 * Marks what may go as purged, before any of it does: who follows the log reads the mark, and never takes what is
 * left of a block for all of it. Answers up to which change; 0: nothing may go.
 */
export const markPurged = async (db: OpenDatabase, retention: LogRetention): Promise<number> => {
  const upTo = await purgeableUpTo(db.read, retention)
  if (upTo === 0) return 0
  const now = await db.now()
  await db.write({ actor: 'system', reason: 'retention' }, async (tx) => {
    await tx
      .updateTable('Sync_Counter')
      .set({ value: upTo })
      .where('counterId', '=', PURGED)
      .where('value', '<', upTo)
      .execute()
    await tx
      .updateTable('Change_Seal')
      .set({ purgedAt: now })
      .where('toSeq', '<=', upTo)
      .where('purgedAt', 'is', null)
      .execute()
  })
  return upTo
}

/** A batch of what is marked; answers how many went. */
export const deletePurged = async (tx: Tx, limit: number): Promise<number> => {
  const mark = await tx
    .selectFrom('Sync_Counter')
    .select('value')
    .where('counterId', '=', PURGED)
    .executeTakeFirst()
  const old = await tx
    .selectFrom('Data_Change')
    .select('localSeq')
    .where('seq', '<=', mark?.value ?? 0)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return deleteByKey(
    tx,
    'Data_Change',
    old.map(({ localSeq }) => localSeq),
  )
}
