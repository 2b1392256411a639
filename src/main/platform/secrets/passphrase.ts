import { randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../shared/domain/errors.ts'
import { decrypt, encrypt, KEY_BYTES } from './gcm.ts'

/*
 * What `backup --with-key` carries: bytes under a passphrase. scrypt with N = 2^17, r = 8, p = 1 (OWASP's
 * first choice for scrypt: 128 MB and some tenths of a second for each guess), a random 16-byte salt, then
 * AES-256-GCM. The parameters travel with the bundle, so they can be raised without breaking old backups.
 */

const COST = { N: 2 ** 17, r: 8, p: 1 }
const PURPOSE = 'pswebhost key bundle 1'
const SALT_BYTES = 16

const bundleSchema = z.strictObject({
  format: z.literal('pswebhost-key'),
  version: z.literal(1),
  // A bundle is foreign input: without bounds it could ask for all memory of the machine.
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    r: z.int().min(1).max(16),
    p: z.int().min(1).max(4),
    salt: z.string().min(1).max(200),
  }),
  data: z.string().max(1_000_000),
})

interface Cost {
  N: number
  r: number
  p: number
}

/** NFKC: the same passphrase typed on another system may arrive composed differently. */
const derive = (passphrase: string, salt: Buffer, cost: Cost): Promise<Buffer> => {
  const options = { N: cost.N, r: cost.r, p: cost.p, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}

/** A JSON text that holds `plain` under the passphrase. */
export const lockWithPassphrase = async (plain: Buffer, passphrase: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(passphrase, salt, COST)
  return JSON.stringify({
    format: 'pswebhost-key',
    version: 1,
    kdf: { name: 'scrypt', ...COST, salt: salt.toString('base64url') },
    data: encrypt(key, plain, PURPOSE).toString('base64url'),
  })
}

const parseBundle = (text: string): z.infer<typeof bundleSchema> => {
  try {
    return bundleSchema.parse(JSON.parse(text))
  } catch (error) {
    const message = 'This is not a key bundle of a backup, or of a newer program.'
    throw new AppError('BAD_REQUEST', message, { cause: error })
  }
}

/** @throws AppError BAD_REQUEST when the passphrase is wrong, or when it is no bundle. */
export const unlockWithPassphrase = async (bundle: string, passphrase: string): Promise<Buffer> => {
  const { kdf, data } = parseBundle(bundle)
  const key = await derive(passphrase, Buffer.from(kdf.salt, 'base64url'), kdf)
  const plain = decrypt(key, Buffer.from(data, 'base64url'), PURPOSE)
  if (plain) return plain
  const message = 'the passphrase is wrong (or the key bundle was altered)'
  throw new AppError('BAD_REQUEST', `The key of this backup does not open: ${message}.`, {
    issues: [{ path: ['passphrase'], message }],
  })
}
