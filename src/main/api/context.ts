import type { IncomingHttpHeaders } from 'node:http'
import { badField } from '../../shared/domain/errors.ts'
import type { Log as FullLog } from '../platform/log.ts'
import type { Caller } from '../services/caller.ts'

/** What every procedure is given besides its input. */
export interface ApiContext {
  caller: Caller
}

/** The part of the log that transports use. */
export type Log = Pick<FullLog, 'info' | 'warn' | 'error'>

const MAX_REASON = 1000

/**
 * `If-Match: "6"` as the version an edit is based on; null when absent or `*` (any).
 * @throws AppError BAD_REQUEST for anything else: a guard that is not understood must not be dropped.
 */
export const parseIfMatch = (header: string | undefined): number | null => {
  if (header === undefined || header.trim() === '*') return null
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1]
  if (version === undefined) throw badField(['If-Match'], 'must be "*" or one version in quotes, like "6"')
  return Number(version)
}

/**
 * `X-Change-Reason`, percent-encoded UTF-8, decoded.
 * @throws AppError BAD_REQUEST when it cannot be decoded or is longer than 1000 characters.
 */
export const parseReason = (header: string | undefined): string | null => {
  if (header === undefined || header.trim() === '') return null
  let reason: string
  try {
    reason = decodeURIComponent(header)
  } catch {
    throw badField(['X-Change-Reason'], 'must be percent-encoded UTF-8, like Bug%20fix')
  }
  if (reason.length > MAX_REASON)
    throw badField(['X-Change-Reason'], `must be at most ${MAX_REASON} characters`)
  return reason
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value

/** The caller of a connection, with what the headers of this one request add. */
export const withHeaders = (
  caller: Caller,
  headers: IncomingHttpHeaders | Record<string, string | string[] | undefined>,
): Caller => ({
  ...caller,
  reason: parseReason(single(headers['x-change-reason'])),
  ifMatch: parseIfMatch(single(headers['if-match'])),
})
