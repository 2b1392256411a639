import { optional, required, type SchemaStep, type SchemaWriter } from './schema-step.ts'

/** Who the nodes are, and how newcomers get in. */
const nodeTables = (schema: SchemaWriter): void => {
  schema.table(
    'Node_State',
    {
      NodeID: required('key'),
      StartedAt: optional('time'),
      Place: optional('name64'),
      PublicKey: optional('name64'),
      KeyID: optional('key'),
      TokenHash: optional('name64'),
      ClockOffset: optional('whole'),
      Addresses: optional('json'),
      MissingScripts: optional('json'),
      Isolation: optional('json'),
      DrainingSince: optional('time'),
      DrainingBy: optional('name200'),
      DrainingReason: optional('longText'),
      RetiredAt: optional('time'),
      RetiredBy: optional('name200'),
      RetiredReason: optional('longText'),
    },
    ['NodeID'],
  )
  schema.index('Node_State', { name: 'idx_node_token', columns: ['TokenHash'] })
  schema.table(
    'Join_Token',
    {
      JoinTokenID: required('key'),
      TokenHash: required('name64'),
      CreatedBy: optional('name200'),
      CreatedAt: required('time'),
      ExpiresAt: required('time'),
      UsedAt: optional('time'),
      UsedByNodeID: optional('key'),
    },
    ['JoinTokenID'],
  )
  schema.index('Join_Token', { name: 'uq_join_token_hash', columns: ['TokenHash'], unique: true })
}

/** What they share of work. */
const workTables = (schema: SchemaWriter): void => {
  schema.table(
    'Task_Lock',
    {
      LockID: required('key'),
      LockName: required('name100'),
      MaxConcurrent: required('whole'),
      Description: optional('longText'),
      Version: required('whole'),
    },
    ['LockID'],
  )
  schema.index('Task_Lock', { name: 'uq_lock_name', columns: ['LockName'], unique: true })
  schema.table('Run_Lock', { LockName: required('name100'), HistoryID: required('key') }, [
    'LockName',
    'HistoryID',
  ])
  schema.table('Output_Follower', { HistoryID: required('key'), FollowUntil: required('time') }, [
    'HistoryID',
  ])
  schema.table(
    'Task_Output',
    {
      HistoryID: required('key'),
      Position: required('bigint'),
      Chunk: required('bytes'),
      CreatedAt: required('time'),
    },
    ['HistoryID', 'Position'],
  )
  schema.index('Task_Output', { name: 'idx_output_created', columns: ['CreatedAt'] })
  schema.table(
    'Cluster_Hold',
    {
      HoldID: required('key'),
      HeldAt: required('time'),
      HeldBy: optional('name200'),
      Reason: optional('longText'),
      ReleasedAt: optional('time'),
      ReleasedBy: optional('name200'),
    },
    ['HoldID'],
  )
}

/**
 * What several nodes tell each other through the database. Tables of their own, none of them a new column: a program
 * of the step before works on.
 */
export const manyNodes: SchemaStep = {
  name: '0004_many_nodes',
  minProgram: '0.1.0',
  up: (schema) => {
    nodeTables(schema)
    workTables(schema)
  },
}
