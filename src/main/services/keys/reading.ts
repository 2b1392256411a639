import { isSealedSecret } from '../../../shared/domain/secret.ts'
import type { Database } from '../../data/db.ts'
import { clusterKeysOf, type ClusterKeyRow } from '../../data/repos/keys.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { findNodeState, putNodeState } from '../../data/repos/node-states.ts'
import type { Log } from '../../platform/log.ts'
import type { NodeKey } from '../../platform/secrets/node-key.ts'
import { keyIdOf } from '../../platform/secrets/seal.ts'
import type { HeldKey, KeyRing, KeyState } from './ring.ts'
import type { KeyWraps } from './wraps.ts'

/** This node's copies of the keys, from the table into memory: at start, and when another node changed them. */

export interface KeyReadingDeps {
  db: Database
  nodeKey: NodeKey
  log: Log
  ring: KeyRing
  wraps: KeyWraps
  nodeId: string
}

const ELSEWHERE =
  'this node holds no copy of the cluster key; another node of the cluster must hand it over (join token)'
const REPLACED =
  'secret.key of this node does not open its copy of the cluster key; put the original secret.key back, or restore a backup made with its key'

const RENEWED =
  'the cluster key was renewed and this node has no copy of the new one; take it with a new join token (pswebhost-node join TOKEN)'

/** Of a node whose row names a public key that is not its own: the next cluster key would be wrapped for that one. */
export const otherPublicKey = (nodeId: string): string =>
  `the database named another public key for this node (${nodeId}) than that of its secret.key: either secret.key was ` +
  'exchanged, or somebody wrote to the database so that the next cluster key is wrapped for him (docs/security.md, disaster recovery)'

/** Why none of its copies, if it has any, lets this node seal. */
const whyNone = (rows: readonly ClusterKeyRow[], held: readonly HeldKey[]): string => {
  if (rows.length === 0) return ELSEWHERE
  return held.length === 0 ? REPLACED : RENEWED
}

/** What tells copies of this node apart from those it read before. */
const signatureOf = (rows: readonly ClusterKeyRow[]): string =>
  rows.map(({ keyId, wrapped, retiredAt }) => `${keyId} ${wrapped} ${retiredAt ?? ''}`).join('\n')

export const createKeyReading = ({ db, nodeKey, log, ring, wraps, nodeId }: KeyReadingDeps) => {
  let seen: string | null = null

  /** What is missing is said once for each reason. */
  const read = async (): Promise<KeyState> => {
    const mine = await clusterKeysOf(db.look, nodeId)
    const before = ring.state
    seen = signatureOf(mine)
    const held = wraps.open(mine)
    const state = ring.take(held, whyNone(mine, held))
    if (!state.available && (before.available || before.reason !== state.reason))
      log.warn(`Secret values stay closed on this node: ${state.reason}.`)
    return state
  }

  const announce = async (): Promise<void> => {
    const keyId = ring.state.available ? ring.state.keyId : null
    const { publicKey } = nodeKey
    const known = await findNodeState(db.look, nodeId)
    if (known?.publicKey === publicKey && known.keyId === keyId) return
    if (known?.publicKey && known.publicKey !== publicKey) log.warn(otherPublicKey(nodeId))
    await db.write({ actor: 'system', reason: 'cluster key' }, async (tx) => {
      await lockCluster(tx)
      await putNodeState(tx, nodeId, { publicKey, keyId })
    })
  }

  const refresh = async (): Promise<KeyState> => {
    if (signatureOf(await clusterKeysOf(db.look, nodeId)) === seen) return ring.state
    const state = await read()
    await announce()
    if (state.available) log.info(`This node holds the cluster key ${state.keyId}.`)
    return state
  }

  const refreshFor = async (stored: Record<string, unknown>): Promise<void> => {
    const held = new Set(ring.held.map(({ keyId }) => keyId))
    const isUnknown = (value: unknown): boolean =>
      isSealedSecret(value) && !held.has(keyIdOf(value.$sealed) ?? '')
    if (Object.values(stored).some(isUnknown)) await refresh()
  }

  return { read, refresh, refreshFor, announce }
}
