import { hasClusterTables } from '../../data/cluster-tables.ts'
import type { Database, Query } from '../../data/db.ts'
import { allNodeStates } from '../../data/repos/node-states.ts'

/** Of one node id: whether that node can open secret values. */
export type HoldsKey = (nodeId: string) => boolean

/** Asked within the transaction that decides by it. */
export type KeyHolders = (query: Query) => Promise<HoldsKey>

export interface OwnKey {
  nodeId: string
  available: () => boolean
}

/**
 * This node knows it of itself; the others tell it in Node_State. Of one that told nothing (a program of an older
 * schema, a node that was never started) nothing is known, which counts as yes.
 */
export const createKeyHolders =
  (db: Pick<Database, 'schemaVersion'>, own: OwnKey): KeyHolders =>
  async (query) => {
    const states = hasClusterTables(db) ? await allNodeStates(query) : []
    const without = new Set(
      states.filter(({ publicKey, keyId }) => publicKey !== null && keyId === null).map((one) => one.nodeId),
    )
    return (nodeId) => (nodeId === own.nodeId ? own.available() : !without.has(nodeId))
  }
