/** Every code a caller can act on, with the HTTP status it travels under. */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

/** One thing wrong with the input: where it is, and what it may be instead. */
export interface Issue {
  path: (string | number)[]
  message: string
}

export interface ErrorDetails {
  /** Field by field, for `BAD_REQUEST`. */
  issues?: Issue[]
  /** The record as it stands now, for a stale write. */
  current?: unknown
  /** What a screen may show besides: a preview, the active run, the holder of a lock. */
  data?: unknown
  cause?: unknown
}

/** A failure its caller can act on. Everything else that is thrown is a bug and travels as `INTERNAL`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  readonly current: unknown
  readonly data: unknown

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.issues = details.issues
    this.current = details.current
    this.data = details.data
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

/** A `BAD_REQUEST` for one field. `path` names it as the caller wrote it. */
export const badField = (path: (string | number)[], message: string): AppError =>
  new AppError('BAD_REQUEST', `${path.join('.')}: ${message}`, { issues: [{ path, message }] })

/** The message of anything thrown, for logs and for reasons stored with a run. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
