import type { RequestListener, Server } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { ServerCertificate } from '../platform/certificate/certificate.ts'
import type { Clock } from '../platform/clock.ts'
import type { Services } from '../services/services.ts'
import { registerConsole } from './console.ts'
import type { Log } from './context.ts'
import { registerDocs } from './docs.ts'
import {
  DEFAULT_LIMITS,
  isLoopback,
  limitRates,
  refuseForeignHosts,
  sendSecurityHeaders,
  type RateLimits,
} from './guards.ts'
import { createLogin } from './login.ts'
import { registerOutput } from './output-route.ts'
import { registerErrors, sendError } from './problems.ts'
import { acceptJsonOnly, BODY_LIMIT, registerRest } from './rest.ts'
import { createRouter } from './router.ts'
import { registerRpc } from './rpc.ts'
import { createSecureServers, type SecureServers } from './secure-server.ts'

export interface HttpConfig {
  host: string
  /** 0: any free one. */
  port: number
  /** Listening beyond this machine without TLS was asked for in so many words. */
  insecure: boolean
  /** Answers over HTTPS with it; null: in clear. */
  certificate: ServerCertificate | null
}

export interface HttpDeps {
  services: Services
  config: HttpConfig
  /** The built console; where it is missing, `/` says so. */
  consoleDir: string
  log: Log
  version: string
  clock: Clock
  limits?: RateLimits
}

export interface HttpServer {
  /** `http://127.0.0.1:7780` */
  url: string
  port: number
  /** Another certificate from the next connection on; of no effect in clear. */
  useCertificate(certificate: ServerCertificate): void
  /** Ends open streams too. */
  close(): Promise<void>
}

/**
 * The node's HTTP face: REST, typed RPC, documents, metrics and the console. Without CORS headers, so no page of
 * another origin can read it.
 * @throws AppError BAD_REQUEST when asked to listen beyond loopback without `insecure`; UNAVAILABLE when it cannot listen.
 */
export const createHttpServer = async (deps: HttpDeps): Promise<HttpServer> => {
  const { host, port, insecure, certificate } = deps.config
  if (!certificate && !isLoopback(host) && !insecure)
    throw new AppError(
      'BAD_REQUEST',
      `api.host is ${host}: tokens would cross the network unencrypted. Use 127.0.0.1, leave api.tls.enabled empty, or accept that with --insecure.`,
    )
  const secure = certificate && createSecureServers(certificate)
  const app = await createApp(deps, secure)
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenError(error, host, port)
  }
  const bound = portOf(app)
  return {
    url: urlOf(secure ? 'https' : 'http', host, bound),
    port: bound,
    useCertificate: (changed) => secure?.use(changed),
    close: () => app.close(),
  }
}

const createApp = async (deps: HttpDeps, secure: SecureServers | null): Promise<FastifyInstance> => {
  const { services, log, clock, version, limits = DEFAULT_LIMITS } = deps
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    // Streams never end by themselves: closing the node must not wait for them.
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void sendError(request, reply, error, log),
    ...serverOption(secure),
  })
  registerErrors(app, log)
  sendSecurityHeaders(app)
  refuseForeignHosts(app, deps.config.host)
  await limitRates(app, limits)
  acceptJsonOnly(app)
  const login = createLogin({ app, tokens: services.tokens, limits, clock })
  const router = createRouter(services)
  registerRest(app, router, login, log)
  registerRpc(app, router, login, log)
  registerOutput(app, { runs: services.runs, clock, log, login })
  app.get('/healthz', async (_, reply) => {
    const health = services.system.health()
    return reply.code(health.ok ? 200 : 503).send(health)
  })
  app.get('/metrics', { onRequest: login }, async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await services.system.metrics()),
  )
  await registerDocs(app, version)
  await registerConsole(app, deps.consoleDir, log)
  return app
}

const REQUEST_TIMEOUT_MS = 60_000
/** As Fastify has it. */
const KEEP_ALIVE_MS = 72_000

type ServerOption = Pick<FastifyServerOptions<Server>, 'serverFactory'>

/** Fastify sets its own options only on servers it makes itself. */
const serverOption = (secure: SecureServers | null): ServerOption => {
  if (!secure) return {}
  const serverFactory = (handler: RequestListener): Server => {
    const server = secure.create(handler)
    server.requestTimeout = REQUEST_TIMEOUT_MS
    server.keepAliveTimeout = KEEP_ALIVE_MS
    return server
  }
  return { serverFactory }
}

const listenError = (error: unknown, host: string, port: number): AppError => {
  const { code } = error as NodeJS.ErrnoException
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is used by another program; choose another with --port or api.port (0: any free one)`,
    EADDRNOTAVAIL: `${host} is not an address of this machine; see --host or api.host`,
    ENOTFOUND: `${host} is not known; see --host or api.host`,
    EACCES: `this user may not use port ${port}; choose one above 1023`,
  }
  return new AppError(
    'UNAVAILABLE',
    `Cannot listen on ${host}:${port}: ${reasons[code ?? ''] ?? messageOf(error)}.`,
    {
      cause: error,
    },
  )
}

const portOf = (app: FastifyInstance): number => {
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the HTTP server has no port')
  return address.port
}

/** The address a person opens: a wildcard is no address. */
const urlOf = (scheme: 'http' | 'https', host: string, port: number): string => {
  const wildcard: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  return `${scheme}://${wildcard[host] ?? inUrl(host)}:${port}`
}

/** IPv6 addresses stand in brackets there. */
export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
