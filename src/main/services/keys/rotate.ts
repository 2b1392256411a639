import type { Tx } from '../../data/db.ts'
import {
  allClusterKeys,
  deleteClusterKeysOf,
  retireClusterKeys,
  type ClusterKeyRow,
} from '../../data/repos/keys.ts'
import { allNodes } from '../../data/repos/nodes.ts'
import { allNodeStates } from '../../data/repos/node-states.ts'
import { newId } from '../../platform/ids.ts'
import { newValueKey } from '../../platform/secrets/seal.ts'
import { joinPublicKey, putJoinWraps } from './join-wraps.ts'
import type { HeldKey } from './ring.ts'
import { putWraps, type KeyReader } from './wraps.ts'

export interface Rotation {
  now: string
  /** The node that does it: it has the new key whatever the tables say. */
  own: KeyReader
  /** The node that shall not have it. */
  without: string
}

export interface Rotated {
  keyId: string
  /** How many nodes have it. */
  readers: number
  /** Names of nodes that had a copy and that nobody can wrap it for: they told no public key, or do not open theirs. */
  unreached: string[]
}

/**
 * A new cluster key for every node that has the one in use, but one, whose copies go; the earlier keys open what they sealed and seal
 * nothing new. Whoever calls has locked the cluster.
 */
export const rotateClusterKey = async (tx: Tx, { now, own, without }: Rotation): Promise<Rotated> => {
  const key: HeldKey = { ...newValueKey(newId()), createdAt: now, retiredAt: null }
  const { nodes, unreached } = await readersOf(tx, own, without)
  for (const reader of nodes) await putWraps(tx, reader, [key])
  for (const reader of joinReaders(await allClusterKeys(tx))) await putJoinWraps(tx, reader, [key])
  await deleteClusterKeysOf(tx, without)
  await retireClusterKeys(tx, key.keyId, now)
  return { keyId: key.keyId, readers: nodes.length, unreached }
}

/** Whoever has the key has the next one; who was never let in by a join token gets none by waiting for it. */
const readersOf = async (
  tx: Tx,
  own: KeyReader,
  without: string,
): Promise<{ nodes: KeyReader[]; unreached: string[] }> => {
  const states = new Map((await allNodeStates(tx)).map((state) => [state.nodeId, state]))
  const holders = new Set(
    (await allClusterKeys(tx)).filter(({ retiredAt }) => retiredAt === null).map(({ nodeId }) => nodeId),
  )
  const others = (await allNodes(tx)).filter(
    ({ isActive, nodeId }) => isActive && holders.has(nodeId) && nodeId !== without && nodeId !== own.id,
  )
  const known: KeyReader[] = []
  const unreached: string[] = []
  for (const { nodeId, nodeName } of others) {
    const { publicKey = null, keyId = null } = states.get(nodeId) ?? {}
    // No key although there is a copy for it: its secret.key is another one since.
    if (publicKey !== null && keyId !== null) known.push({ id: nodeId, publicKey })
    else unreached.push(nodeName)
  }
  return { nodes: own.id === without ? known : [own, ...known], unreached }
}

/** Join tokens that nobody used yet still let their newcomer in. */
const joinReaders = (rows: readonly ClusterKeyRow[]): KeyReader[] => [
  ...new Map(
    rows.flatMap(({ nodeId, wrapped }) => {
      const publicKey = joinPublicKey(wrapped)
      return publicKey === null ? [] : [[nodeId, { id: nodeId, publicKey }] as const]
    }),
  ).values(),
]
