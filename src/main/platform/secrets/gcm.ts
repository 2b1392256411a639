import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/*
 * AES-256-GCM, as every sealed thing of this program uses it: a random 12-byte nonce, a 16-byte tag, and
 * `purpose` as additional data, so that what was sealed for one use never opens in another.
 */

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

/** `nonce | tag | ciphertext`. */
export const encrypt = (key: Buffer, plain: Buffer, purpose: string): Buffer => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(purpose, 'utf8'))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** The plain bytes, or null when the key or the purpose is another one, or a single bit was altered. */
export const decrypt = (key: Buffer, sealed: Buffer, purpose: string): Buffer | null => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(purpose, 'utf8'))
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    // GCM's only failure: the tag does not fit. It does not say why, and neither can we.
    return null
  }
}
