import { RPCHandler } from '@orpc/server/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from './context.ts'
import { callerOf, type Login } from './login.ts'
import { handlerOptions } from './procedure-interceptor.ts'
import { methodNotAllowed, noSuchRoute } from './problems.ts'
import { BODY_LIMIT, HEARTBEAT_MS, IMPORT_BODY_LIMIT } from './rest.ts'
import type { ApiRouter } from './router.ts'

/** The typed calls of browser console, tests and other nodes, under /rpc with the same login. */
export const registerRpc = (app: FastifyInstance, router: ApiRouter, login: Login, log: Log): void => {
  const options = { ...handlerOptions(log), eventIteratorKeepAliveInterval: HEARTBEAT_MS }
  const handler = new RPCHandler(router, options)
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.method !== 'POST') throw methodNotAllowed(reply, ['POST'])
    const context = { caller: callerOf(request) }
    const { matched } = await handler.handle(request, reply, { prefix: '/rpc', context })
    if (!matched) throw noSuchRoute(request)
  }
  app.all('/rpc/*', { onRequest: login, bodyLimit: BODY_LIMIT }, answer)
  app.post('/rpc/tasks/import', { onRequest: login, bodyLimit: IMPORT_BODY_LIMIT }, answer)
}
