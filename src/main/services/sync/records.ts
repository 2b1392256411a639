import type { PendingChange } from '../../../shared/domain/sync.ts'
import type { PendingRow } from '../../data/replica/pending.ts'
import { changedFieldsOf, nameOf } from '../changes/records.ts'

/** An edit that waits, as the change it will be. */
export const toPending = (row: PendingRow): PendingChange => ({
  changeId: row.changeId,
  tableName: row.tableName,
  recordId: row.recordId,
  recordName: nameOf(row),
  action: row.action,
  changedBy: row.changedBy,
  changedAt: row.changedAt,
  changeReason: row.changeReason,
  changedFields: changedFieldsOf(row),
  problem: row.problem,
})
