import type { Joined, JoinToken } from '../../shared/domain/cluster.ts'
import { lines, table } from './text.ts'

const stateOf = ({ usedAt, usedByNodeId, expiresAt }: JoinToken, now: number): string => {
  if (usedAt) return `used ${usedAt} by ${usedByNodeId ?? ''}`
  return Date.parse(expiresAt) > now ? `until ${expiresAt}` : `expired ${expiresAt}`
}

/** The join tokens, one a line, as they are at `now`. */
export const joinTokensText = (items: readonly JoinToken[], now: number): string => {
  if (items.length === 0) return lines('There are no join tokens.')
  const rows = items.map((token) => [token.joinTokenId, token.createdBy ?? '', stateOf(token, now)])
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
