import {
  createClient,
  createLocalClient,
  type Client,
  type LocalClient,
} from '../shared/client/create-client.ts'
import { createHttpLink } from '../shared/client/http-link.ts'
import { createIpcLink } from '../shared/client/ipc-link.ts'

/** Everything that can be asked of the node, typed by the contract (a type only: zod stays out of the calls). */
export type AppClient = Client

/** A way to the node. `local` has what only the desktop window of this machine may ask; a browser has none. */
export interface Connected {
  client: AppClient
  local: LocalClient | null
}

/** True in the desktop window: its page has a scheme of its own, and nobody signs in there. */
export const isDesktop = (window: Window): boolean => window.location.protocol === 'app:'

/** The name under which the preload takes the page's port. */
const PORT = 'cluster:port'

/** The node in whose window this page is shown. Every call throws AppError. */
export const connectDesktop = (window: Window): Connected => {
  const { port1, port2 } = new MessageChannel()
  window.postMessage(PORT, window.location.origin, [port2])
  const local = createLocalClient(createIpcLink(port1))
  port1.start()
  return { client: local, local }
}

interface ConnectOptions {
  token: string
  /** The node does not know the token, or not any more; called with its reason. */
  onUnauthorized: (reason: string) => void
}

const REFUSED = 'The node does not accept this token.'

/** The node's own words of a 401, whichever form the answer has. */
const reasonOf = async (response: Response): Promise<string> => {
  const body: unknown = await response.json().catch(() => null)
  const text = JSON.stringify(body)
  return /"(?:detail|message)":"([^"]+)"/.exec(text)?.[1] ?? REFUSED
}

/** The node that served this page to a browser. Every call throws AppError. */
export const connectBrowser = ({ token, onUnauthorized }: ConnectOptions): Connected => ({
  local: null,
  client: createClient(
    createHttpLink({
      origin: window.location.origin,
      token: () => token,
      fetch: async (request) => {
        const response = await fetch(request)
        if (response.status === 401) onUnauthorized(await reasonOf(response.clone()))
        return response
      },
    }),
  ),
})
