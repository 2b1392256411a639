import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import type { Cluster, Hold, TaskLock } from '../../src/shared/domain/cluster.ts'
import type { ClusterNode } from '../../src/shared/domain/node.ts'
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
  /** The one there is. */
  node: ClusterNode
}

/** What the memory node answers of its cluster. */
export const memoryCluster = ({
  saw,
  newId,
  node,
}: MemoryClusterDeps): Pick<Services, 'nodes' | 'cluster' | 'joinTokens' | 'locks'> => {
  const nodeBy = (id: string): ClusterNode => must(id === node.nodeId ? node : undefined, 'node', id)
  return {
    nodes: {
      list: async (caller) => (saw(caller), { items: [node], nextCursor: null }),
      get: async (caller, id) => (saw(caller), nodeBy(id)),
      update: async (caller, id, patch) => {
        saw(caller)
        return Object.assign(nodeBy(id), patch)
      },
      drain: async (caller, id, drain) => {
        saw(caller)
        return Object.assign(nodeBy(id), { isDraining: drain })
      },
      retire: async (caller) => void saw(caller),
      tasks: async (caller) => (saw(caller), { items: [], nextCursor: null }),
      upcoming: async (caller) => (saw(caller), []),
      register: async (caller) => (saw(caller), { node, clusterId: '', nodeToken: null, keys: [] }),
      heartbeat: async (caller) => (saw(caller), node),
    },
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
      join: async (caller) => (
        saw(caller),
        { nodeId: node.nodeId, clusterId: '', holdsKey: true, note: null }
      ),
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
