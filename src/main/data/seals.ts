import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
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
  /** Who seals; null: nobody in particular. */
  nodeId: string | null
  /** ISO: a block that is not full is closed with its changes that are older. */
  olderThan: string
  signal?: AbortSignal | undefined
}

/** Closes what is due; answers how many blocks. Numbers changes first. */
export const sealChanges = async (db: OpenDatabase, options: SealOptions): Promise<number> => {
  if (!db.trackChanges) return 0
  await numberChanges(db)
  let sealed = 0
  // Asked without a lock first: mostly nothing is due, and nobody waits for whoever numbers changes.
  while (!options.signal?.aborted && (await nextBlock(db.look, options)).length > 0) {
    const now = await db.now()
    const done = await db.write({ actor: 'system', reason: 'seal' }, (tx) => sealNext(tx, options, now))
    if (!done) break
    sealed += 1
  }
  return sealed
}

/** The changes that belong into the next block; empty: none is due. */
const nextBlock = async (db: Query, { olderThan }: SealOptions): Promise<SealedChange[]> => {
  const after = (await newestSeal(db))?.toSeq ?? 0
  const rows = await db
    .selectFrom('Data_Change')
    .select(['seq', 'digest', 'changedAt'])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(BLOCK_SIZE)
    .execute()
  const numbered = rows.flatMap(({ seq, ...row }) => (seq === null ? [] : [{ ...row, seq }]))
  if (numbered.length === BLOCK_SIZE) return numbered
  const young = numbered.findIndex(({ changedAt }) => changedAt >= olderThan)
  return young === -1 ? numbered : numbered.slice(0, young)
}

const sealNext = async (tx: Tx, options: SealOptions, now: string): Promise<boolean> => {
  // One at a time, and not beside whoever gives numbers. A statement of its own, as in sequencer.ts.
  await tx.selectFrom('Sync_Counter').select('value').where('counterId', '=', CHANGES).forUpdate().execute()
  const changes = await nextBlock(tx, options)
  const [first] = changes
  const last = changes.at(-1)
  if (!first || !last) return false
  const previousDigest = (await newestSeal(tx))?.digest ?? null
  await tx
    .insertInto('Change_Seal')
    .values({
      ...{ toSeq: last.seq, fromSeq: first.seq, changeCount: changes.length },
      ...{ digest: sealDigest(previousDigest, changes), previousDigest },
      ...{ sealedAt: now, sealedBy: options.nodeId, purgedAt: null },
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
