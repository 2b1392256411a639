import { createRouterClient } from '@orpc/server'
import { createLocalClient, type CallContext, type LocalClient } from '../../shared/client/create-client.ts'
import type { Caller } from '../services/caller.ts'
import type { Log } from './context.ts'
import { handlerOptions } from './procedure-interceptor.ts'
import type { LocalRouter } from './router.ts'

type Call = (input: unknown, options: unknown) => Promise<unknown>

/**
 * The typed client of a router in the same process: for the command line when no node runs. Input is checked,
 * roles hold and errors come back as over a socket.
 */
export const createDirectClient = (router: LocalRouter, caller: Caller, log: Log): LocalClient => {
  const direct: unknown = createRouterClient(router, {
    context: ({ reason, ifMatch }: CallContext) => ({
      caller: { ...caller, reason: reason ?? null, ifMatch: ifMatch ?? null },
    }),
    interceptors: handlerOptions(log).clientInterceptors ?? [],
  })
  return createLocalClient({
    call: (path, input, options) => {
      // A router client is nested by name; its leaves are calls.
      const call = path.reduce<unknown>(
        (entry, name) => (entry as Record<string, unknown>)[name],
        direct,
      ) as Call
      return call(input, options)
    },
  })
}
