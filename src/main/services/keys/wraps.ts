import type { Database, Tx } from '../../data/db.ts'
import {
  allClusterKeys,
  clusterKeysOf,
  deleteClusterKey,
  insertClusterKey,
  type ClusterKeyRow,
} from '../../data/repos/keys.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { allNodes } from '../../data/repos/nodes.ts'
import { newId } from '../../platform/ids.ts'
import { wrapFor, type NodeKey, type WrapKey } from '../../platform/secrets/node-key.ts'
import { newValueKey } from '../../platform/secrets/seal.ts'
import { isAway } from '../nodes/records.ts'
import type { HeldKey } from './ring.ts'

/** The cluster key in Cluster_Key: one row for each key and node, wrapped for that node's secret.key. */
export interface KeyWraps {
  /** Makes and wraps the first key of a database without any; else nothing. */
  createFirst: (nodeId: string) => Promise<void>
  /** The keys this node's private key opens. */
  open: (rows: readonly ClusterKeyRow[]) => HeldKey[]
  /** The same within one transaction, as they are now. */
  openIn: (tx: Tx, nodeId: string) => Promise<HeldKey[]>
  /** Puts a node's copies, in place of those it has; a key that the others renewed stays retired. */
  put: (keys: readonly HeldKey[], nodeId: string) => Promise<void>
}

const WRITER = { actor: 'system', reason: 'cluster key' }

const purposeOf = (keyId: string): string => `pswebhost cluster key ${keyId}`

/** Who may open a copy: a node, or a join token that is not used yet. */
export interface KeyReader {
  /** NodeID, or JoinTokenID. */
  id: string
  publicKey: string
}

export const wrappedFor = ({ id, publicKey }: KeyReader, held: HeldKey): ClusterKeyRow => ({
  keyId: held.keyId,
  nodeId: id,
  wrapped: wrapFor(publicKey, held.key, purposeOf(held.keyId)),
  createdAt: held.createdAt,
  retiredAt: held.retiredAt,
})

/** The keys that `opener` opens; the others are left out. */
export const openWraps = (
  opener: Pick<WrapKey, 'unwrap'>,
  rows: readonly Pick<ClusterKeyRow, 'keyId' | 'wrapped' | 'createdAt' | 'retiredAt'>[],
): HeldKey[] =>
  rows.flatMap(({ keyId, wrapped, createdAt, retiredAt }) => {
    const key = opener.unwrap(wrapped, purposeOf(keyId))
    return key ? [{ keyId, key, createdAt, retiredAt }] : []
  })

/** Copies for one reader, in place of those it has of the same keys. */
export const putWraps = async (
  tx: Tx,
  reader: KeyReader,
  keys: readonly HeldKey[],
): Promise<ClusterKeyRow[]> => {
  const rows = keys.map((key) => wrappedFor(reader, key))
  for (const row of rows) {
    await deleteClusterKey(tx, row.keyId, reader.id)
    await insertClusterKey(tx, row)
  }
  return rows
}

export const createKeyWraps = (db: Database, nodeKey: NodeKey): KeyWraps => {
  const readerOf = (nodeId: string): KeyReader => ({ id: nodeId, publicKey: nodeKey.publicKey })
  return {
    // Looked at and inserted in one transaction: of two programs that start at once, one makes the key.
    createFirst: async (nodeId) => {
      const first: HeldKey = { ...newValueKey(newId()), createdAt: await db.now(), retiredAt: null }
      await db.write(WRITER, async (tx) => {
        await lockCluster(tx)
        if ((await allClusterKeys(tx)).length === 0)
          await insertClusterKey(tx, wrappedFor(readerOf(nodeId), first))
      })
    },
    open: (rows) => openWraps(nodeKey, rows),
    openIn: async (tx, nodeId) => openWraps(nodeKey, await clusterKeysOf(tx, nodeId)),
    // Locked, and by what the tables say then: another node may renew the key at this moment.
    put: (keys, nodeId) =>
      db.write(WRITER, async (tx) => {
        await lockCluster(tx)
        const retired = await retiredForOthers(tx, nodeId, await db.now())
        await putWraps(
          tx,
          readerOf(nodeId),
          keys.map((key) => ({ ...key, retiredAt: retired.get(key.keyId) ?? key.retiredAt })),
        )
      }),
  }
}

/** Longer than any lease: whoever was heard of within it can hand the key over. */
const HEARD_WITHIN_MS = 300_000

/**
 * Since when keys are retired, while another node is there that has the one in use: a copy of before must not seal
 * again what a retired machine can read. With none there, the copy is all there is, and is used as it is.
 */
const retiredForOthers = async (tx: Tx, nodeId: string, now: string): Promise<Map<string, string | null>> => {
  const rows = await allClusterKeys(tx)
  const holders = new Set(rows.filter(({ retiredAt }) => retiredAt === null).map((row) => row.nodeId))
  const isThere = (await allNodes(tx)).some(
    (node) =>
      node.isActive &&
      node.nodeId !== nodeId &&
      holders.has(node.nodeId) &&
      !isAway(node, { now, awayAfterMs: HEARD_WITHIN_MS }),
  )
  return new Map(isThere ? rows.map(({ keyId, retiredAt }) => [keyId, retiredAt]) : [])
}
