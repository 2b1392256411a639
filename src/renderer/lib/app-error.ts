import { AppError, ERROR_STATUS, type ErrorCode, type ErrorDetails } from '../../shared/domain/errors.ts'

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && code in ERROR_STATUS

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/**
 * Anything a call threw, as an error a screen can act on. A failure with a code of the table keeps it; a
 * fetch that did not get through (a TypeError in every browser) is `UNAVAILABLE`; the rest is a bug.
 */
export const toAppError = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown
  if (isRecord(thrown) && isCode(thrown['code'])) {
    const details: ErrorDetails = isRecord(thrown['data']) ? thrown['data'] : {}
    return new AppError(thrown['code'], String(thrown['message']), details)
  }
  if (thrown instanceof TypeError)
    return new AppError('UNAVAILABLE', 'The node does not answer.', { cause: thrown })
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('INTERNAL', message, { cause: thrown })
}

/** The text of the first issue whose path starts with `path` and goes no deeper than `depth` further. */
export const issueAt = (
  issues: readonly { path: (string | number)[]; message: string }[],
  ...path: (string | number)[]
): string | undefined => issues.find((issue) => path.every((part, i) => issue.path[i] === part))?.message
