import { defineEntity, p } from '@mikro-orm/core'
import type { ChangeAction } from '../../../shared/domain/change.ts'
import type {
  ConflictField,
  ConflictKind,
  ConflictPolicy,
  ConflictResolution,
  PushOutcome,
} from '../../../shared/domain/sync.ts'
import { bytes, json, key, longText, name, time, whole, word } from './columns.ts'

/*
 * Tables of table sync (docs/decisions/0026). The cluster database has one Sync_Cursor row per node, what each node
 * says of itself; a replica has only its own, which is the truth.
 */

/** How far a node has followed the change log. */
export const SyncCursorEntity = defineEntity({
  name: 'SyncCursor',
  tableName: 'Sync_Cursor',
  properties: {
    nodeId: key('NodeID').primary(),
    /** Of the last change applied; with its id, so that a restored history is noticed. */
    seq: p.bigint('number').fieldName('Seq'),
    /** Null before the first change was ever made. */
    changeId: key('ChangeID').nullable(),
    schemaVersion: whole('SchemaVersion'),
    /** Of the cluster database that was followed. */
    databaseId: key('DatabaseID'),
    /** Offline edits that the node has not delivered. */
    waiting: whole('Waiting'),
    lastError: longText('LastError').nullable(),
    bootstrappedAt: time('BootstrappedAt').nullable(),
    bootstrapReason: longText('BootstrapReason').nullable(),
    updatedAt: time('UpdatedAt'),
    /** In the cluster database: what somebody wants of the node at its next look; null: nothing. */
    askedFor: word<'round' | 'bootstrap'>('AskedFor').nullable(),
  },
})

/** On a replica: an edit made there that the cluster database has not taken yet; written by triggers only. */
export const SyncPendingEntity = defineEntity({
  name: 'SyncPending',
  tableName: 'Sync_Pending',
  properties: {
    pendingSeq: p.bigint('number').fieldName('PendingSeq').primary().autoincrement(),
    changeId: key('ChangeID'),
    tableName: name('TableName', 64),
    recordId: name('RecordID', 100),
    action: word<ChangeAction>('Action'),
    /** The record the edit began with: what the merge compares by. */
    oldData: bytes('OldData').nullable(),
    newData: bytes('NewData').nullable(),
    changedBy: name('ChangedBy', 200).nullable(),
    changedAt: time('ChangedAt'),
    nodeId: key('NodeID').nullable(),
    changeReason: longText('ChangeReason').nullable(),
    transactionId: key('TransactionID').nullable(),
    /** Hybrid logical time (shared/domain/hlc.ts). */
    hlc: name('Hlc', 100),
    schemaVersion: whole('SchemaVersion'),
    /** Why the cluster database does not take it yet; null: it was not asked, or nothing is wrong. */
    problem: longText('Problem').nullable(),
  },
  uniques: [{ name: 'uq_pending_change', properties: ['changeId'] }],
  indexes: [{ name: 'idx_pending_record', properties: ['recordId', 'pendingSeq'] }],
})

/** On a replica: a run that this node started without the cluster database, which does not know of it yet. */
export const SyncRunEntity = defineEntity({
  name: 'SyncRun',
  tableName: 'Sync_Run',
  properties: {
    historyId: key('HistoryID').primary(),
    createdAt: time('CreatedAt'),
  },
})

/** In the cluster database: an offline edit that was taken, so that a second delivery changes nothing. */
export const SyncAppliedEntity = defineEntity({
  name: 'SyncApplied',
  tableName: 'Sync_Applied',
  properties: {
    /** Of the pending change. */
    changeId: key('ChangeID').primary(),
    nodeId: key('NodeID'),
    /** Of the changes that came of it; null: it changed nothing. */
    transactionId: key('TransactionID').nullable(),
    hlc: name('Hlc', 100),
    outcome: word<PushOutcome>('Outcome'),
    appliedAt: time('AppliedAt'),
  },
  indexes: [
    { name: 'idx_applied_at', properties: ['appliedAt'] },
    { name: 'idx_applied_transaction', properties: ['transactionId'] },
  ],
})

/** In the cluster database: two edits of one record that had not seen each other. */
export const SyncConflictEntity = defineEntity({
  name: 'SyncConflict',
  tableName: 'Sync_Conflict',
  properties: {
    conflictId: key('ConflictID').primary(),
    tableName: name('TableName', 64),
    recordId: name('RecordID', 100),
    recordName: longText('RecordName').nullable(),
    kind: word<ConflictKind>('Kind'),
    /** The offline edit, and who made it where and when. */
    changeId: key('ChangeID'),
    nodeId: key('NodeID'),
    changedBy: name('ChangedBy', 200).nullable(),
    changedAt: time('ChangedAt'),
    /** Who made the other edit, the newest of that record. */
    theirsBy: name('TheirsBy', 200).nullable(),
    theirsAt: time('TheirsAt').nullable(),
    policy: word<ConflictPolicy>('Policy'),
    fields: json<ConflictField[]>('Fields'),
    detectedAt: time('DetectedAt'),
    resolvedAt: time('ResolvedAt').nullable(),
    resolvedBy: name('ResolvedBy', 200).nullable(),
    resolution: word<ConflictResolution>('Resolution').nullable(),
    version: whole('Version'),
  },
  indexes: [
    { name: 'idx_conflict_detected', properties: ['detectedAt', 'conflictId'] },
    { name: 'idx_conflict_record', properties: ['recordId', 'detectedAt'] },
    { name: 'idx_conflict_open', properties: ['resolvedAt', 'detectedAt'] },
  ],
})

/** A block of the change log and what it said when it was closed; it stays when its changes are purged. */
export const ChangeSealEntity = defineEntity({
  name: 'ChangeSeal',
  tableName: 'Change_Seal',
  properties: {
    toSeq: p.bigint('number').fieldName('ToSeq').primary().autoincrement(false),
    fromSeq: p.bigint('number').fieldName('FromSeq'),
    changeCount: whole('ChangeCount'),
    /** SHA-256 (hex) over the digest of the block before and those of its changes (data/seals.ts). */
    digest: name('Digest', 64),
    previousDigest: name('PreviousDigest', 64).nullable(),
    sealedAt: time('SealedAt'),
    sealedBy: key('SealedBy').nullable(),
    /** Since when its changes are gone, by retention. */
    purgedAt: time('PurgedAt').nullable(),
  },
})
