import { createClient, type Client } from '../shared/client/create-client.ts'
import { createHttpLink } from '../shared/client/http-link.ts'

/** Everything that can be asked of the node, typed by the contract (a type only: zod stays out of the calls). */
export type AppClient = Client

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

/** A client of the node that served this page. Every call throws AppError. */
export const connect = ({ token, onUnauthorized }: ConnectOptions): AppClient =>
  createClient(
    createHttpLink({
      origin: window.location.origin,
      token: () => token,
      fetch: async (request) => {
        const response = await fetch(request)
        if (response.status === 401) onUnauthorized(await reasonOf(response.clone()))
        return response
      },
    }),
  )
