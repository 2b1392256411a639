import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { badField } from '../../../shared/domain/errors.ts'

/*
 * What a newcomer is given: `psj_` + base64url of JSON. The secret is all that lets it in; the rest says where to
 * and tells a mistake (the wrong database, the wrong server) before it does harm.
 */

const PREFIX = 'psj_'
const SECRET_BYTES = 32

const textSchema = z.strictObject({
  /** The secret, base64url. */
  s: z.string().regex(/^[\w-]{43}$/),
  /** ClusterID. */
  c: z.string().max(36),
  /** Where the API of the node that made it answers. */
  u: z.array(z.string().max(300)).max(10),
  /** SHA-256 of that API's certificate; null without TLS. */
  f: z.string().max(100).nullable(),
})

export interface JoinTokenText {
  secret: Buffer
  clusterId: string
  urls: string[]
  fingerprint: string | null
}

export const newJoinSecret = (): Buffer => randomBytes(SECRET_BYTES)

/** What Join_Token knows the token by. */
export const joinTokenHash = (secret: Buffer): string => createHash('sha256').update(secret).digest('hex')

export const writeJoinToken = ({ secret, clusterId, urls, fingerprint }: JoinTokenText): string => {
  const text = { s: secret.toString('base64url'), c: clusterId, u: urls, f: fingerprint }
  return PREFIX + Buffer.from(JSON.stringify(text), 'utf8').toString('base64url')
}

/** Null for anything that is no join token. */
export const parseJoinToken = (token: string): JoinTokenText | null => {
  if (!token.startsWith(PREFIX)) return null
  try {
    const json: unknown = JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString('utf8'))
    const { s, c, u, f } = textSchema.parse(json)
    return { secret: Buffer.from(s, 'base64url'), clusterId: c, urls: u, fingerprint: f }
  } catch {
    return null
  }
}

/** @throws AppError BAD_REQUEST naming the field. */
export const readJoinToken = (token: string): JoinTokenText => {
  const text = parseJoinToken(token.trim())
  if (text) return text
  throw badField(
    ['token'],
    'is no join token, or not all of it; it starts with psj_ and is what pswebhost-node join-token create printed',
  )
}
