import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract, localContract } from '../contract/index.ts'
import { AppError, ERROR_STATUS, messageOf, type ErrorCode, type ErrorDetails } from '../domain/errors.ts'

/** What one call may carry besides its input. */
export interface CallContext extends ClientContext {
  /** Why: written with the change it makes. */
  reason?: string
  /** The version the edit is based on: a newer one makes the call fail with `CONFLICT`. */
  ifMatch?: number
}

/** How a call travels: fetch, a MessagePort, a socket. */
export type Link = ClientLink<CallContext>

export type Client = ContractRouterClient<typeof contract, CallContext>
/** With the procedures that only the control socket answers. */
export type LocalClient = ContractRouterClient<typeof localContract, CallContext>

/** @throws every call throws AppError with the code, issues and current record that the node gave. */
export const createClient = (link: Link): Client => createORPCClient(withAppErrors(link))
export const createLocalClient = (link: Link): LocalClient => createORPCClient(withAppErrors(link))

/** The per-call context as the headers that all links send alike. */
export const contextHeaders = ({ reason, ifMatch }: CallContext): Record<string, string> => ({
  ...(reason !== undefined && { 'x-change-reason': encodeURIComponent(reason) }),
  ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
})

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code)

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

const isOrpcError = (error: unknown): error is ORPCError<string, unknown> => error instanceof ORPCError

/** Anything a link throws as AppError; an abort stays what it is, since its caller asked for it. */
export const toAppError = (error: unknown): unknown => {
  if (error instanceof AppError || isAbort(error)) return error
  if (!isOrpcError(error))
    return new AppError('UNAVAILABLE', `The node does not answer: ${messageOf(error)}`, { cause: error })
  const code = isCode(error.code) ? error.code : error.status >= 500 ? 'UNAVAILABLE' : 'BAD_REQUEST'
  // The contract's errorDataSchema, checked by the node that sent it.
  const details = (error.data ?? {}) as ErrorDetails
  return new AppError(code, error.message, { ...details, cause: error })
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* translated(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source
  } catch (error) {
    throw toAppError(error)
  }
}

const withAppErrors = (link: Link): Link => ({
  call: async (path, input, options) => {
    try {
      const output = await link.call(path, input, options)
      return isStream(output) ? translated(output) : output
    } catch (error) {
      throw toAppError(error)
    }
  },
})
