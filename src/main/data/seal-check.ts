import type { Selectable } from 'kysely'
import { decodeImageBytes } from './codec.ts'
import type { Query } from './db.ts'
import { changeDigest } from './digest.ts'
import type { Tables } from './entities/index.ts'
import { sealDigest, sealsBehind, type SealRow } from './seals.ts'

/** The first thing in the log that is not as it was written, in words; null: everything agrees. */
export interface LogCheck {
  broken: string | null
  blocks: number
  changes: number
}

/** A seal that a node saw, kept outside of the database. */
export interface SeenSeal {
  toSeq: number
  digest: string
  seenAt: string
}

const SEALS_AT_ONCE = 50

/**
 * Goes through the sealed log from its beginning: each change against its digest, each block against its seal, each
 * seal against the one before, and the chain against the seal that this node saw.
 *
 * @param seen null: this node has seen none of this database.
 */
export const checkLog = async (db: Query, seen: SeenSeal | null): Promise<LogCheck> => {
  let [blocks, changes] = [0, 0]
  let previous: SealRow | null = null
  for (;;) {
    const seals = await sealsBehind(db, previous?.toSeq ?? 0, SEALS_AT_ONCE)
    if (seals.length === 0) break
    for (const seal of seals) {
      const broken = (await brokenIn(db, seal, previous)) ?? contradicts(seal, previous, seen)
      if (broken) return { broken, blocks, changes }
      blocks += 1
      changes += seal.purgedAt === null ? seal.changeCount : 0
      previous = seal
    }
  }
  return { broken: missingEnd(previous, seen), blocks, changes }
}

/** What this node saw must still be there: a seal that ends where it did, and says the same. */
const contradicts = (seal: SealRow, previous: SealRow | null, seen: SeenSeal | null): string | null => {
  if (!seen || seal.toSeq < seen.toSeq || (previous?.toSeq ?? 0) >= seen.toSeq) return null
  if (seal.toSeq === seen.toSeq && seal.digest === seen.digest) return null
  return (
    `the block of changes ${seal.fromSeq} to ${seal.toSeq} is not the one this node saw at ${seen.seenAt}: changes ` +
    `up to ${seen.toSeq} and their seals were written anew`
  )
}

const missingEnd = (last: SealRow | null, seen: SeenSeal | null): string | null =>
  seen && (last?.toSeq ?? 0) < seen.toSeq
    ? `the seal of changes up to ${seen.toSeq}, which this node saw at ${seen.seenAt}, is gone`
    : null

const brokenIn = async (db: Query, seal: SealRow, previous: SealRow | null): Promise<string | null> => {
  const block = `the block of changes ${seal.fromSeq} to ${seal.toSeq}`
  if (seal.previousDigest !== (previous?.digest ?? null)) return `${block} does not follow the seal before it`
  if (seal.purgedAt !== null)
    // Retention takes the oldest first, and leaves none out.
    return previous?.purgedAt === null ? `${block} is marked as removed, and older ones are not` : null
  const rows = await db
    .selectFrom('Data_Change')
    .selectAll()
    .where('seq', '>=', seal.fromSeq)
    .where('seq', '<=', seal.toSeq)
    .orderBy('seq')
    .execute()
  const altered = rows.find((row) => !agreesWithDigest(row))
  if (altered)
    return `change ${altered.seq} (${altered.changeId}, ${altered.tableName} ${altered.recordId}) was altered`
  if (rows.length !== seal.changeCount) return missingFrom(block, seal, rows)
  const sealed = rows.map(({ seq, digest }) => ({ seq: seq ?? 0, digest }))
  if (sealDigest(seal.previousDigest, sealed) === seal.digest) return null
  return `${block} is not what was sealed at ${seal.sealedAt}: a change and its digest were altered`
}

const missingFrom = (block: string, seal: SealRow, rows: readonly { seq: number | null }[]): string => {
  const there = new Set(rows.map(({ seq }) => seq))
  let first = seal.fromSeq
  while (there.has(first)) first += 1
  const count = seal.changeCount - rows.length
  return count > 0
    ? `${block} lacks ${count} of its ${seal.changeCount} changes, the first of them change ${first}`
    : `${block} has ${-count} changes more than were sealed`
}

/** Whether a change still says what its trigger wrote: its digest over its fields and both images. */
export const agreesWithDigest = (row: Selectable<Tables['Data_Change']>): boolean => {
  const [oldText, newText] = [textOf(row.oldData), textOf(row.newData)]
  if (oldText === undefined || newText === undefined) return false
  return changeDigest(row, oldText, newText) === row.digest
}

/** Null for no image, undefined for one that cannot be read. */
const textOf = (bytes: Uint8Array | null): string | null | undefined => {
  if (bytes === null) return null
  const decoded = decodeImageBytes(bytes)
  return decoded.ok ? decoded.text : undefined
}
