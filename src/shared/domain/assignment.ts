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

/** Why a node does not run a task, for programs: the words beside it are for people, and change. */
export const REFUSAL_CODES = [
  'target',
  'retired',
  'draining',
  'desk',
  'interpreter',
  'key',
  'away',
  'held',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

export interface Refusal {
  code: RefusalCode
  words: string
}

const PASSING: readonly RefusalCode[] = ['retired', 'draining', 'away', 'held']

/** Of a state of the node or of the cluster: the task would run there, were it not for that. */
export const isPassing = (code: RefusalCode): boolean => PASSING.includes(code)

/** What is known of a node besides its row, for the words. */
export interface Known {
  /** Whether the node can open secret values; taken as yes where nothing is known. */
  keyAvailable?: boolean
  /** Its name instead of its id, where there is such a node. */
  nameOf?: (nodeId: string) => string | undefined
  /** Since when it is retired or drains, and by whom. */
  idle?: string | null
}

/** Why the target leaves this node out, or null when it includes it. */
export const targetRefusal = (
  task: Target,
  node: AssignableNode,
  nameOf: Known['nameOf'] = () => undefined,
): string | null => {
  const { assignedNodeId } = task
  if (assignedNodeId)
    return assignedNodeId === node.nodeId
      ? null
      : `the task is assigned to node ${nameOf(assignedNodeId) ?? assignedNodeId}`
  if (task.assignedNodeGroup && task.assignedNodeGroup !== node.nodeGroup)
    return `the task is for group ${task.assignedNodeGroup}, ${node.nodeName} is in ${node.nodeGroup ?? 'none'}`
  if (task.assignedNodeRole && task.assignedNodeRole !== node.nodeRole)
    return `the task is for role ${task.assignedNodeRole}, ${node.nodeName} has ${node.nodeRole ?? 'none'}`
  return null
}

const idleRefusal = (node: AssignableNode): Refusal | null => {
  const { nodeName } = node
  if (!node.isActive) return { code: 'retired', words: `${nodeName} is not active` }
  if (node.isDraining)
    return { code: 'draining', words: `${nodeName} is draining: it finishes what runs and claims nothing` }
  if (node.maxConcurrentTasks === 0)
    return { code: 'desk', words: `${nodeName} is an admin desk (capacity 0)` }
  return null
}

/** Why a node runs nothing at all, or null. */
export const idleReason = (node: AssignableNode): string | null => idleRefusal(node)?.words ?? null

/** Every reason why `node` does not run `task`; an empty list means that it may. */
export const refusalsOf = (task: AssignableTask, node: AssignableNode, known: Known = {}): Refusal[] => {
  const { nodeName } = node
  const target = targetRefusal(task, node, known.nameOf)
  const idle = idleRefusal(node)
  const refusals: Refusal[] = []
  if (target !== null) refusals.push({ code: 'target', words: target })
  if (idle) refusals.push({ ...idle, words: known.idle ?? idle.words })
  if (task.scriptType && !node.supportedTaskTypes.includes(task.scriptType))
    refusals.push({
      code: 'interpreter',
      words: `${nodeName} has no interpreter for ${task.scriptType} scripts`,
    })
  if (!(known.keyAvailable ?? true) && hasSecrets(task))
    refusals.push({
      code: 'key',
      words: `${nodeName} has no cluster key and cannot open the task's secrets`,
    })
  return refusals
}

/** The same in words only. */
export const whyNot = (task: AssignableTask, node: AssignableNode, known: Known = {}): string[] =>
  refusalsOf(task, node, known).map(({ words }) => words)

export const canRun = (task: AssignableTask, node: AssignableNode, keyAvailable = true): boolean =>
  whyNot(task, node, { keyAvailable }).length === 0

/**
 * How the target of a task that reaches one node reaches another: by its group too, by its role too. A target that
 * names neither reaches every node.
 */
export interface Reach {
  sameGroup: boolean
  sameRole: boolean
}

/**
 * Script types that this node has no interpreter for and others have: with the ways in which the target of a task
 * here would reach one of those, which then is to run it.
 */
export const typesOfOthers = (
  node: AssignableNode,
  nodes: readonly AssignableNode[],
): Map<string, Reach[]> => {
  const found = new Map<string, Reach[]>()
  for (const other of nodes) {
    if (other.nodeId === node.nodeId || !other.isActive) continue
    const reach = {
      sameGroup: node.nodeGroup === other.nodeGroup,
      sameRole: node.nodeRole === other.nodeRole,
    }
    for (const type of other.supportedTaskTypes) {
      if (node.supportedTaskTypes.includes(type)) continue
      const known = found.get(type) ?? []
      const isKnown = known.some(
        (one) => one.sameGroup === reach.sameGroup && one.sameRole === reach.sameRole,
      )
      if (!isKnown) found.set(type, [...known, reach])
    }
  }
  return found
}
