import type { JoinToken } from '../../../../shared/domain/cluster.ts'
import type { ClusterNode } from '../../../../shared/domain/node.ts'

/** Those that still let somebody in; a used one until its time is over, so that it tells whom it let in. */
export const shownTokens = (tokens: readonly JoinToken[], now: number): JoinToken[] =>
  tokens.filter(({ expiresAt }) => Date.parse(expiresAt) > now)

export const isOpen = ({ usedAt }: JoinToken): boolean => usedAt === null

/** The name of the node that came in with it; its id when it is gone or not known yet. */
export const userOf = ({ usedByNodeId }: JoinToken, nodes: readonly ClusterNode[]): string | null =>
  nodes.find(({ nodeId }) => nodeId === usedByNodeId)?.nodeName ?? usedByNodeId
