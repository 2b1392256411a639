import { idleReason, typesOfOthers, type AssignableNode } from '../../../shared/domain/assignment.ts'
import type { Taker } from '../../data/repos/taker.ts'
import { extensionsOf } from '../../exec/interpreters.ts'

/** A node as the database is asked for its work; null when it takes none at all. */
export const takerOf = (
  node: AssignableNode,
  nodes: readonly AssignableNode[],
  keyAvailable: boolean,
  offline = false,
): Taker | null => {
  if (idleReason(node) !== null) return null
  const others = [...typesOfOthers(node, nodes)]
  return {
    nodeId: node.nodeId,
    nodeGroup: node.nodeGroup,
    nodeRole: node.nodeRole,
    leftToOthers: others.map(([type, reaches]) => ({ type, extensions: extensionsOf(type), reaches })),
    withoutKey: !keyAvailable,
    offline,
  }
}

/**
 * This node, with what others wrote of it since it last read its own row: who was drained or retired by an answer that
 * somebody has, takes nothing more.
 */
export const asWritten = (own: AssignableNode, nodes: readonly AssignableNode[]): AssignableNode => {
  const row = nodes.find(({ nodeId }) => nodeId === own.nodeId)
  return row
    ? { ...own, isActive: own.isActive && row.isActive, isDraining: own.isDraining || row.isDraining }
    : own
}
