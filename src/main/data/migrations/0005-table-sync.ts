import { identity, optional, required, type SchemaStep, type SchemaWriter } from './schema-step.ts'

/** How far each node is, and what it still has to deliver. */
const followTables = (schema: SchemaWriter): void => {
  schema.table(
    'Sync_Cursor',
    {
      NodeID: required('key'),
      Seq: required('bigint'),
      ChangeID: optional('key'),
      SchemaVersion: required('whole'),
      DatabaseID: required('key'),
      Waiting: required('whole'),
      LastError: optional('longText'),
      BootstrappedAt: optional('time'),
      BootstrapReason: optional('longText'),
      UpdatedAt: required('time'),
      AskedFor: optional('word'),
    },
    ['NodeID'],
  )
  schema.table(
    'Sync_Pending',
    {
      PendingSeq: identity(),
      ChangeID: required('key'),
      TableName: required('name64'),
      RecordID: required('name100'),
      Action: required('word'),
      OldData: optional('bytes'),
      NewData: optional('bytes'),
      ChangedBy: optional('name200'),
      ChangedAt: required('time'),
      NodeID: optional('key'),
      ChangeReason: optional('longText'),
      TransactionID: optional('key'),
      Hlc: required('name100'),
      SchemaVersion: required('whole'),
      Problem: optional('longText'),
    },
    ['PendingSeq'],
  )
  schema.index('Sync_Pending', { name: 'uq_pending_change', columns: ['ChangeID'], unique: true })
  schema.index('Sync_Pending', { name: 'idx_pending_record', columns: ['RecordID', 'PendingSeq'] })
  schema.table('Sync_Run', { HistoryID: required('key'), CreatedAt: required('time') }, ['HistoryID'])
}

/** What became of edits that were made without the cluster database. */
const mergeTables = (schema: SchemaWriter): void => {
  schema.table(
    'Sync_Applied',
    {
      ChangeID: required('key'),
      NodeID: required('key'),
      TransactionID: optional('key'),
      Hlc: required('name100'),
      Outcome: required('word'),
      AppliedAt: required('time'),
    },
    ['ChangeID'],
  )
  schema.index('Sync_Applied', { name: 'idx_applied_at', columns: ['AppliedAt'] })
  schema.index('Sync_Applied', { name: 'idx_applied_transaction', columns: ['TransactionID'] })
  schema.table(
    'Sync_Conflict',
    {
      ConflictID: required('key'),
      TableName: required('name64'),
      RecordID: required('name100'),
      RecordName: optional('longText'),
      Kind: required('word'),
      ChangeID: required('key'),
      NodeID: required('key'),
      ChangedBy: optional('name200'),
      ChangedAt: required('time'),
      TheirsBy: optional('name200'),
      TheirsAt: optional('time'),
      Policy: required('word'),
      Fields: required('json'),
      DetectedAt: required('time'),
      ResolvedAt: optional('time'),
      ResolvedBy: optional('name200'),
      Resolution: optional('word'),
      Version: required('whole'),
    },
    ['ConflictID'],
  )
  schema.index('Sync_Conflict', { name: 'idx_conflict_detected', columns: ['DetectedAt', 'ConflictID'] })
  schema.index('Sync_Conflict', { name: 'idx_conflict_record', columns: ['RecordID', 'DetectedAt'] })
  schema.index('Sync_Conflict', { name: 'idx_conflict_open', columns: ['ResolvedAt', 'DetectedAt'] })
}

/** What proves that the log is as it was written. */
const sealTable = (schema: SchemaWriter): void =>
  schema.table(
    'Change_Seal',
    {
      ToSeq: required('bigint'),
      FromSeq: required('bigint'),
      ChangeCount: required('whole'),
      Digest: required('name64'),
      PreviousDigest: optional('name64'),
      SealedAt: required('time'),
      SealedBy: optional('key'),
      PurgedAt: optional('time'),
    },
    ['ToSeq'],
  )

/**
 * Replicas, offline edits, conflicts, seals. New tables only (ADR 19). `Sync_Pending` and `Sync_Run` are filled on
 * replicas alone, `Sync_Applied` and `Sync_Conflict` in the cluster database alone; both have all tables, so that
 * there is one schema.
 */
export const tableSync: SchemaStep = {
  name: '0005_table_sync',
  minProgram: '0.1.0',
  up: (schema) => {
    followTables(schema)
    mergeTables(schema)
    sealTable(schema)
  },
}
