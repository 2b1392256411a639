import type { Image } from '../../../shared/domain/change.ts'
import type {
  ConflictField,
  ConflictKind,
  ConflictPolicy,
  ConflictResolution,
} from '../../../shared/domain/sync.ts'
import { insertConflict } from '../../data/repos/conflicts.ts'
import { newId } from '../../platform/ids.ts'
import type { SaveContext } from '../tasks/save.ts'
import type { LatestEdits } from './latest-edits.ts'
import type { OfflineEdit } from './take-edit.ts'

export interface ConflictNote {
  save: SaveContext
  nodeId: string
  offline: OfflineEdit
  policy: ConflictPolicy
  theirEdits: LatestEdits
  /** For its name. */
  record: Image | null
}

/** The one side that all fields were taken from. */
const takenOf = (fields: readonly ConflictField[]): ConflictResolution => {
  const [first = 'theirs', ...others] = new Set(fields.map(({ taken }) => taken))
  return others.length === 0 ? first : 'merged'
}

/** Writes down what an offline edit and the cluster database did not agree in, with all three values. */
export const noteConflict = async (
  { save, nodeId, offline, policy, theirEdits, record }: ConflictNote,
  { kind, fields }: { kind: ConflictKind; fields: ConflictField[] },
): Promise<void> => {
  const { edit } = offline
  const name = record?.['taskName']
  await insertConflict(save.tx, {
    conflictId: newId(),
    tableName: edit.tableName,
    recordId: edit.recordId,
    recordName: typeof name === 'string' ? name : null,
    kind,
    changeId: edit.changeId,
    nodeId,
    changedBy: edit.changedBy,
    changedAt: edit.changedAt,
    theirsBy: theirEdits.newest?.by ?? null,
    theirsAt: theirEdits.newest?.at ?? null,
    policy,
    fields,
    detectedAt: save.now,
    // By rule: listed, and decided once more by whoever thinks otherwise, but nobody is waited for.
    resolvedAt: policy === 'newer' ? save.now : null,
    resolvedBy: null,
    resolution: policy === 'newer' ? takenOf(fields) : null,
    version: 1,
  })
}
