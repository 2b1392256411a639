import { Agent, fetch as undiciFetch } from 'undici'
import type { Link } from '../../shared/client/create-client.ts'
import { createHttpLink } from '../../shared/client/http-link.ts'

export interface SocketLink {
  link: Link
  close(): Promise<void>
}

/** Calls over a node's control socket. A backup or an import may take its time: nothing times out here. */
export const createSocketLink = (socketPath: string): SocketLink => {
  const dispatcher = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 })
  const viaSocket = async (request: Request): Promise<Response> => {
    const { url, method, signal } = request
    const headers = Object.fromEntries(request.headers)
    return undiciFetch(url, { method, headers, signal, dispatcher, body: await request.text() })
  }
  return {
    // The host is never looked up; it only completes the address.
    link: createHttpLink({ origin: 'http://localhost', fetch: viaSocket }),
    close: () => dispatcher.destroy(),
  }
}
