import type {
  Conflict,
  ConflictField,
  PendingChange,
  SyncNode,
  SyncStatus,
} from '../../src/shared/domain/sync.ts'
import { NODE_ID, NOW } from './memory-records.ts'

/** Records of table sync as a node would answer them. */

export const SYNC_TABLES = ['Tasks', 'Task_Schedule', 'Nodes']

/** A node whose replica has everything; `lags` of its tables, in their order. */
export const syncNode = (
  nodeName: string,
  part: Partial<SyncNode> & { lags?: readonly number[] } = {},
): SyncNode => {
  const { lags = [], ...rest } = part
  return {
    ...{ nodeId: nodeName, nodeName, isSelf: false, cursor: { seq: 48_211, changeId: null } },
    ...{ lag: lags.reduce((sum, lag) => sum + lag, 0), lagSeconds: 0, pending: 0, lastError: null },
    ...{ updatedAt: NOW, bootstrappedAt: '2026-03-01T08:00:00.000Z', bootstrapReason: 'it was empty' },
    schemaVersion: 5,
    tables: SYNC_TABLES.map((tableName, i) => ({ tableName, lag: lags[i] ?? 0, pending: null })),
    ...rest,
  }
}

/** Table sync of a cluster that this node is in, all of it up to date. */
export const syncStatus = (part: Partial<SyncStatus> = {}): SyncStatus => ({
  ...{ enabled: true, reason: null, interval: 60, tables: SYNC_TABLES, newestSeq: 48_211 },
  ...{ fromReplica: null, progress: { phase: 'idle', done: 0, total: null }, commitToReplicaMs: 340 },
  ...{ sealedTo: 48_190, openConflicts: 0 },
  nodes: [syncNode('desk', { nodeId: NODE_ID, isSelf: true })],
  ...part,
})

export const pendingOf = (changeId: string, part: Partial<PendingChange> = {}): PendingChange => ({
  ...{ changeId, tableName: 'Tasks', recordId: `task-${changeId}`, recordName: null, action: 'UPDATE' },
  ...{ changedBy: 'j.ito', changedAt: NOW, changeReason: null, changedFields: [], problem: null },
  ...part,
})

export const conflictField = (
  field: string,
  [base, mine, theirs]: readonly [ConflictField['base'], ConflictField['mine'], ConflictField['theirs']],
  part: Partial<ConflictField> = {},
): ConflictField => ({ field, base, mine, theirs, taken: 'theirs', ...part })

/** A conflict to decide; of a record that holds what the conflict left. */
export const conflictOf = (
  conflictId: string,
  part: Partial<Conflict> & Pick<Conflict, 'fields'>,
): Conflict => ({
  ...{ conflictId, tableName: 'Tasks', recordId: `task-${conflictId}`, recordName: conflictId, kind: 'Edit' },
  ...{ changeId: conflictId, nodeId: 'edge-muc-02', changedBy: 'j.ito', changedAt: NOW },
  ...{ theirsBy: 'anna', theirsAt: NOW, policy: 'manual', detectedAt: NOW },
  ...{ resolvedAt: null, resolvedBy: null, resolution: null, version: 1 },
  current: Object.fromEntries(
    part.fields.map(({ field, taken, mine, theirs, value }) => [
      field,
      value ?? (taken === 'mine' ? mine : theirs),
    ]),
  ),
  ...part,
})

/** The same, decided by the rule that the newer edit wins. */
export const byRule = (conflict: Conflict): Conflict => {
  const sides = new Set(conflict.fields.map(({ taken }) => taken))
  const [only] = sides
  return {
    ...conflict,
    ...{ policy: 'newer', resolvedAt: conflict.detectedAt, resolvedBy: null },
    resolution: sides.size === 1 ? (only ?? 'theirs') : 'merged',
  }
}
