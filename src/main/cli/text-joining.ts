import type { Joined, JoinToken } from '../../shared/domain/cluster.ts'
import { lines, table } from './text.ts'

const stateOf = ({ usedAt, usedByNodeId, expiresAt }: JoinToken): string =>
  usedAt ? `used ${usedAt} by ${usedByNodeId ?? ''}` : `until ${expiresAt}`

export const joinTokensText = (items: readonly JoinToken[]): string => {
  if (items.length === 0) return lines('There are no join tokens.')
  const rows = items.map((token) => [token.joinTokenId, token.createdBy ?? '', stateOf(token)])
  return table([['ID', 'CREATED BY', 'STATE'], ...rows])
}

export const joinedText = (joined: Joined): string =>
  lines(
    `Node ${joined.nodeId} belongs to the cluster ${joined.clusterId}.`,
    joined.holdsKey
      ? 'It holds the cluster key.'
      : 'It does not hold the cluster key in use; create another join token and join again.',
    ...(joined.note === null ? [] : [joined.note]),
  )
