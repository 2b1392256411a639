import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/domain/errors.ts'
import { pathOf } from './problems.ts'

/** Requests allowed within `windowMs`, per token and address; `TOKENS_PER_ADDRESS` times as many per address. */
export interface RateLimits {
  windowMs: number
  /** From this machine: the console, scripts, benchmarks. */
  loopback: number
  remote: number
  /** Failed logins, per address, whatever tokens were tried. */
  failures: number
}

export const DEFAULT_LIMITS: RateLimits = { windowMs: 1000, loopback: 2000, remote: 100, failures: 20 }

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export const isLoopback = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '')
  if (bare.toLowerCase() === 'localhost') return true
  const family = isIP(bare)
  return family !== 0 && loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}

const hostName = (header: string): string => /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(header)?.[1] ?? ''

/**
 * A page of another site whose name was re-pointed at 127.0.0.1 still sends that name as Host: refuse what is
 * neither an address nor localhost nor the name we were told to listen on.
 */
export const refuseForeignHosts = (app: FastifyInstance, boundHost: string): void => {
  if (!isLoopback(boundHost)) return
  app.addHook('onRequest', async (request) => {
    const host = hostName(request.headers.host ?? '')
    const isOurs =
      isIP(host.replace(/^\[|\]$/g, '')) !== 0 || host.toLowerCase() === boundHost || isLoopback(host)
    if (!isOurs)
      throw new AppError('FORBIDDEN', `This node answers as localhost, not as ${host || 'nothing'}.`)
  })
}

/** What a page of ours may load and reach, in a browser and in the window alike. */
export const CONTENT_SECURITY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Nothing of ours is framed, sniffed, referred to or read by another origin; CORS headers are never sent. */
export const sendSecurityHeaders = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': CONTENT_SECURITY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    if (/^\/(api|rpc|metrics|healthz)\b/.test(pathOf(request))) reply.header('cache-control', 'no-store')
  })
}

const keyOf = ({ ip, headers }: FastifyRequest): string =>
  `${ip} ${createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('base64url')}`

const tooMany = (_: FastifyRequest, { after }: { after: string }): AppError =>
  new AppError('TOO_MANY_REQUESTS', `Too many requests; try again in ${after}.`)

/** So many tokens may be used to the full from one address; rotating them beyond that gains nothing. */
const TOKENS_PER_ADDRESS = 4

export const limitRates = async (app: FastifyInstance, limits: RateLimits): Promise<void> => {
  const maxOf = ({ ip }: FastifyRequest): number => (isLoopback(ip) ? limits.loopback : limits.remote)
  await app.register(rateLimit, {
    timeWindow: limits.windowMs,
    max: maxOf,
    keyGenerator: keyOf,
    errorResponseBuilder: tooMany,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  })
  const perAddress = app.createRateLimit({
    timeWindow: limits.windowMs,
    max: (request) => TOKENS_PER_ADDRESS * maxOf(request),
    keyGenerator: ({ ip }) => ip,
  })
  app.addHook('onRequest', async (request, reply) => {
    const asked = await perAddress(request)
    if (asked.isAllowed || !asked.isExceeded) return
    reply.header('retry-after', asked.ttlInSeconds)
    throw tooMany(request, { after: `${asked.ttlInSeconds} s` })
  })
}
