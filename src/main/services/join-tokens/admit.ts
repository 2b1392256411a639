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
  /** False: it has told no public key for which they could be wrapped; they wait under the token for when it does. */
  takesKeys: boolean
}

export interface Admission {
  /** This very node used the token before. */
  isRepeat: boolean
  /** None left: it has them. */
  keys: HeldKey[]
}

const MAKE_ANOTHER = 'create another one (pswebhost-node join-token create)'

/**
 * Uses a join token up. The node that used it may show it again, for an answer that got lost. Whoever calls has locked
 * the cluster: of two newcomers with one token, one gets in.
 * @throws AppError FORBIDDEN when it is not there any more, CONFLICT when another node used it.
 */
export const admitNewcomer = async (tx: Tx, newcomer: Newcomer): Promise<Admission> => {
  const { joinTokenId, secret, nodeId, now, takesKeys } = newcomer
  const token = await findJoinToken(tx, joinTokenId)
  if (!token)
    throw new AppError(
      'FORBIDDEN',
      `This join token is not known here (any more): it was revoked, or is for another cluster; ${MAKE_ANOTHER}.`,
    )
  if (token.expiresAt <= now)
    throw new AppError('FORBIDDEN', `This join token expired at ${token.expiresAt}; ${MAKE_ANOTHER}.`)
  const isRepeat = token.usedAt !== null
  if (isRepeat && token.usedByNodeId !== nodeId)
    throw new AppError(
      'CONFLICT',
      `This join token was used at ${token.usedAt} by node ${token.usedByNodeId ?? ''}, and lets in one node only; ${MAKE_ANOTHER}.`,
    )
  const keys = takesKeys ? await takeJoinWraps(tx, joinTokenId, secret) : []
  if (!isRepeat) await useJoinToken(tx, joinTokenId, { usedAt: now, usedByNodeId: nodeId })
  return { isRepeat, keys }
}
