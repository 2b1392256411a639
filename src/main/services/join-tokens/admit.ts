import { AppError } from '../../../shared/domain/errors.ts'
import type { Tx } from '../../data/db.ts'
import { findJoinToken, useJoinToken } from '../../data/repos/join-tokens.ts'
import { takeJoinWraps } from '../keys/join-wraps.ts'
import type { HeldKey } from '../keys/ring.ts'

export interface Newcomer {
  joinTokenId: string
  secret: Buffer
  nodeId: string
  now: string
}

const MAKE_ANOTHER = 'create another one (pswebhost-node join-token create)'

/**
 * Uses a join token up: its keys, or null when this very node used it before, so that a join whose answer got lost
 * can be tried again. Whoever calls has locked the cluster: of two newcomers with one token, one gets in.
 * @throws AppError FORBIDDEN when it is not there any more, CONFLICT when another node used it.
 */
export const admitNewcomer = async (tx: Tx, newcomer: Newcomer): Promise<HeldKey[] | null> => {
  const { joinTokenId, secret, nodeId, now } = newcomer
  const token = await findJoinToken(tx, joinTokenId)
  if (!token)
    throw new AppError(
      'FORBIDDEN',
      `This join token is not known here (any more): it was revoked, or is for another cluster; ${MAKE_ANOTHER}.`,
    )
  if (token.expiresAt <= now)
    throw new AppError('FORBIDDEN', `This join token expired at ${token.expiresAt}; ${MAKE_ANOTHER}.`)
  if (token.usedAt !== null) {
    if (token.usedByNodeId === nodeId) return null
    throw new AppError(
      'CONFLICT',
      `This join token was used at ${token.usedAt} by node ${token.usedByNodeId ?? ''}, and lets in one node only; ${MAKE_ANOTHER}.`,
    )
  }
  const keys = await takeJoinWraps(tx, joinTokenId, secret)
  await useJoinToken(tx, joinTokenId, { usedAt: now, usedByNodeId: nodeId })
  return keys
}
