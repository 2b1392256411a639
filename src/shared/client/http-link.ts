import { RPCLink } from '@orpc/client/fetch'
import { contextHeaders, type CallContext, type Link } from './create-client.ts'

export interface HttpLinkOptions {
  /** Where the node answers, like `http://127.0.0.1:7780`. */
  origin: string
  /** Asked before every call, so a token that is entered or changed counts at once. */
  token?: () => string | null
  /** For transports of their own, such as a unix socket. */
  fetch?: (request: Request) => Promise<Response>
}

/** Calls over the RPC route of a node's HTTP server. */
export const createHttpLink = ({ origin, token, fetch }: HttpLinkOptions): Link =>
  new RPCLink<CallContext>({
    url: new URL('/rpc', origin),
    headers: ({ context }) => {
      const text = token?.()
      return { ...contextHeaders(context), ...(text && { authorization: `Bearer ${text}` }) }
    },
    ...(fetch && { fetch }),
  })
