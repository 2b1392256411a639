import { taskHistory, tasks, taskSchedule } from './0001-task-tables.ts'
import { identity, optional, required, type SchemaStep, type SchemaWriter } from './schema-step.ts'

/**
 * The first schema: the specification's tables with the additions of docs/architecture.md. Written out, not derived:
 * entities move on, a released migration does not. A test compares the two.
 */
export const initial: SchemaStep = {
  name: '0001_initial',
  minProgram: '0.1.0',
  up: (schema) => {
    tasks(schema)
    taskSchedule(schema)
    taskHistory(schema)
    nodes(schema)
    dataChange(schema)
    clusterInfo(schema)
    clusterKey(schema)
    apiToken(schema)
  },
}

const nodesColumns = {
  NodeID: required('key'),
  NodeName: required('name100'),
  Hostname: required('name255'),
  IPAddress: optional('name64'),
  Port: optional('whole'),
  NodeGroup: optional('name100'),
  NodeRole: optional('name100'),
  Tags: required('json'),
  IsActive: required('flag'),
  IsDraining: required('flag'),
  LastHeartbeat: optional('time'),
  Incarnation: optional('key'),
  MaxConcurrentTasks: required('whole'),
  SupportedTaskTypes: required('json'),
  Version: optional('name50'),
  Platform: optional('name50'),
  RegisteredAt: required('time'),
  RegisteredBy: optional('name200'),
}

const nodes = (schema: SchemaWriter): void => {
  schema.table('Nodes', nodesColumns, ['NodeID'])
  schema.index('Nodes', { name: 'idx_nodes_active', columns: ['IsActive'] })
  schema.index('Nodes', { name: 'idx_nodes_group', columns: ['NodeGroup'] })
  schema.index('Nodes', { name: 'idx_nodes_role', columns: ['NodeRole'] })
  schema.index('Nodes', { name: 'uq_nodes_name', columns: ['NodeName'], unique: true })
}

const dataChangeColumns = {
  LocalSeq: identity(),
  Seq: optional('bigint'),
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
  Origin: optional('name100'),
  SchemaVersion: required('whole'),
  Digest: required('name64'),
}

const dataChange = (schema: SchemaWriter): void => {
  schema.table('Data_Change', dataChangeColumns, ['LocalSeq'])
  schema.index('Data_Change', { name: 'idx_change_table', columns: ['TableName', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_record', columns: ['RecordID', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_actor', columns: ['ChangedBy', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_node', columns: ['NodeID', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_at', columns: ['ChangedAt', 'Seq'] })
  schema.index('Data_Change', { name: 'idx_change_transaction', columns: ['TransactionID'] })
  schema.index('Data_Change', { name: 'idx_change_origin', columns: ['Origin'] })
  schema.index('Data_Change', { name: 'uq_change_id', columns: ['ChangeID'], unique: true })
  schema.index('Data_Change', { name: 'uq_change_seq', columns: ['Seq'], unique: true })
}

const clusterInfoColumns = {
  InfoKey: required('name50'),
  InfoValue: required('longText'),
}

const clusterInfo = (schema: SchemaWriter): void => {
  schema.table('Cluster_Info', clusterInfoColumns, ['InfoKey'])
}

const clusterKeyColumns = {
  KeyID: required('key'),
  NodeID: required('key'),
  Wrapped: required('longText'),
  CreatedAt: required('time'),
  RetiredAt: optional('time'),
}

const clusterKey = (schema: SchemaWriter): void => {
  schema.table('Cluster_Key', clusterKeyColumns, ['KeyID', 'NodeID'])
}

const apiTokenColumns = {
  TokenID: required('key'),
  TokenName: required('name200'),
  Role: required('word'),
  TokenHash: required('name64'),
  CreatedBy: optional('name200'),
  CreatedAt: required('time'),
  ExpiresAt: optional('time'),
  RevokedAt: optional('time'),
  Version: required('whole'),
}

const apiToken = (schema: SchemaWriter): void => {
  schema.table('Api_Token', apiTokenColumns, ['TokenID'])
  schema.index('Api_Token', { name: 'uq_token_hash', columns: ['TokenHash'], unique: true })
}
