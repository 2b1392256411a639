import { OpenAPIHandler } from '@orpc/openapi/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, badField } from '../../shared/domain/errors.ts'
import type { ApiContext, Log } from './context.ts'
import { problemOfOrpc } from './errors.ts'
import { callerOf, type Login } from './login.ts'
import { handlerOptions } from './procedure-interceptor.ts'
import { methodNotAllowed, noSuchRoute, pathOf } from './problems.ts'
import type { ApiRouter } from './router.ts'
import { createRouteFinder, type RouteMatch } from './routes.ts'

export const API_PREFIX = '/api/v1'
const MEGABYTE = 1024 * 1024
export const BODY_LIMIT = MEGABYTE
/** Whole task folders travel in one request. */
export const IMPORT_BODY_LIMIT = 6 * MEGABYTE
export const HEARTBEAT_MS = 15_000

interface RestContext extends ApiContext {
  reply: FastifyReply
}

const versionOf = (path: readonly string[], output: unknown): number | null => {
  if (!['tasks.get', 'tasks.create', 'tasks.update'].includes(path.join('.'))) return null
  return (output as { version?: number }).version ?? null
}

const createHandler = (router: ApiRouter, log: Log): OpenAPIHandler<RestContext> => {
  const { interceptors, clientInterceptors } = handlerOptions(log)
  return new OpenAPIHandler<RestContext>(router, {
    customErrorResponseBodyEncoder: problemOfOrpc,
    eventIteratorKeepAliveInterval: HEARTBEAT_MS,
    interceptors: interceptors ?? [],
    clientInterceptors: [
      ...(clientInterceptors ?? []),
      async (call) => {
        const output: unknown = await call.next()
        const version = versionOf(call.path, output)
        if (version !== null) call.context.reply.header('etag', `"${version}"`)
        return output
      },
    ],
  })
}

/**
 * What oRPC would silently ignore is refused: a body that is no object, a query beside a body, and a field
 * that contradicts the address.
 */
const checkInput = (request: FastifyRequest, { params }: RouteMatch): void => {
  const query = (request.query ?? {}) as Record<string, unknown>
  const isGet = request.method === 'GET'
  if (!isGet) request.body ??= {}
  const { body } = request
  if (!isGet && (typeof body !== 'object' || body === null || Array.isArray(body)))
    throw badField([], 'the body must be a JSON object')
  const stray = Object.keys(query).find((name) => !isGet || name in params)
  if (stray !== undefined) throw badField([stray], 'may not be given in the query of this route')
  const fields = (isGet ? {} : body) as Record<string, unknown>
  for (const [name, value] of Object.entries(params))
    if (name in fields && fields[name] !== value)
      throw badField([name], `must be ${value}, as in the address`)
}

/** REST under /api/v1: the contract's paths, problem+json, ETag and If-Match. */
export const registerRest = (app: FastifyInstance, router: ApiRouter, login: Login, log: Log): void => {
  const handler = createHandler(router, log)
  const find = createRouteFinder()
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const route = find(pathOf(request).slice(API_PREFIX.length))
    if (!route) throw noSuchRoute(request)
    if (!route.methods.includes(request.method)) throw methodNotAllowed(reply, route.methods)
    checkInput(request, route)
    const context = { caller: callerOf(request), reply }
    const { matched } = await handler.handle(request, reply, { prefix: API_PREFIX, context })
    if (!matched) throw noSuchRoute(request)
  }
  app.all(`${API_PREFIX}/*`, { onRequest: login, bodyLimit: BODY_LIMIT }, answer)
  app.post(`${API_PREFIX}/tasks/import`, { onRequest: login, bodyLimit: IMPORT_BODY_LIMIT }, answer)
}

/** Fastify's own parser, which refuses prototype tricks; an empty body is an empty object. */
export const acceptJsonOnly = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    if (text.trim() === '') return done(null, {})
    void parse(request, text, (error, parsed) =>
      done(error ? new AppError('BAD_REQUEST', `The body is not JSON: ${error.message}`) : null, parsed),
    )
  })
}
