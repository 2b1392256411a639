import { steps } from '../../src/main/data/migrations/index.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { openReplica, type Replica, type ReplicaOptions } from '../../src/main/data/replica/open-replica.ts'
import type { Clock } from '../../src/main/platform/clock.ts'
import type { PullDeps } from '../../src/main/services/sync/pull.ts'
import type { PushDeps } from '../../src/main/services/sync/push.ts'
import type { SaveContext } from '../../src/main/services/tasks/save.ts'
import type { ConflictPolicy } from '../../src/shared/domain/sync.ts'
import { READER_ENTRY } from './database-options.ts'

/** What table sync is made of in tests, and in the processes that they start. */

export const SYNCED = ['Tasks', 'Task_Schedule', 'Nodes']

export const PLAIN_SECRETS: SaveContext['secrets'] = { sealValues: (_field, values) => values }

export const openReplicaAt = (
  options: Pick<ReplicaOptions, 'path' | 'nodeId' | 'clock' | 'steps' | 'programVersion'> &
    Partial<Pick<ReplicaOptions, 'clusterId'>>,
): Promise<Replica> =>
  openReplica({
    ...{ readerEntry: READER_ENTRY, compressionLevel: 6, timeoutSeconds: 5, clusterId: null },
    ...options,
  })

export interface SyncPartsOptions {
  centre: OpenDatabase
  /** As sync is to see it. */
  db: OpenDatabase
  observe: Replica['observe']
  nodeId: string
  clock: Clock
  tables?: readonly string[]
  policy?: ConflictPolicy
  schemaVersion?: number
}

export const syncDeps = (options: SyncPartsOptions): PullDeps & PushDeps => {
  const { centre, db, observe, nodeId, clock, tables = SYNCED, policy = 'newer' } = options
  return {
    ...{ centre, replica: db, nodeId, tables, clock, observe },
    schemaVersion: options.schemaVersion ?? steps.length,
    onProgress: () => {},
    secrets: PLAIN_SECRETS,
    policyOf: () => policy,
  }
}
