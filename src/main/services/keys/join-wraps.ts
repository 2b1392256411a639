import type { Tx } from '../../data/db.ts'
import { clusterKeysOf, deleteClusterKeysOf, insertClusterKey } from '../../data/repos/keys.ts'
import { wrapKeyFromSecret, type WrapKey } from '../../platform/secrets/node-key.ts'
import type { HeldKey } from './ring.ts'
import { openWraps, wrappedFor, type KeyReader } from './wraps.ts'

/*
 * The cluster keys for whoever has a join token: rows of Cluster_Key whose NodeID is the JoinTokenID, wrapped for
 * the X25519 key that the token's secret stands for. Its public half stands before the wrap (`j1.<public>.<wrap>`),
 * so that a key that is made later is wrapped for the token too, by a node that never saw the token.
 */

const FORMAT = /^j1\.([\w-]{43})\.(.+)$/s

export const joinKeyOf = (secret: Buffer): WrapKey => wrapKeyFromSecret(secret, 'pswebhost join token j1')

/** The public half that a row of a join token carries; null for the row of a node. */
export const joinPublicKey = (wrapped: string): string | null => FORMAT.exec(wrapped)?.[1] ?? null

export const putJoinWraps = async (tx: Tx, reader: KeyReader, keys: readonly HeldKey[]): Promise<void> => {
  for (const key of keys) {
    const row = wrappedFor(reader, key)
    await insertClusterKey(tx, { ...row, wrapped: `j1.${reader.publicKey}.${row.wrapped}` })
  }
}

/** Opens the copies of a join token and removes them: they are for one newcomer. */
export const takeJoinWraps = async (tx: Tx, joinTokenId: string, secret: Buffer): Promise<HeldKey[]> => {
  const rows = await clusterKeysOf(tx, joinTokenId)
  await deleteClusterKeysOf(tx, joinTokenId)
  return openWraps(
    joinKeyOf(secret),
    rows.map((row) => ({ ...row, wrapped: FORMAT.exec(row.wrapped)?.[2] ?? '' })),
  )
}
