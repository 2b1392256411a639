import { RPCHandler, type MessagePortHandler } from '@orpc/server/message-port'
import type { Caller } from '../services/caller.ts'
import type { ApiContext, Log } from './context.ts'
import { handlerOptions } from './procedure-interceptor.ts'
import type { ApiRouter } from './router.ts'

export type Port = Parameters<MessagePortHandler<ApiContext>['upgrade']>[0]

/**
 * Serves the router on MessagePorts. The desktop decides which ports may come (sender check) and as whom;
 * runs started over one count as `Manual`. Closing a port ends its calls and streams.
 */
export const createPortHandler = (router: ApiRouter, log: Log): ((port: Port, caller: Caller) => void) => {
  const handler = new RPCHandler(router, handlerOptions(log))
  return (port, caller) => handler.upgrade(port, { context: { caller: { ...caller, trigger: 'Manual' } } })
}
