import { isHiddenSecret, isSealedSecret, isWrittenSecret } from './secret.ts'
import type { ScriptType } from './task.ts'

/** Which node may run which task, and in words why not. Pure; precedence: node, else group and role, else any. */

export interface Target {
  assignedNodeId: string | null
  assignedNodeGroup: string | null
  assignedNodeRole: string | null
}

export interface AssignableTask extends Target {
  scriptType: ScriptType | null
  parameters: Record<string, unknown>
  environment: Record<string, unknown>
}

export interface AssignableNode {
  nodeId: string
  nodeName: string
  nodeGroup: string | null
  nodeRole: string | null
  isActive: boolean
  isDraining: boolean
  maxConcurrentTasks: number
  supportedTaskTypes: readonly string[]
}

/** `RunOn: null` means All when a group is set, else One (DESIGN §6). */
export const effectiveRunOn = (task: Target & { runOn: 'One' | 'All' | null }): 'One' | 'All' =>
  task.runOn ?? (task.assignedNodeGroup && !task.assignedNodeId ? 'All' : 'One')

/** As stored, and as a draft names them. */
export const hasSecrets = (task: Pick<AssignableTask, 'parameters' | 'environment'>): boolean =>
  [...Object.values(task.parameters), ...Object.values(task.environment)].some(
    (value) => isSealedSecret(value) || isHiddenSecret(value) || isWrittenSecret(value),
  )

/** Why the target leaves this node out, or null when it includes it. */
export const targetRefusal = (task: Target, node: AssignableNode): string | null => {
  if (task.assignedNodeId)
    return task.assignedNodeId === node.nodeId ? null : `the task is assigned to node ${task.assignedNodeId}`
  if (task.assignedNodeGroup && task.assignedNodeGroup !== node.nodeGroup)
    return `the task is for group ${task.assignedNodeGroup}, ${node.nodeName} is in ${node.nodeGroup ?? 'none'}`
  if (task.assignedNodeRole && task.assignedNodeRole !== node.nodeRole)
    return `the task is for role ${task.assignedNodeRole}, ${node.nodeName} has ${node.nodeRole ?? 'none'}`
  return null
}

/** Why a node runs nothing at all, or null. */
export const idleReason = (node: AssignableNode): string | null => {
  if (!node.isActive) return `${node.nodeName} is not active`
  if (node.isDraining) return `${node.nodeName} is draining: it finishes what runs and claims nothing`
  if (node.maxConcurrentTasks === 0) return `${node.nodeName} is an admin desk (capacity 0)`
  return null
}

/**
 * Every reason, in words, why `node` does not run `task`; an empty list means that it may.
 * @param keyAvailable whether the node can open secret values; unknown of other nodes, then true.
 */
export const whyNot = (task: AssignableTask, node: AssignableNode, keyAvailable = true): string[] => {
  const reasons = [targetRefusal(task, node), idleReason(node)]
  if (task.scriptType && !node.supportedTaskTypes.includes(task.scriptType))
    reasons.push(`${node.nodeName} has no interpreter for ${task.scriptType} scripts`)
  if (!keyAvailable && hasSecrets(task))
    reasons.push(`${node.nodeName} has no cluster key and cannot open the task's secrets`)
  return reasons.filter((reason) => reason !== null)
}

export const canRun = (task: AssignableTask, node: AssignableNode, keyAvailable = true): boolean =>
  whyNot(task, node, keyAvailable).length === 0
