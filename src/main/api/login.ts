import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { requireRole, type Caller } from '../services/caller.ts'
import type { Services } from '../services/services.ts'
import { authenticate } from './auth.ts'
import { createFailedLogins } from './failed-logins.ts'
import type { RateLimits } from './guards.ts'
import { pathOf } from './problems.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** A token that was good this long ago is not guessed: it is looked up however many logins fail beside it. */
const TRUSTED_MS = 3_600_000
const MAX_TRUSTED = 1_000

/** Hashes of headers that were good lately. Only good ones are kept, so guesses cannot fill it. */
const createTrusted = (clock: Clock) => {
  const until = new Map<string, number>()
  return {
    has: (hash: string): boolean => (until.get(hash) ?? 0) > clock.monotonic(),
    add: (hash: string): void => {
      if (until.size >= MAX_TRUSTED) until.clear()
      until.set(hash, clock.monotonic() + TRUSTED_MS)
    },
    remove: (hash: string): void => void until.delete(hash),
  }
}

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAUTHORIZED'

/** The credential of a node is good for two routes, whatever else asks no role of its caller. */
const refuseElsewhere = (caller: Caller, request: FastifyRequest): void => {
  if (caller.node && !/^\/(api\/v1|rpc)\/nodes\//.test(pathOf(request))) requireRole(caller, 'viewer')
}

export interface LoginDeps {
  app: FastifyInstance
  tokens: Services['tokens']
  limits: RateLimits
  clock: Clock
}

export type Login = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Puts the caller of `/api/v1` (trigger API) and `/rpc` (a window, so Manual) on the request, or refuses it. An
 * address whose logins failed too often is refused before its token is looked up, unless that was good lately.
 */
export const createLogin = ({ app, tokens, limits, clock }: LoginDeps): Login => {
  app.decorateRequest('caller', null)
  const failures = createFailedLogins(clock, limits.windowMs, limits.failures)
  const trusted = createTrusted(clock)
  /** Looked up right now, by address and token: a page that opens asks many times at once, and is one try. */
  const underway = new Map<string, Promise<unknown>>()

  const check = async (request: FastifyRequest, reply: FastifyReply, hash: string): Promise<Caller> => {
    const { ip } = request
    const trigger = pathOf(request).startsWith('/rpc') ? 'Manual' : 'API'
    const isNew = !trusted.has(hash)
    if (isNew && !failures.mayTry(ip)) {
      const seconds = failures.retryAfter(ip)
      void reply.header('retry-after', seconds)
      throw new AppError('TOO_MANY_REQUESTS', `Too many failed logins; try again in ${seconds} s.`)
    }
    try {
      const caller = await authenticate(tokens, request.headers.authorization, trigger)
      refuseElsewhere(caller, request)
      trusted.add(hash)
      if (isNew) failures.succeeded(ip)
      return caller
    } catch (error) {
      // A node that is just starting cannot tell: that is nobody's wrong guess.
      if (isNew && !isRefusal(error)) failures.succeeded(ip)
      if (isRefusal(error)) trusted.remove(hash)
      throw error
    }
  }

  return async (request, reply) => {
    const hash = createHash('sha256')
      .update(request.headers.authorization ?? '')
      .digest('base64url')
    const key = `${request.ip} ${hash}`
    // Whoever waits for the same token is decided by what the first one learned.
    const before = underway.get(key)
    if (before) await before.catch(() => undefined)
    const checking = check(request, reply, hash)
    underway.set(key, checking)
    try {
      request.caller = await checking
    } finally {
      if (underway.get(key) === checking) underway.delete(key)
    }
  }
}

/** The caller that the login put there. Only for routes behind it. */
export const callerOf = (request: FastifyRequest): Caller => {
  if (!request.caller) throw new Error(`${pathOf(request)} is served without login`)
  return request.caller
}
