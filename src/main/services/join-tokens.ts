import { AppError } from '../../shared/domain/errors.ts'
import type { CreatedJoinToken, JoinToken, JoinTokenInput } from '../../shared/domain/cluster.ts'
import type { Database, Tx } from '../data/db.ts'
import {
  allJoinTokens,
  deleteJoinToken,
  findJoinToken,
  insertJoinToken,
  type JoinTokenRow,
} from '../data/repos/join-tokens.ts'
import { deleteClusterKeysOf } from '../data/repos/keys.ts'
import { lockCluster } from '../data/repos/locks.ts'
import { isoOf } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { requireRole, type Caller } from './caller.ts'
import { createJoin, type JoinDeps } from './join-tokens/join.ts'
import { joinTokenHash, newJoinSecret, writeJoinToken } from './join-tokens/text.ts'
import { joinKeyOf, putJoinWraps } from './keys/join-wraps.ts'
import type { Services } from './services.ts'

const MINUTE = 60_000

const toJoinToken = ({ tokenHash: _hash, ...token }: JoinTokenRow): JoinToken => token

/** How nodes come into the cluster: DESIGN §4. */
export const createJoinTokens = (deps: JoinDeps): Services['joinTokens'] => ({
  list: async (caller) => {
    requireRole(caller, 'viewer')
    return (await allJoinTokens(deps.db.read)).map(toJoinToken)
  },
  create: (caller, input) => createToken(deps, caller, input),
  revoke: (caller, joinTokenId) => revokeToken(deps.db, caller, joinTokenId),
  join: createJoin(deps),
})

const createToken = async (
  deps: JoinDeps,
  caller: Caller,
  { expiresInMinutes }: JoinTokenInput,
): Promise<CreatedJoinToken> => {
  const { db, clusterId } = deps
  requireRole(caller, 'admin')
  const [secret, createdAt] = [newJoinSecret(), await db.now()]
  const row: JoinTokenRow = {
    joinTokenId: newId(),
    tokenHash: joinTokenHash(secret),
    createdBy: caller.actor,
    createdAt,
    expiresAt: isoOf(Date.parse(createdAt) + expiresInMinutes * MINUTE),
    usedAt: null,
    usedByNodeId: null,
  }
  await db.write({ actor: caller.actor, reason: caller.reason ?? 'join token' }, async (tx) => {
    // A key that another node makes meanwhile is wrapped for this token, by that node or here.
    await lockCluster(tx)
    await sweep(tx, createdAt)
    await wrapKeys(tx, deps, row.joinTokenId, secret)
    await insertJoinToken(tx, row)
  })
  const token = writeJoinToken({ secret, clusterId, ...(await deps.reach()) })
  return { ...toJoinToken(row), token }
}

/** @throws AppError CONFLICT when this node has none to give. */
const wrapKeys = async (tx: Tx, { keys }: JoinDeps, joinTokenId: string, secret: Buffer): Promise<void> => {
  const held = await keys.heldIn(tx)
  if (!held.some(({ retiredAt }) => retiredAt === null))
    throw new AppError(
      'CONFLICT',
      'This node does not hold the cluster key, so it cannot let others in; create the token on a node that does.',
    )
  await putJoinWraps(tx, { id: joinTokenId, publicKey: joinKeyOf(secret).publicKey }, held)
}

/** Expired tokens keep no copy of a key; their rows stay for whoever asks who was let in. */
const sweep = async (tx: Tx, now: string): Promise<void> => {
  for (const { joinTokenId, expiresAt } of await allJoinTokens(tx))
    if (expiresAt <= now) await deleteClusterKeysOf(tx, joinTokenId)
}

const revokeToken = async (db: Database, caller: Caller, joinTokenId: string): Promise<void> => {
  requireRole(caller, 'admin')
  await db.write({ actor: caller.actor, reason: caller.reason ?? 'join token' }, async (tx) => {
    await lockCluster(tx)
    if (!(await findJoinToken(tx, joinTokenId)))
      throw new AppError('NOT_FOUND', `There is no join token ${joinTokenId}.`)
    await deleteClusterKeysOf(tx, joinTokenId)
    await deleteJoinToken(tx, joinTokenId)
  })
}
