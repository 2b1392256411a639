import { diffImages, sameJson, withoutKept } from '../../../shared/domain/diff.ts'
import type { Change, ChangeDetail, FieldChange, Image } from '../../../shared/domain/change.ts'
import { hideSecrets, isSealedSecret } from '../../../shared/domain/secret.ts'
import type { ChangeRow } from '../../data/repos/changes.ts'
import { imageOf } from './images.ts'

/** Rows of the change log as records: decoded, named, secrets hidden. */

/** Fields that hold values which may be secret. */
const VALUE_FIELDS = new Set(['parameters', 'environment'])
/** What names a record of each table, in its image. */
const NAME_FIELDS = ['taskName', 'nodeName', 'tokenName', 'lockName'] as const

export const REVERT_ORIGIN = 'revert:'

const hideValue = (field: string, value: Image[string]): Image[string] =>
  VALUE_FIELDS.has(field) && typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (hideSecrets(value) as Image[string])
    : value

export const hideImage = (image: Image | null): Image | null =>
  image && Object.fromEntries(Object.entries(image).map(([field, value]) => [field, hideValue(field, value)]))

/** Computed on what is stored, so that a changed secret shows as a change, then hidden. */
export const hiddenDiff = (before: Image | null, after: Image | null): FieldChange[] =>
  diffImages(before, after).map((change) => {
    const changedSecrets = replacedSecrets(change)
    return {
      field: change.field,
      old: hideValue(change.field, change.old),
      new: hideValue(change.field, change.new),
      ...(changedSecrets.length > 0 ? { changedSecrets } : {}),
    }
  })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Secrets that are there before and after, with another value. */
const replacedSecrets = ({ field, old, new: next }: FieldChange): string[] => {
  if (!VALUE_FIELDS.has(field) || !isRecord(old) || !isRecord(next)) return []
  return Object.keys(next).filter(
    (name) => isSealedSecret(old[name]) && isSealedSecret(next[name]) && !sameJson(old[name], next[name]),
  )
}

/** What a row of the log, or one that waits for it, has of a record. */
type Imaged = Pick<ChangeRow, 'tableName' | 'action' | 'oldData' | 'newData'>

/** Of an UPDATE, without what the service keeps itself. */
export const changedFieldsOf = (row: Imaged): string[] =>
  row.action === 'UPDATE'
    ? withoutKept(diffImages(imageOf(row.tableName, row.oldData), imageOf(row.tableName, row.newData))).map(
        (change) => change.field,
      )
    : []

/** The change a row took back, or null. */
export const revertedBy = ({ origin }: Pick<ChangeRow, 'origin'>): string | null =>
  origin?.startsWith(REVERT_ORIGIN) ? origin.slice(REVERT_ORIGIN.length) : null

const nameIn = (image: Image | null): string | null => {
  for (const field of NAME_FIELDS) {
    const name = image?.[field]
    if (typeof name === 'string') return name
  }
  return null
}

export const nameOf = (row: Imaged): string | null =>
  nameIn(imageOf(row.tableName, row.newData ?? row.oldData))

/** What a change belongs to, beside its row. */
export interface ChangeTies {
  related: readonly string[]
  /** Nodes whose replicas hold it. */
  syncedNodes: readonly string[]
}

export const toChange = (row: ChangeRow, { related, syncedNodes }: ChangeTies): Change => ({
  changeId: row.changeId,
  seq: row.seq,
  tableName: row.tableName,
  recordId: row.recordId,
  recordName: nameOf(row),
  action: row.action,
  changedBy: row.changedBy,
  changedAt: row.changedAt,
  nodeId: row.nodeId,
  changeReason: row.changeReason,
  transactionId: row.transactionId,
  changedFields: changedFieldsOf(row),
  revertOf: revertedBy(row),
  relatedChanges: related.filter((id) => id !== row.changeId),
  syncedNodes: [...syncedNodes],
})

export const toDetail = (row: ChangeRow, ties: ChangeTies): ChangeDetail => {
  const before = imageOf(row.tableName, row.oldData)
  const after = imageOf(row.tableName, row.newData)
  return {
    ...toChange(row, ties),
    oldData: hideImage(before),
    newData: hideImage(after),
    diff: hiddenDiff(before, after),
  }
}
