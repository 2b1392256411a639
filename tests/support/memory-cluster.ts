import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import type { Cluster, Hold, TaskLock } from '../../src/shared/domain/cluster.ts'
import { must, NOW } from './memory-records.ts'

const clusterOf = (hold: Hold | null): Cluster => ({
  clusterId: '',
  nodes: { active: 1, away: 0, draining: 0, retired: 0 },
  ...{ capacity: 4, running: 0, queued: 0, hold },
})

export interface MemoryClusterDeps {
  /** Notes who asked; answers the actor. */
  saw: (caller: Caller) => string
  newId: () => string
  nodeId: string
}

/** What the memory node answers of its cluster. */
export const memoryCluster = ({
  saw,
  newId,
  nodeId,
}: MemoryClusterDeps): Pick<Services, 'cluster' | 'joinTokens' | 'locks'> => {
  return {
    cluster: {
      get: async (caller) => (saw(caller), clusterOf(null)),
      stop: async (caller, reason) => {
        const hold = { holdId: newId(), heldAt: NOW, heldBy: saw(caller), reason }
        return { hold, stopping: 0, cancelled: 0 }
      },
      resume: async (caller) => (saw(caller), clusterOf(null)),
    },
    joinTokens: {
      list: async (caller) => (saw(caller), []),
      create: async (caller) => ({
        ...{ joinTokenId: newId(), createdBy: saw(caller), createdAt: NOW, expiresAt: NOW },
        ...{ usedAt: null, usedByNodeId: null, token: 'x' },
      }),
      revoke: async (caller) => void saw(caller),
      join: async (caller) => (saw(caller), { nodeId: nodeId, clusterId: '', holdsKey: true, note: null }),
    },
    locks: {
      list: async (caller) => (saw(caller), []),
      create: async (caller, input) => {
        saw(caller)
        return { ...input, lockId: newId(), version: 1, running: 0, tasks: 0 }
      },
      update: async (caller, lockId) => (saw(caller), must<TaskLock>(undefined, 'lock', lockId)),
      remove: async (caller, lockId) => (saw(caller), must<undefined>(undefined, 'lock', lockId)),
    },
  }
}
