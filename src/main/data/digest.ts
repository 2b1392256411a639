import { createHash } from 'node:crypto'

/** The fields of a Data_Change row that its digest covers. `localSeq` and `seq` come later and are not among them. */
export interface DigestedChange {
  changeId: string
  tableName: string
  recordId: string
  action: string
  changedBy: string | null
  changedAt: string
  nodeId: string | null
  changeReason: string | null
  transactionId: string | null
  origin: string | null
  schemaVersion: number
}

/**
 * SHA-256 (hex) of the UTF-8 JSON array
 * [changeId, tableName, recordId, action, oldText, newText, changedBy, changedAt, nodeId, changeReason,
 *  transactionId, origin, schemaVersion]
 * without blanks, where oldText and newText are the uncompressed images as text (or null): the same on every
 * dialect and whatever compresses the image.
 */
export const changeDigest = (row: DigestedChange, oldText: string | null, newText: string | null): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.changeId,
        row.tableName,
        row.recordId,
        row.action,
        oldText,
        newText,
        row.changedBy,
        row.changedAt,
        row.nodeId,
        row.changeReason,
        row.transactionId,
        row.origin,
        row.schemaVersion,
      ]),
    )
    .digest('hex')
