import { userInfo } from 'node:os'
import { AppError } from '../../shared/domain/errors.ts'
import type { Caller } from '../services/caller.ts'
import type { Services } from '../services/services.ts'

/** RFC 6750; anything longer than any token of ours is not even hashed. */
const BEARER = /^Bearer +([\w.~+/=-]{1,2000})$/i

const unauthorized = (message: string): AppError => new AppError('UNAUTHORIZED', message)

/**
 * The caller behind an `Authorization` header.
 * @throws AppError UNAUTHORIZED when there is none, or its token is unknown, expired or revoked (not told apart).
 */
export const authenticate = async (
  tokens: Services['tokens'],
  header: string | undefined,
  trigger: Caller['trigger'],
): Promise<Caller> => {
  if (!header) throw unauthorized('Send a token: Authorization: Bearer <token>.')
  const text = BEARER.exec(header.trim())?.[1]
  if (!text) throw unauthorized('The Authorization header must be: Bearer <token>.')
  const token = await tokens.verify(text)
  if (!token) throw unauthorized('This token is not known here, has expired or was revoked.')
  const { tokenName, role, node } = token
  const asked = { role, trigger, reason: null, ifMatch: null }
  return node ? { ...asked, actor: node.actor, node } : { ...asked, actor: `token:${tokenName}` }
}

/** Whoever can open the control socket or the window of this data folder: the operating system's user. */
export const localCaller = (trigger: Caller['trigger']): Caller => ({
  actor: `local:${userName()}`,
  role: 'admin',
  trigger,
  reason: null,
  ifMatch: null,
})

/** Containers may run under a user id that has no name. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
