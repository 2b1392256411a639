import { StandardRPCJsonSerializer } from '@orpc/client/standard'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/domain/errors.ts'
import type { Log } from './context.ts'
import { codeOfStatus, toAppError, toOrpcError, toProblem } from './errors.ts'

/** An AppError under a status its code does not have: 405, 415. */
class HttpError extends AppError {
  readonly httpStatus: number

  constructor(status: number, message: string) {
    super(codeOfStatus(status), message)
    this.httpStatus = status
  }
}

export const methodNotAllowed = (reply: FastifyReply, allowed: readonly string[]): HttpError => {
  void reply.header('allow', allowed.join(', '))
  return new HttpError(405, `Only ${allowed.join(', ')} may be used here.`)
}

export const noSuchRoute = (request: FastifyRequest): AppError =>
  new AppError('NOT_FOUND', `There is no ${request.method} ${pathOf(request)} here.`)

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'

const MESSAGES: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The request is larger than this route takes.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the body as Content-Type: application/json.',
  FST_ERR_BAD_URL: 'The address cannot be decoded.',
}

/** Fastify's own refusals carry a status below 500; everything else is ours or a bug. */
const fromFastify = (error: unknown, log: Log): AppError => {
  if (error instanceof AppError) return error
  const { statusCode, code, message } = error as Partial<FastifyError>
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return toAppError(error, log)
  return new HttpError(statusCode, MESSAGES[code ?? ''] ?? message ?? 'The request cannot be read.')
}

const sendRpcError = (reply: FastifyReply, error: AppError, status: number): FastifyReply => {
  const [json, meta] = new StandardRPCJsonSerializer().serialize(toOrpcError(error).toJSON())
  return reply.code(status).type('application/json').send(JSON.stringify({ json, meta }))
}

/** Sends a failure in the form its caller reads: an RPC error under /rpc, problem+json elsewhere. */
export const sendError = (
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  log: Log,
): FastifyReply => {
  const error = fromFastify(thrown, log)
  const status = error instanceof HttpError ? error.httpStatus : error.status
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="pswebhost"')
  if (pathOf(request).startsWith('/rpc')) return sendRpcError(reply, error, status)
  const problem = JSON.stringify(toProblem(error, status))
  return reply.code(status).type('application/problem+json').send(problem)
}

export const registerErrors = (app: FastifyInstance, log: Log): void => {
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error, log))
  app.addHook('onSend', async (request, reply) => {
    // oRPC sends our problem under its own content type.
    if (reply.statusCode >= 400 && pathOf(request).startsWith('/api/')) reply.type('application/problem+json')
  })
}
