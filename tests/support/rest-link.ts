import { ORPCError } from '@orpc/client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { contextHeaders, type CallContext, type Link } from '../../src/shared/client/create-client.ts'
import { contract } from '../../src/shared/contract/index.ts'

interface Problem {
  code: string
  status: number
  detail: string
  errors?: unknown
  current?: unknown
  data?: unknown
}

/** oRPC's client reads a body as JSON only when it is called just that. */
const asJson = (answer: Response): Response => {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) return answer
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
}

/** The typed client over REST, as another program's generated client would ask: only for tests. */
export const createRestLink = (origin: string, token: string): Link =>
  new OpenAPILink<CallContext>(contract, {
    url: `${origin}/api/v1`,
    headers: ({ context }) => ({ ...contextHeaders(context), authorization: `Bearer ${token}` }),
    fetch: async (request, init) => asJson(await fetch(request, init)),
    customErrorResponseBodyDecoder: (body) => {
      const { code, status, detail, errors, current, data } = body as Problem
      return new ORPCError(code, { status, message: detail, data: { issues: errors, current, data } })
    },
  })
