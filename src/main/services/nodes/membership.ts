import type { EventBus } from '../events.ts'
import type { Services } from '../services.ts'
import { beatRemote, registerRemote, type RemoteDeps } from './remote.ts'
import { retireNode, type RetireDeps } from './retire.ts'

/** Who belongs to the cluster: nodes that come in over the API, beat, and are taken out. */
export type Membership = Pick<Services['nodes'], 'retire' | 'register' | 'heartbeat'>

export interface MembershipDeps extends Omit<RetireDeps, 'keys'>, Omit<RemoteDeps, 'keys'> {
  keys: RetireDeps['keys'] & RemoteDeps['keys']
  get: Services['nodes']['get']
  events: Pick<EventBus, 'emit'>
  /** A node's row was written: this node reads its own anew. */
  nodeChanged: (nodeId: string) => Promise<void>
  wake: () => void
}

export const createMembership = (deps: MembershipDeps): Membership => {
  const tell = async (nodeId: string): Promise<void> => {
    await deps.nodeChanged(nodeId)
    deps.events.emit({ type: 'node.changed', id: nodeId })
    deps.wake()
  }
  return {
    retire: async (caller, nodeId) => {
      if (await retireNode(deps, caller, nodeId)) await tell(nodeId)
    },
    register: async (caller, input) => {
      const entry = await registerRemote(deps, caller, input)
      await tell(input.nodeId)
      return { node: await deps.get(caller, input.nodeId), clusterId: deps.clusterId, ...entry }
    },
    heartbeat: async (caller, nodeId, beat) => {
      await beatRemote(deps, caller, nodeId, beat)
      return deps.get(caller, nodeId)
    },
  }
}
