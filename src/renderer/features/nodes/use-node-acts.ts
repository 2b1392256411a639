import type { ClusterNode, NodePatch } from '../../../shared/domain/node.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRouter } from '../../lib/router.ts'
import { toastDone, toastError } from '../../lib/toast.ts'
import { nodesContext } from './store.ts'

/** `nodeGroup: core` in words, for what was done. */
const words: Record<keyof NodePatch, string> = {
  nodeName: 'name',
  nodeGroup: 'group',
  nodeRole: 'role',
  tags: 'tags',
  maxConcurrentTasks: 'capacity',
}

/** What can be done to a node from wherever it is shown, with what the person sees of it. */
export const useNodeActs = () => {
  const router = useRouter()
  const nodes = nodesContext.useApi()
  const refusal = { operator: useRefusal('operator'), admin: useRefusal('admin') }

  const setDraining = async (node: ClusterNode, drain: boolean, reason?: string): Promise<void> => {
    await nodes.getState().drain(node.nodeId, drain, reason)
    const [done, undone] = drain
      ? [`${node.nodeName} drains: it finishes what runs and claims nothing`, 'takes work again']
      : [`${node.nodeName} takes work again`, 'drains again']
    toastDone(done, {
      act: () => nodes.getState().drain(node.nodeId, !drain),
      done: `${node.nodeName} ${undone}`,
    })
  }
  const notChanged = (node: ClusterNode, thrown: unknown): void =>
    toastError(`${node.nodeName} was not changed`, thrown)
  const drain = (node: ClusterNode, wanted: boolean, reason?: string): void => {
    setDraining(node, wanted, reason).catch((thrown: unknown) => notChanged(node, thrown))
  }
  /** Lets it work again, or asks why it is to drain. */
  const toggleDrain = (node: ClusterNode, ask: () => void): void => {
    if (refusal.operator) return toastDone(refusal.operator)
    if (node.state === 'Retired') return toastDone(`${node.nodeName} is retired: it claims nothing anyway`)
    if (node.isDraining) drain(node, false)
    else ask()
  }
  /** Throws what the node refused it with: for a form that stays open then. */
  const change = async (node: ClusterNode, patch: NodePatch): Promise<void> => {
    await nodes.getState().update(node.nodeId, patch)
    const fields = Object.keys(patch) as (keyof NodePatch)[] // a strict object: no other keys
    const before = Object.fromEntries(fields.map((field) => [field, node[field]]))
    const names = fields.map((field) => words[field]).join(', ')
    toastDone(`Changed the ${names} of ${node.nodeName}`, {
      act: () => nodes.getState().update(node.nodeId, before),
      done: `The ${names} of ${node.nodeName} is as it was`,
    })
  }
  const edit = (node: ClusterNode, patch: NodePatch): Promise<void> =>
    change(node, patch).catch((thrown: unknown) => notChanged(node, thrown))
  const showRuns = (node: ClusterNode): void => router.go(href(['history'], { node: [node.nodeId] }))
  return { drain, toggleDrain, change, notChanged, edit, showRuns, refusal }
}

export type NodeActs = ReturnType<typeof useNodeActs>
