import type { InferKyselyTable } from '@mikro-orm/sql'
import {
  ApiTokenEntity,
  ClusterHoldEntity,
  ClusterInfoEntity,
  ClusterKeyEntity,
  JoinTokenEntity,
  SyncCounterEntity,
} from './cluster.ts'
import { DataChangeEntity } from './data-change.ts'
import { TaskFailureEntity } from './failure.ts'
import { NodeEntity } from './node.ts'
import { NodeStateEntity } from './node-state.ts'
import { RunEntity } from './run.ts'
import {
  ChangeSealEntity,
  SyncAppliedEntity,
  SyncConflictEntity,
  SyncCursorEntity,
  SyncPendingEntity,
  SyncRunEntity,
} from './sync.ts'
import { TaskEntity } from './task.ts'
import { RunLockEntity, TaskLockEntity } from './task-lock.ts'
import { OutputFollowerEntity, TaskOutputEntity } from './task-output.ts'
import { TaskScheduleEntity } from './task-schedule.ts'
import { WebhookCallEntity, WebhookEntity } from './webhook.ts'

/** Every table, once: schema, query types, capture registry and JSON field names derive from these. */
export const entities = [
  TaskEntity,
  TaskScheduleEntity,
  RunEntity,
  NodeEntity,
  DataChangeEntity,
  ClusterInfoEntity,
  ClusterKeyEntity,
  ApiTokenEntity,
  SyncCounterEntity,
  NodeStateEntity,
  JoinTokenEntity,
  TaskLockEntity,
  RunLockEntity,
  OutputFollowerEntity,
  TaskOutputEntity,
  ClusterHoldEntity,
  SyncCursorEntity,
  SyncPendingEntity,
  SyncRunEntity,
  SyncAppliedEntity,
  SyncConflictEntity,
  ChangeSealEntity,
  TaskFailureEntity,
  WebhookEntity,
  WebhookCallEntity,
]

/** Queries say property names; values go through the entities' types both ways. */
export const NAMING = { columnNamingStrategy: 'property', convertValues: true } as const

type Property = { columnNamingStrategy: 'property' }

/** Tables as queries see them: table names of the specification, columns by their property names. */
export interface Tables {
  Tasks: InferKyselyTable<typeof TaskEntity, Property>
  Task_Schedule: InferKyselyTable<typeof TaskScheduleEntity, Property>
  Task_History: InferKyselyTable<typeof RunEntity, Property>
  Nodes: InferKyselyTable<typeof NodeEntity, Property>
  Data_Change: InferKyselyTable<typeof DataChangeEntity, Property>
  Cluster_Info: InferKyselyTable<typeof ClusterInfoEntity, Property>
  Cluster_Key: InferKyselyTable<typeof ClusterKeyEntity, Property>
  Api_Token: InferKyselyTable<typeof ApiTokenEntity, Property>
  Sync_Counter: InferKyselyTable<typeof SyncCounterEntity, Property>
  Node_State: InferKyselyTable<typeof NodeStateEntity, Property>
  Task_Failure: InferKyselyTable<typeof TaskFailureEntity, Property>
  Webhook: InferKyselyTable<typeof WebhookEntity, Property>
  Webhook_Call: InferKyselyTable<typeof WebhookCallEntity, Property>
  Join_Token: InferKyselyTable<typeof JoinTokenEntity, Property>
  Task_Lock: InferKyselyTable<typeof TaskLockEntity, Property>
  Run_Lock: InferKyselyTable<typeof RunLockEntity, Property>
  Output_Follower: InferKyselyTable<typeof OutputFollowerEntity, Property>
  Task_Output: InferKyselyTable<typeof TaskOutputEntity, Property>
  Cluster_Hold: InferKyselyTable<typeof ClusterHoldEntity, Property>
  Sync_Cursor: InferKyselyTable<typeof SyncCursorEntity, Property>
  Sync_Pending: InferKyselyTable<typeof SyncPendingEntity, Property>
  Sync_Run: InferKyselyTable<typeof SyncRunEntity, Property>
  Sync_Applied: InferKyselyTable<typeof SyncAppliedEntity, Property>
  Sync_Conflict: InferKyselyTable<typeof SyncConflictEntity, Property>
  Change_Seal: InferKyselyTable<typeof ChangeSealEntity, Property>
}
export type TableName = keyof Tables
