import type { Database } from '../../data/db.ts'
import {
  allClusterKeys,
  deleteClusterKey,
  insertClusterKey,
  type ClusterKeyRow,
} from '../../data/repos/keys.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { newId } from '../../platform/ids.ts'
import type { NodeKey } from '../../platform/secrets/node-key.ts'
import { newValueKey } from '../../platform/secrets/seal.ts'
import type { HeldKey } from './ring.ts'

/** The cluster key in Cluster_Key: one row for each key and node, wrapped for that node's secret.key. */
export interface KeyWraps {
  rows: () => Promise<ClusterKeyRow[]>
  /** Makes and wraps the first key of a database without any; else nothing. */
  createFirst: (nodeId: string) => Promise<void>
  /** The keys this node's private key opens. */
  open: (rows: readonly ClusterKeyRow[]) => HeldKey[]
  /** Puts a node's copies, in place of those it has. */
  put: (keys: readonly HeldKey[], nodeId: string) => Promise<void>
  /** The same copies under another id of this node. */
  move: (keys: readonly HeldKey[], from: string, to: string) => Promise<void>
}

const WRITER = { actor: 'system', reason: 'cluster key' }

const purposeOf = (keyId: string): string => `pswebhost cluster key ${keyId}`

export const createKeyWraps = (db: Database, nodeKey: NodeKey): KeyWraps => {
  const rowOf = ({ keyId, key, createdAt, retiredAt }: HeldKey, nodeId: string): ClusterKeyRow => {
    return { keyId, nodeId, wrapped: nodeKey.wrap(key, purposeOf(keyId)), createdAt, retiredAt }
  }
  const move: KeyWraps['move'] = (keys, from, to) =>
    db.write(WRITER, async (tx) => {
      for (const key of keys) {
        await deleteClusterKey(tx, key.keyId, from)
        await deleteClusterKey(tx, key.keyId, to)
        await insertClusterKey(tx, rowOf(key, to))
      }
    })
  return {
    rows: () => allClusterKeys(db.read),
    // Looked at and inserted in one transaction: of two programs that start at once, one makes the key.
    createFirst: async (nodeId) => {
      const first: HeldKey = { ...newValueKey(newId()), createdAt: await db.now(), retiredAt: null }
      await db.write(WRITER, async (tx) => {
        await lockCluster(tx)
        if ((await allClusterKeys(tx)).length === 0) await insertClusterKey(tx, rowOf(first, nodeId))
      })
    },
    open: (rows) =>
      rows.flatMap(({ keyId, wrapped, createdAt, retiredAt }) => {
        const key = nodeKey.unwrap(wrapped, purposeOf(keyId))
        return key ? [{ keyId, key, createdAt, retiredAt }] : []
      }),
    put: (keys, nodeId) => move(keys, nodeId, nodeId),
    move,
  }
}
