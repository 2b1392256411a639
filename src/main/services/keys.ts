import { z } from 'zod'
import { AppError } from '../../shared/domain/errors.ts'
import type { Database } from '../data/db.ts'
import type { Log } from '../platform/log.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import { lockWithPassphrase, unlockWithPassphrase } from '../platform/secrets/passphrase.ts'
import { createKeyRing, type HeldKey, type KeyRing, type KeyState } from './keys/ring.ts'
import { openSecretValues, sealSecretValues, type SecretCodec } from './keys/values.ts'
import { createKeyWraps, type KeyWraps } from './keys/wraps.ts'
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
  /** This node gets another id: its copies of the keys go with it. */
  moveTo: (nodeId: string) => Promise<void>
}

const ELSEWHERE =
  'this node holds no copy of the cluster key; another node of the cluster must hand it over (join token)'
const REPLACED =
  'secret.key of this node does not open its copy of the cluster key; put the original secret.key back, or restore a backup made with its key'

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

/** Reads this node's copies into the ring; what is missing is said once, here. */
const read = async (wraps: KeyWraps, ring: KeyRing, nodeId: string, log: Log): Promise<KeyState> => {
  const mine = (await wraps.rows()).filter((row) => row.nodeId === nodeId)
  const state = ring.take(wraps.open(mine), mine.length > 0 ? REPLACED : ELSEWHERE)
  if (!state.available) log.warn(`Secret values stay closed on this node: ${state.reason}.`)
  return state
}

export const createKeys = ({ db, nodeKey, log, ...deps }: KeysDeps): Keys => {
  const ring = createKeyRing()
  const wraps = createKeyWraps(db, nodeKey)
  let nodeId = deps.nodeId
  return {
    seal: ring.seal,
    open: ring.open,
    get state() {
      return ring.state
    },
    get available() {
      return ring.state.available
    },
    ensure: async () => {
      if ((await wraps.rows()).length === 0) await wraps.createFirst(nodeId)
      return read(wraps, ring, nodeId, log)
    },
    sealValues: (field, values, stored) => sealSecretValues(ring, field, values, stored),
    openValues: (stored) => openSecretValues(ring, stored),
    exportForBackup: async (passphrase) => {
      if (ring.state.available) return lockWithPassphrase(toBundle(ring.held), passphrase)
      throw new AppError('UNAVAILABLE', `The key cannot go into a backup: ${ring.state.reason}.`)
    },
    takeKeys: async (keys) => {
      await wraps.put(keys, nodeId)
      return read(wraps, ring, nodeId, log)
    },
    moveTo: async (to) => {
      await wraps.move(ring.held, nodeId, to)
      nodeId = to
    },
  }
}
