import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AppError, badField } from '../../shared/domain/errors.ts'
import type { ApiToken, CreatedToken, Role, TokenInput } from '../../shared/domain/role.ts'
import type { Database } from '../data/db.ts'
import {
  allTokens,
  findToken,
  findTokenByHash,
  insertToken,
  updateToken,
  type TokenRow,
} from '../data/repos/tokens.ts'
import { isoOf, type Clock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { writeFileAtomic } from '../platform/write-file.ts'
import { requireRole, systemCaller, type Caller, type NodeCredential } from './caller.ts'
import { createTokenCache } from './tokens/cache.ts'
import type { Services } from './services.ts'

export interface TokensDeps {
  db: Database
  clock: Clock
  /** Null when the text is none. */
  nodeCredential?: (text: string) => Promise<NodeCredential | null>
}

export interface VerifiedToken {
  tokenId: string
  tokenName: string
  role: Role
  node?: NodeCredential
}

export interface Tokens extends Required<Services['tokens']> {
  /** DIR/admin.token: kept while it is a valid admin token, else written anew (0600). The text of it. */
  ensureAdminToken(file: string): Promise<string>
  /** Forgets what was verified, after a change of Api_Token that did not come through here (an undo, a restore). */
  forget(): void
}

const PREFIX = 'psw_'
const SECRET_BYTES = 32
/** 32 bytes as base64url: anything else is refused before the database is asked. */
const FORM = /^psw_[A-Za-z0-9_-]{43}$/

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))

const toToken = ({ tokenHash: _hash, version: _version, ...token }: TokenRow): ApiToken => token

const isValidAt = (row: TokenRow, now: string): boolean =>
  row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now)

const refuseLapsed = (expiresAt: string | null, now: string): void => {
  if (expiresAt !== null && expiresAt <= now)
    throw badField(['expiresAt'], 'lies in the past; leave it out for a token that does not expire')
}

const newToken = (actor: string, input: TokenInput, createdAt: string): { row: TokenRow; token: string } => {
  const token = PREFIX + randomBytes(SECRET_BYTES).toString('base64url')
  const tokenId = newId()
  const row: TokenRow = {
    tokenId,
    // Actors are named `token:<name>` in the change log: a name nobody chose must still tell them apart.
    tokenName: input.name ?? `${input.role}-${tokenId.slice(-6)}`,
    role: input.role,
    tokenHash: hashOf(token),
    createdBy: actor,
    createdAt,
    expiresAt: input.expiresAt,
    revokedAt: null,
    version: 1,
  }
  return { row, token }
}

const createToken = async (db: Database, caller: Caller, input: TokenInput): Promise<CreatedToken> => {
  requireRole(caller, 'admin')
  const now = await db.now()
  refuseLapsed(input.expiresAt, now)
  const { row, token } = newToken(caller.actor, input, now)
  await db.write({ actor: caller.actor, reason: caller.reason }, (tx) => insertToken(tx, row))
  return { ...toToken(row), token }
}

const revokeToken = async (db: Database, caller: Caller, tokenId: string): Promise<void> => {
  requireRole(caller, 'admin')
  const revokedAt = await db.now()
  await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => {
    const row = await findToken(tx, tokenId)
    if (!row) throw new AppError('NOT_FOUND', `There is no token ${tokenId}.`)
    // Revoked once is revoked: the first time stays.
    if (row.revokedAt === null) await updateToken(tx, tokenId, { revokedAt, version: row.version + 1 })
  })
}

const asVerified = (node: NodeCredential | null | undefined): VerifiedToken | null =>
  node ? { tokenId: '', tokenName: node.actor, role: 'viewer', node } : null

export const createTokens = ({ db, clock, nodeCredential }: TokensDeps): Tokens => {
  const cache = createTokenCache(clock)

  /** Whoever was let in before can look, and is told what is wrong, while the database is away. */
  const lastSeen = (hash: string, error: unknown): TokenRow => {
    const row = error instanceof AppError && error.code === 'UNAVAILABLE' ? cache.last(hash) : null
    if (row) return row
    throw error
  }

  const lookUp = async (hash: string): Promise<TokenRow | null> => {
    const known = cache.get(hash)
    if (known) return known
    const asOf = cache.generation()
    const row = await findTokenByHash(db.look, hash).catch((error: unknown) => lastSeen(hash, error))
    if (!row || !sameHash(row.tokenHash, hash)) return null
    cache.put(row, asOf)
    return row
  }

  const verify = async (text: string): Promise<VerifiedToken | null> => {
    if (!FORM.test(text)) return asVerified(await nodeCredential?.(text))
    const row = await lookUp(hashOf(text))
    if (!row || !isValidAt(row, isoOf(clock.now()))) return null
    return { tokenId: row.tokenId, tokenName: row.tokenName, role: row.role }
  }

  const ensureAdminToken = async (file: string): Promise<string> => {
    const held = (await readFile(file, 'utf8').catch(() => '')).trim()
    if ((await verify(held))?.role === 'admin') return held
    const { token } = await createToken(db, systemCaller, {
      role: 'admin',
      name: 'first-admin',
      expiresAt: null,
    })
    await writeFileAtomic(file, `${token}\n`)
    return token
  }

  return {
    // Names and dates, never a token: whoever may read may see who else may.
    list: async (caller) => {
      requireRole(caller, 'viewer')
      return (await allTokens(db.read)).map(toToken)
    },
    create: (caller, input) => createToken(db, caller, input),
    revoke: async (caller, tokenId) => {
      await revokeToken(db, caller, tokenId)
      cache.clear()
    },
    verify,
    ensureAdminToken,
    forget: cache.clear,
  }
}
