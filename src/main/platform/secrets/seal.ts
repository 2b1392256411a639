import { randomBytes } from 'node:crypto'
import { decrypt, encrypt, KEY_BYTES } from './gcm.ts'

/*
 * Secret values in tables, sealed by the cluster key: `<keyId>.<base64url(nonce | tag | ciphertext)>`.
 *
 * The key id is bound as additional data; task, field and name are not. A value outlives them: a task is
 * copied, imported under another id, brought back by an undo, and a run keeps the values it was started with.
 * Binding would mean re-sealing, hence a change in the log where nothing changed. It would only stop someone
 * who writes to the database directly, and who can do that is fully trusted (docs/security.md); the API
 * takes no sealed value from anyone.
 */

export interface ValueKey {
  keyId: string
  key: Buffer
}

const purposeOf = (keyId: string): string => `pswebhost value ${keyId}`

export const newValueKey = (keyId: string): ValueKey => ({ keyId, key: randomBytes(KEY_BYTES) })

/** A new nonce every time: sealing the same text twice gives two different values. */
export const sealText = ({ keyId, key }: ValueKey, text: string): string =>
  `${keyId}.${encrypt(key, Buffer.from(text, 'utf8'), purposeOf(keyId)).toString('base64url')}`

/** Which key opens it; null when it is not a sealed value at all. */
export const keyIdOf = (sealed: string): string | null => {
  const dot = sealed.lastIndexOf('.')
  return dot > 0 ? sealed.slice(0, dot) : null
}

/** The text, or null when it was sealed by another key or altered. */
export const openText = ({ keyId, key }: ValueKey, sealed: string): string | null => {
  if (keyIdOf(sealed) !== keyId) return null
  const bytes = Buffer.from(sealed.slice(keyId.length + 1), 'base64url')
  return decrypt(key, bytes, purposeOf(keyId))?.toString('utf8') ?? null
}
