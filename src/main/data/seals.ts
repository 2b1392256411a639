import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { hasSyncTables } from './cluster-tables.ts'
import type { OpenDatabase, Query, Tx } from './db.ts'
import type { Tables } from './entities/index.ts'
import { CHANGES, numberChanges } from './sequencer.ts'

/*
 * Seals of the change log. A block of numbered changes is closed with a hash over their digests and the seal before,
 * so that whoever alters one change must alter every later seal too; and each node keeps the last seal it saw where
 * whoever holds the database does not reach (services/seal-memory.ts).
 */

export type SealRow = Selectable<Tables['Change_Seal']>

/** Changes of a full block. */
export const BLOCK_SIZE = 1000

/** What a seal is computed over. */
export interface SealedChange {
  seq: number
  digest: string
}

/** SHA-256 (hex) of the JSON array [previousDigest, [[seq, digest], …]] without blanks, changes in their order. */
export const sealDigest = (previous: string | null, changes: readonly SealedChange[]): string =>
  createHash('sha256')
    .update(JSON.stringify([previous, changes.map(({ seq, digest }) => [seq, digest])]))
    .digest('hex')

export interface SealOptions {
  nodeId: string
  /** A block that is not full is closed when its oldest change is this old. */
  openMs: number
  signal?: AbortSignal
}

/** Closes what is due; answers how many blocks. Numbers changes first. */
export const sealChanges = async (db: OpenDatabase, options: SealOptions): Promise<number> => {
  if (!hasSyncTables(db) || !db.trackChanges) return 0
  await numberChanges(db)
  let sealed = 0
  while (!options.signal?.aborted && (await isBlockDue(db, options))) {
    const now = await db.now()
    const done = await db.write({ actor: 'system', reason: 'seal' }, (tx) => sealNext(tx, options, now))
    if (!done) break
    sealed += 1
  }
  return sealed
}

/** Asked without a lock: mostly nothing is due, and nobody waits for whoever numbers changes. */
const isBlockDue = async (db: OpenDatabase, { openMs }: SealOptions): Promise<boolean> => {
  const from = (await newestSeal(db.look))?.toSeq ?? 0
  const rows = await db.look
    .selectFrom('Data_Change')
    .select(['seq', 'changedAt'])
    .where('seq', '>', from)
    .orderBy('seq')
    .limit(BLOCK_SIZE)
    .execute()
  const [oldest] = rows
  if (!oldest) return false
  return rows.length === BLOCK_SIZE || Date.parse(await db.now()) - Date.parse(oldest.changedAt) >= openMs
}

const sealNext = async (tx: Tx, { nodeId }: SealOptions, now: string): Promise<boolean> => {
  // One at a time, and not beside whoever gives numbers. A statement of its own, as in sequencer.ts.
  await tx.selectFrom('Sync_Counter').select('value').where('counterId', '=', CHANGES).forUpdate().execute()
  const previous = await newestSeal(tx)
  const changes = await sealedChanges(tx, previous?.toSeq ?? 0, null, BLOCK_SIZE)
  const [first] = changes
  const last = changes.at(-1)
  if (!first || !last) return false
  await tx
    .insertInto('Change_Seal')
    .values({
      toSeq: last.seq,
      fromSeq: first.seq,
      changeCount: changes.length,
      digest: sealDigest(previous?.digest ?? null, changes),
      previousDigest: previous?.digest ?? null,
      sealedAt: now,
      sealedBy: nodeId,
      purgedAt: null,
    })
    .execute()
  return true
}

export const newestSeal = (db: Query): Promise<SealRow | undefined> =>
  db.selectFrom('Change_Seal').selectAll().orderBy('toSeq', 'desc').limit(1).executeTakeFirst()

export const findSeal = (db: Query, toSeq: number): Promise<SealRow | undefined> =>
  db.selectFrom('Change_Seal').selectAll().where('toSeq', '=', toSeq).executeTakeFirst()

/** Seals behind `after`, in their order. */
export const sealsBehind = (db: Query, after: number, limit: number): Promise<SealRow[]> =>
  db.selectFrom('Change_Seal').selectAll().where('toSeq', '>', after).orderBy('toSeq').limit(limit).execute()

/** Number and digest of changes behind `after` up to `to` (null: to the end). */
const sealedChanges = async (
  db: Query,
  after: number,
  to: number | null,
  limit: number,
): Promise<SealedChange[]> => {
  let query = db.selectFrom('Data_Change').select(['seq', 'digest']).where('seq', '>', after)
  if (to !== null) query = query.where('seq', '<=', to)
  const rows = await query.orderBy('seq').limit(limit).execute()
  return rows.flatMap(({ seq, digest }) => (seq === null ? [] : [{ seq, digest }]))
}
