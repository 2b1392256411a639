import type { ClusterNode, NodeState } from '../../shared/domain/node.ts'

const ORDER: Record<NodeState, number> = { Away: 0, Draining: 1, Active: 2, Retired: 3 }

/** Nodes as they are listed wherever they are: what needs somebody first, then by name. */
export const inOrder = (nodes: readonly ClusterNode[]): ClusterNode[] =>
  nodes.toSorted((a, b) => ORDER[a.state] - ORDER[b.state] || a.nodeName.localeCompare(b.nodeName))
