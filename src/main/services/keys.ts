import { z } from 'zod'
import { AppError } from '../../shared/domain/errors.ts'
import type { Database, Tx } from '../data/db.ts'
import { allClusterKeys } from '../data/repos/keys.ts'
import type { Log } from '../platform/log.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import { lockWithPassphrase, unlockWithPassphrase } from '../platform/secrets/passphrase.ts'
import { createKeyReading } from './keys/reading.ts'
import { createKeyRing, type HeldKey, type KeyState } from './keys/ring.ts'
import { openSecretValues, sealSecretValues, type SecretCodec } from './keys/values.ts'
import { createKeyWraps, putWraps, type KeyReader } from './keys/wraps.ts'
import type { SecretValues } from './tasks/save.ts'

export interface KeysDeps {
  db: Database
  nodeId: string
  nodeKey: NodeKey
  log: Log
}

/** The cluster key: secret values in and out of tables. */
export interface Keys extends SecretValues, SecretCodec {
  /** At start: opens this node's copy of every key; in a database without keys it makes the first one. */
  ensure: () => Promise<KeyState>
  readonly state: KeyState
  /** A node without the key claims no task with secrets. */
  readonly available: boolean
  /** Stored values in clear, and which texts among them are secret (for masking). */
  openValues: (stored: Record<string, unknown>) => { values: Record<string, unknown>; secrets: string[] }
  /** Every key this node holds, under a passphrase, as text for a backup. */
  exportForBackup: (passphrase: string) => Promise<string>
  /** Takes the keys of a backup for this node: after a restore on another machine, or with a new secret.key. */
  takeKeys: (keys: readonly HeldKey[]) => Promise<KeyState>
  /** This node as one that keys are wrapped for. */
  readonly reader: KeyReader
  /** The keys that this node can open, as they are in this transaction. */
  heldIn: (tx: Tx) => Promise<HeldKey[]>
  /** Wraps keys for this node; `refresh` afterwards. */
  takeIn: (tx: Tx, keys: readonly HeldKey[]) => Promise<void>
  /** Looks whether another node made a new key or handed one over, and takes it; says it to the others. */
  refresh: () => Promise<KeyState>
  /** The same, only where the values name a key that is not here. */
  refreshFor: (stored: Record<string, unknown>) => Promise<void>
  /** Tells the other nodes for which public key to wrap, and which key is here. */
  announce: () => Promise<void>
}

const bundleSchema = z.array(
  z.strictObject({
    keyId: z.string().min(1).max(36),
    key: z.base64url(),
    createdAt: z.string(),
    retiredAt: z.string().nullable(),
  }),
)

const toBundle = (keys: readonly HeldKey[]): Buffer =>
  Buffer.from(JSON.stringify(keys.map((key) => ({ ...key, key: key.key.toString('base64url') }))), 'utf8')

/**
 * The keys in the bundle of a backup; touches nothing, so that a restore knows them before it replaces anything.
 * @throws AppError BAD_REQUEST when the passphrase is wrong, or when it is no bundle.
 */
export const openKeyBundle = async (bundle: string, passphrase: string): Promise<HeldKey[]> =>
  bundleSchema
    .parse(JSON.parse((await unlockWithPassphrase(bundle, passphrase)).toString('utf8')))
    .map((held) => ({ ...held, key: Buffer.from(held.key, 'base64url') }))

export const createKeys = ({ db, nodeKey, nodeId, log }: KeysDeps): Keys => {
  const ring = createKeyRing()
  const wraps = createKeyWraps(db, nodeKey)
  const { read, refresh, refreshFor, announce } = createKeyReading({ db, nodeKey, log, ring, wraps, nodeId })
  return {
    seal: ring.seal,
    open: ring.open,
    get state() {
      return ring.state
    },
    get available() {
      return ring.state.available
    },
    get reader() {
      return { id: nodeId, publicKey: nodeKey.publicKey }
    },
    ensure: async () => {
      if ((await allClusterKeys(db.read)).length === 0) await wraps.createFirst(nodeId)
      return read()
    },
    sealValues: (field, values, stored) => sealSecretValues(ring, field, values, stored),
    openValues: (stored) => openSecretValues(ring, stored),
    exportForBackup: async (passphrase) => {
      if (ring.state.available) return lockWithPassphrase(toBundle(ring.held), passphrase)
      throw new AppError('UNAVAILABLE', `The key cannot go into a backup: ${ring.state.reason}.`)
    },
    takeKeys: async (keys) => {
      await wraps.put(keys, nodeId)
      return read()
    },
    heldIn: (tx) => wraps.openIn(tx, nodeId),
    takeIn: async (tx, keys) => void (await putWraps(tx, { id: nodeId, publicKey: nodeKey.publicKey }, keys)),
    refresh,
    refreshFor,
    announce,
  }
}
