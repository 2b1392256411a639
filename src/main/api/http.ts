import Fastify, { type FastifyInstance } from 'fastify'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
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

export interface HttpConfig {
  host: string
  /** 0: any free one. */
  port: number
  /** Listening beyond this machine without TLS was asked for in so many words. */
  insecure: boolean
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
  /** Ends open streams too. */
  close(): Promise<void>
}

/**
 * The node's HTTP face: REST, typed RPC, documents, metrics and the console. Without CORS headers, so no page of
 * another origin can read it.
 * @throws AppError BAD_REQUEST when asked to listen beyond loopback without `insecure`; UNAVAILABLE when it cannot listen.
 */
export const createHttpServer = async (deps: HttpDeps): Promise<HttpServer> => {
  const { host, port, insecure } = deps.config
  if (!isLoopback(host) && !insecure)
    throw new AppError(
      'BAD_REQUEST',
      `api.host is ${host}: tokens would cross the network unencrypted. Use 127.0.0.1, or --insecure to accept that.`,
    )
  const app = await createApp(deps)
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenError(error, host, port)
  }
  return { url: urlOf(app, host), close: () => app.close() }
}

const createApp = async (deps: HttpDeps): Promise<FastifyInstance> => {
  const { services, log, clock, version, limits = DEFAULT_LIMITS } = deps
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    // Streams never end by themselves: closing the node must not wait for them.
    forceCloseConnections: true,
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void sendError(request, reply, error, log),
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

/** The address a person opens: a wildcard is no address. */
const urlOf = (app: FastifyInstance, host: string): string => {
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the HTTP server has no port')
  const wildcard: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  const name = wildcard[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${name}:${address.port}`
}
