import type { AnyProcedure } from '@orpc/server'
import type { StandardHandlerOptions } from '@orpc/server/standard'
import { AppError, badField } from '../../shared/domain/errors.ts'
import { MAX_DEPTH, tooDeepAt } from '../../shared/domain/json-depth.ts'
import { withHeaders, type ApiContext, type Log } from './context.ts'
import { toAppError, toOrpcError } from './errors.ts'

/** The names of a procedure's input fields, for "did you mean". */
const inputFields = (procedure: AnyProcedure): string[] => {
  const schema: unknown = procedure['~orpc'].inputSchema
  if (typeof schema !== 'object' || schema === null || !('shape' in schema)) return []
  return Object.keys(schema.shape as object)
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* translated(source: AsyncIterable<unknown>, log: Log): AsyncGenerator<unknown> {
  try {
    yield* source
  } catch (error) {
    throw toOrpcError(toAppError(error, log))
  }
}

type HandlerOptions = StandardHandlerOptions<ApiContext>
type RequestInterceptor = NonNullable<HandlerOptions['interceptors']>[number]
type CallInterceptor = NonNullable<HandlerOptions['clientInterceptors']>[number]

/** What the headers of this one request say becomes part of its caller. */
const readHeaders: RequestInterceptor = async (options) => {
  let caller
  try {
    caller = withHeaders(options.context.caller, options.request.headers)
  } catch (error) {
    throw error instanceof AppError ? toOrpcError(error) : error
  }
  return options.next({ ...options, context: { ...options.context, caller } })
}

/** Before any schema sees the input: checking a very deep value by a recursive schema ends the stack. */
const refuseDeep = (input: unknown): void => {
  const path = tooDeepAt(input)
  // The field and the value in it: the rest of the way says nothing.
  if (path) throw badField(path.slice(0, 2), `may be nested at most ${MAX_DEPTH} levels deep`)
}

/** Whatever is thrown, by a service or half-way through a stream, leaves as an error of the contract. */
const translateErrors =
  (log: Log): CallInterceptor =>
  async (options) => {
    try {
      refuseDeep(options.input)
      const output: unknown = await options.next()
      return isStream(output) ? translated(output, log) : output
    } catch (error) {
      throw toOrpcError(toAppError(error, log, inputFields(options.procedure)))
    }
  }

/** What every transport wraps around every call. */
export const handlerOptions = (log: Log): Pick<HandlerOptions, 'interceptors' | 'clientInterceptors'> => ({
  interceptors: [readHeaders],
  clientInterceptors: [translateErrors(log)],
})
