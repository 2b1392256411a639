import { defineEntity, p } from '@mikro-orm/core'
import type { ChangeAction } from '../../../shared/domain/change.ts'
import { bytes, key, longText, name, time, whole, word } from './columns.ts'

/**
 * Data_Change: written by triggers only. `localSeq` is the order of this database's writes; `seq` the
 * cluster's order (on SQLite the trigger sets both alike: one writer, so allocation is commit order).
 */
export const DataChangeEntity = defineEntity({
  name: 'DataChange',
  tableName: 'Data_Change',
  properties: {
    localSeq: p.bigint('number').fieldName('LocalSeq').primary().autoincrement(),
    seq: p.bigint('number').fieldName('Seq').nullable(),
    changeId: key('ChangeID'),
    tableName: name('TableName', 64),
    recordId: name('RecordID', 100),
    action: word<ChangeAction>('Action'),
    oldData: bytes('OldData').nullable(),
    newData: bytes('NewData').nullable(),
    changedBy: name('ChangedBy', 200).nullable(),
    changedAt: time('ChangedAt'),
    nodeId: key('NodeID').nullable(),
    changeReason: longText('ChangeReason').nullable(),
    transactionId: key('TransactionID').nullable(),
    origin: name('Origin', 100).nullable(),
    schemaVersion: whole('SchemaVersion'),
    digest: name('Digest', 64),
  },
  uniques: [
    { name: 'uq_change_id', properties: ['changeId'] },
    { name: 'uq_change_seq', properties: ['seq'] },
  ],
  indexes: [
    { name: 'idx_change_table', properties: ['tableName', 'seq'] },
    { name: 'idx_change_record', properties: ['recordId', 'seq'] },
    { name: 'idx_change_actor', properties: ['changedBy', 'seq'] },
    { name: 'idx_change_node', properties: ['nodeId', 'seq'] },
    { name: 'idx_change_at', properties: ['changedAt', 'seq'] },
    { name: 'idx_change_transaction', properties: ['transactionId'] },
    { name: 'idx_change_origin', properties: ['origin'] },
  ],
})
