import { randomUUID } from 'node:crypto'
import { ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import type { z } from 'zod'
import { AppError, ERROR_STATUS, type ErrorCode } from '../../shared/domain/errors.ts'
import { issueText, toIssues } from '../../shared/domain/issues.ts'
import type { Log } from './context.ts'

/** Failures on their way out: AppError inside, ORPCError for typed clients, problem+json for REST. */

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code)

/** The nearest code of our table for a status that a library chose. */
export const codeOfStatus = (status: number): ErrorCode => {
  const exact = (Object.keys(ERROR_STATUS) as ErrorCode[]).find((code) => ERROR_STATUS[code] === status)
  if (exact) return exact
  return status >= 400 && status < 500 ? 'BAD_REQUEST' : 'INTERNAL'
}

/** Input that a schema refused, with the path of every field. @param known the fields there are. */
export const invalidInput = (
  issues: readonly z.core.$ZodIssue[],
  known: readonly string[] = [],
): AppError => {
  const found = toIssues(issues, known)
  return new AppError('BAD_REQUEST', issueText(found), { issues: found })
}

/** A bug: told to the caller by a reference only, written to the log with its stack. */
const internal = (error: unknown, log: Log): AppError => {
  const reference = randomUUID().slice(0, 8)
  log.error({ error, reference }, 'a request failed unexpectedly')
  return new AppError(
    'INTERNAL',
    `Something went wrong inside the node. Its log names the cause under ${reference}.`,
  )
}

const isOrpcError = (error: unknown): error is ORPCError<string, unknown> => error instanceof ORPCError

const fromOrpc = (error: ORPCError<string, unknown>, log: Log, known: readonly string[]): AppError => {
  const { cause } = error
  // The issues are zod's own: every schema of the contract is one of zod.
  if (error.status === 400 && cause instanceof ValidationError)
    return invalidInput(cause.issues as readonly z.core.$ZodIssue[], known)
  const code = isErrorCode(error.code) ? error.code : codeOfStatus(error.status)
  // Also an answer that breaks its own schema: a bug of ours, and its cause may hold what must not leave.
  if (code === 'INTERNAL') return internal(cause ?? error, log)
  return new AppError(code, error.message)
}

/** Anything thrown, as a failure its caller can act on. @param known the input fields of the procedure. */
export const toAppError = (error: unknown, log: Log, known: readonly string[] = []): AppError => {
  if (error instanceof AppError && error.code === 'INTERNAL') return internal(error, log)
  if (error instanceof AppError) return error
  if (isOrpcError(error)) return fromOrpc(error, log, known)
  return internal(error, log)
}

/** The form in which an error crosses to a typed client: plain data under the contract's error map. */
export const toOrpcError = (error: AppError): ORPCError<string, unknown> =>
  new ORPCError(error.code, {
    status: error.status,
    message: error.message,
    data: { issues: error.issues, current: error.current, data: error.data },
  })

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
}

/** `application/problem+json` (RFC 9457) with our additions. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode
  errors?: AppError['issues']
  current?: unknown
  data?: unknown
}

/** @param status where it says more than the code does: 405 and 415 travel as `BAD_REQUEST`. */
export const toProblem = (error: AppError, status = error.status): Problem => ({
  type: 'about:blank',
  title: TITLES[status] ?? 'Error',
  status,
  detail: error.message,
  code: error.code,
  ...(error.issues && { errors: error.issues }),
  ...(error.current !== undefined && { current: error.current }),
  ...(error.data !== undefined && { data: error.data }),
})

/** oRPC's REST codec asks for a body: the same problem, from the error that `toOrpcError` made. */
export const problemOfOrpc = (error: ORPCError<string, unknown>): Problem => {
  const { issues, current, data } = (error.data ?? {}) as Pick<AppError, 'issues' | 'current' | 'data'>
  const code = isErrorCode(error.code) ? error.code : codeOfStatus(error.status)
  const details = { current, data, ...(issues && { issues }) }
  return toProblem(new AppError(code, error.message, details), error.status)
}
