import { diffImages } from '../../../shared/domain/diff.ts'
import type { Side } from '../../../shared/domain/merge.ts'
import type { Tx } from '../../data/db.ts'
import { newestChangesOf } from '../../data/repos/changes.ts'
import { hybridTimes } from '../../data/repos/conflicts.ts'
import { imageOf } from '../changes/images.ts'

/** Who edited what of a record last in the cluster database, and when. */
export interface LatestEdits {
  /** Hybrid time of the newest edit of each field; a field nobody edited in the kept log has none. */
  byField: ReadonlyMap<string, string>
  /** The newest edit of all; null: the log knows of none. */
  newest: { by: string | null; at: string } | null
}

/** An edit that is older than so many others of its record is older than any that waits. */
const LOOKED_AT = 100

export const latestEdits = async (tx: Tx, tableName: string, recordId: string): Promise<LatestEdits> => {
  const changes = await newestChangesOf(tx, tableName, recordId, LOOKED_AT)
  const transactions = changes.flatMap((change) => change.transactionId ?? [])
  const offline = await hybridTimes(tx, [...new Set(transactions)])
  const byField = new Map<string, string>()
  for (const change of changes) {
    const time = offline.get(change.transactionId ?? '') ?? `${change.changedAt}-0000-`
    const images = [change.oldData, change.newData].map((bytes) => imageOf(tableName, bytes))
    for (const { field } of diffImages(images[0] ?? null, images[1] ?? null))
      if (!byField.has(field)) byField.set(field, time)
  }
  const [newest] = changes
  return { byField, newest: newest ? { by: newest.changedBy, at: newest.changedAt } : null }
}

/** The later edit of these fields by hybrid time. Theirs when the log does not tell any more: it was first. */
export const newerSide = (hlc: string, { byField }: LatestEdits, fields: readonly string[]): Side => {
  const theirs = fields.flatMap((field) => byField.get(field) ?? [])
  return theirs.length > 0 && theirs.every((time) => time < hlc) ? 'mine' : 'theirs'
}
