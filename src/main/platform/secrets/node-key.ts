import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { chmod, open, readFile, stat } from 'node:fs/promises'
import { AppError } from '../../../shared/domain/errors.ts'
import { PRIVATE_FILE } from '../write-file.ts'
import { decrypt, encrypt, KEY_BYTES } from './gcm.ts'

/*
 * `secret.key`: this node's X25519 private key (PKCS#8 PEM, 0600). It opens what was wrapped for this node:
 * the cluster key in Cluster_Key and the `encrypted:` values of app.yaml.
 *
 * Wrapping is ECIES in its plain form: a new X25519 key pair for every value, the shared secret through
 * HKDF-SHA256 (salt: both public keys, info: the format's name), AES-256-GCM with the purpose as additional
 * data. Format: `x1.` + base64url(ephemeral public key 32 | nonce 12 | tag 16 | ciphertext).
 * The public key alone wraps, so a cluster can hand its key to a newcomer without a secret in common.
 */

const FORMAT = 'x1.'
const RAW_KEY_BYTES = 32
/** What precedes the 32 raw bytes in the SPKI and the PKCS#8 form of an X25519 key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** A key pair that wraps for itself. */
export interface WrapKey {
  /** base64url of the 32 raw bytes; safe to publish. */
  readonly publicKey: string
  wrap(plain: Buffer, purpose: string): string
  /** Null when it was wrapped for another key or purpose, or altered. */
  unwrap(wrapped: string, purpose: string): Buffer | null
}

export interface NodeKey extends WrapKey {
  /** Others could read the file when it was opened; it is 0600 again, the key may have been copied. */
  readonly wasExposed: boolean
}

const rawPublic = (key: KeyObject): Buffer =>
  key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length)

const publicFromRaw = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), type: 'spki', format: 'der' })

const sharedKey = (privateKey: KeyObject, peer: KeyObject, ephemeral: Buffer, recipient: Buffer): Buffer => {
  const secret = diffieHellman({ privateKey, publicKey: peer })
  return Buffer.from(
    hkdfSync('sha256', secret, Buffer.concat([ephemeral, recipient]), 'pswebhost wrap x1', KEY_BYTES),
  )
}

/** Wraps for the holder of the private half of `publicKey` (as `NodeKey.publicKey` gives it). */
export const wrapFor = (publicKey: string, plain: Buffer, purpose: string): string => {
  const recipient = Buffer.from(publicKey, 'base64url')
  if (recipient.length !== RAW_KEY_BYTES)
    throw new AppError('BAD_REQUEST', 'The public key of a node is 32 bytes as base64url.')
  const pair = generateKeyPairSync('x25519')
  const ephemeral = rawPublic(pair.publicKey)
  const key = sharedKey(pair.privateKey, publicFromRaw(recipient), ephemeral, recipient)
  return FORMAT + Buffer.concat([ephemeral, encrypt(key, plain, purpose)]).toString('base64url')
}

/** Whether `wrapFor` can wrap for it: 32 bytes as base64url, and none of the points that X25519 refuses. */
export const isPublicKey = (text: string): boolean => {
  try {
    wrapFor(text, Buffer.alloc(1), 'probe')
    return /^[\w-]{43}$/.test(text)
  } catch {
    return false
  }
}

const unwrapWith = (privateKey: KeyObject, wrapped: string, purpose: string): Buffer | null => {
  if (!wrapped.startsWith(FORMAT)) return null
  const bytes = Buffer.from(wrapped.slice(FORMAT.length), 'base64url')
  if (bytes.length <= RAW_KEY_BYTES) return null
  const ephemeral = bytes.subarray(0, RAW_KEY_BYTES)
  const recipient = rawPublic(createPublicKey(privateKey))
  try {
    const key = sharedKey(privateKey, publicFromRaw(ephemeral), ephemeral, recipient)
    return decrypt(key, bytes.subarray(RAW_KEY_BYTES), purpose)
  } catch {
    // A low-order point instead of a public key: X25519 refuses it. Not something a node ever wrote.
    return null
  }
}

const parsePem = (pem: string, file: string): KeyObject => {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'x25519') return key
  } catch {
    // Falls through to the one message that helps.
  }
  const way =
    'put the original back, or move it away to start with a new one (stored secrets then stay closed)'
  throw new AppError('INTERNAL', `${file} does not hold this node's X25519 private key: ${way}.`)
}

const createKeyFile = async (file: string): Promise<void> => {
  const { privateKey } = generateKeyPairSync('x25519')
  const handle = await open(file, 'wx', PRIVATE_FILE)
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const exists = async (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

const closeToOthers = async (file: string): Promise<boolean> => {
  if (process.platform === 'win32') return false
  const exposed = ((await stat(file)).mode & 0o077) !== 0
  if (exposed) await chmod(file, PRIVATE_FILE)
  return exposed
}

/**
 * Opens the node's key, creating it at first. Rights wider than 0600 are taken back and reported.
 * @throws AppError INTERNAL naming the file when it holds something else: it is never overwritten.
 */
export const openNodeKey = async (file: string): Promise<NodeKey> => {
  if (!(await exists(file))) await createKeyFile(file)
  const wasExposed = await closeToOthers(file)
  return { ...wrapKeyOf(parsePem(await readFile(file, 'utf8'), file)), wasExposed }
}

const wrapKeyOf = (privateKey: KeyObject): WrapKey => {
  const publicKey = rawPublic(createPublicKey(privateKey)).toString('base64url')
  return {
    publicKey,
    wrap: (plain, purpose) => wrapFor(publicKey, plain, purpose),
    unwrap: (wrapped, purpose) => unwrapWith(privateKey, wrapped, purpose),
  }
}

/**
 * The key pair that a random secret stands for: whoever has the secret opens, and others can wrap more for them
 * without it. `use` binds it, so that one secret has another pair for every use.
 */
export const wrapKeyFromSecret = (secret: Buffer, use: string): WrapKey => {
  const raw = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), use, RAW_KEY_BYTES))
  return wrapKeyOf(
    createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, raw]), type: 'pkcs8', format: 'der' }),
  )
}
