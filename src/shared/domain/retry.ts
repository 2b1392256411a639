import { isRetryable, type RunState } from './run.ts'

/** One year: no delay, however it grows, is longer. */
const MAX_DELAY_MS = 366 * 86_400_000

export interface RetryPolicy {
  maxRetries: number
  /** Seconds before the first retry. */
  retryDelay: number
  /** Factor by which each further delay grows. */
  retryBackoff: number
}

/**
 * Milliseconds to wait before the next attempt, or null when there is none: delay × backoff^(attempt − 1).
 * @param attempt the attempt that just ended, from 1.
 */
export const retryDelayMs = (policy: RetryPolicy, attempt: number, state: RunState): number | null => {
  if (!isRetryable(state) || attempt > policy.maxRetries) return null
  return Math.min(MAX_DELAY_MS, Math.round(policy.retryDelay * 1000 * policy.retryBackoff ** (attempt - 1)))
}
