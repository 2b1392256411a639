import { AppError } from '../../../shared/domain/errors.ts'
import type { RegistrationInput } from '../../../shared/domain/node.ts'
import type { Database } from '../../data/db.ts'
import { findJoinTokenByHash } from '../../data/repos/join-tokens.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { findNodeState, putNodeState } from '../../data/repos/node-states.ts'
import { findNode, updateNode } from '../../data/repos/nodes.ts'
import { newId } from '../../platform/ids.ts'
import { writeFileAtomic } from '../../platform/write-file.ts'
import { requireRole, type Caller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Keys } from '../keys.ts'
import { newNodeToken, nodeTokenHash } from '../nodes/node-token.ts'
import { upkeepInSlices } from '../nodes/upkeep.ts'
import type { Services } from '../services.ts'
import { admitNewcomer } from './admit.ts'
import { introduce } from './introduce.ts'
import { joinTokenHash, readJoinToken, type JoinTokenText } from './text.ts'

/** Where a newcomer finds this node's API. */
export interface Reach {
  urls: string[]
  /** SHA-256 of its certificate; null without TLS. */
  fingerprint: string | null
}

export interface JoinDeps {
  db: Database
  nodeId: string
  keys: Pick<Keys, 'heldIn' | 'takeIn' | 'refresh' | 'announce' | 'reader'>
  clusterId: string
  /** Where the database is, in words. */
  databaseText: string
  /** DIR/node.token */
  nodeTokenFile: string
  /** What it says of itself to the node that made the token. */
  registration: () => Promise<RegistrationInput>
  /** This machine and folder (platform/place.ts). */
  place: () => Promise<string>
  reach: () => Promise<Reach>
  events: Pick<EventBus, 'emit'>
  /** A node's row was written: this node reads its own anew. */
  nodeChanged: (nodeId: string) => Promise<void>
  wake: () => void
}

/**
 * This node takes the cluster keys, which it wraps for its own secret.key, and a token of its own; a retired node is
 * back afterwards. Whether it made itself known at the API or not, the database decides. Trying again with the token
 * that this node used gives it another node token.
 */
export const createJoin =
  (deps: JoinDeps): Services['joinTokens']['join'] =>
  async (caller, text) => {
    const { db, nodeId, clusterId, keys } = deps
    requireRole(caller, 'admin')
    const token = readJoinToken(text)
    refuseOtherCluster(deps, token)
    const { fingerprint: ownFingerprint } = await deps.reach()
    const { nodeToken: given, note } = await introduce({ ...deps, ownFingerprint }, text.trim(), token)
    const nodeToken = given ?? newNodeToken()
    const isBack = await enter(deps, caller, token, nodeTokenHash(nodeToken))
    // After the commit: until this file is there, the same join token gives another one.
    await writeFileAtomic(deps.nodeTokenFile, `${nodeToken}\n`)
    const { available } = await keys.refresh()
    await keys.announce()
    if (isBack) await upkeepInSlices(db, { ...writerOf(caller), transactionId: newId() })
    await deps.nodeChanged(nodeId)
    deps.events.emit({ type: 'node.changed', id: nodeId })
    deps.wake()
    return { nodeId, clusterId, holdsKey: available, note }
  }

const writerOf = ({ actor, reason }: Caller) => ({ actor, reason: reason ?? 'join' })

const refuseOtherCluster = ({ clusterId, databaseText }: JoinDeps, token: JoinTokenText): void => {
  if (token.clusterId === clusterId) return
  throw new AppError(
    'CONFLICT',
    `This token lets into the cluster ${token.clusterId}, but the database of this node (${databaseText}) is that of the ` +
      `cluster ${clusterId}. Name the server database of that cluster in app.yaml (database.type, database.connection) ` +
      'and join again; a SQLite database on another machine cannot be joined.',
  )
}

/** @returns whether the node was retired. */
const enter = async (
  { db, nodeId, keys, ...deps }: JoinDeps,
  caller: Caller,
  { secret }: JoinTokenText,
  tokenHash: string,
): Promise<boolean> => {
  const here = await deps.place()
  return db.write(writerOf(caller), async (tx) => {
    await lockCluster(tx)
    const now = await db.now()
    const found = await findJoinTokenByHash(tx, joinTokenHash(secret))
    const joinTokenId = found?.joinTokenId ?? ''
    const given = await admitNewcomer(tx, { joinTokenId, secret, nodeId, now, takesKeys: true })
    if (given.keys.length > 0) await keys.takeIn(tx, given.keys)
    else if (given.isRepeat && (await keys.heldIn(tx)).length === 0)
      throw new AppError(
        'CONFLICT',
        'This node used this join token, but its secret.key is another one since; create another token.',
      )
    const back = { retiredAt: null, retiredBy: null, retiredReason: null }
    // So that its first start does not wait for the one that registered just now. Never in place of another one's.
    const place = (await findNodeState(tx, nodeId))?.place ?? here
    await putNodeState(tx, nodeId, { publicKey: keys.reader.publicKey, tokenHash, place, ...back })
    const row = await findNode(tx, nodeId)
    if (!row || row.isActive) return false
    await updateNode(tx, nodeId, { isActive: true })
    return true
  })
}
