import type { CallRow, WebhookRow } from '../../data/repos/webhooks.ts'
import { isoOf } from '../../platform/clock.ts'
import type { Answer } from './call.ts'

/** How long a webhook is tried, and when again. Decides only. */

/** Waits after attempts in a row that were not taken; the last one for all further ones. */
const WAITS_MS = [5_000, 15_000, 60_000, 120_000, 300_000] as const
const FIRST_WAIT_MS = WAITS_MS[0]
const LAST_WAIT_MS = WAITS_MS[4]
/** Whoever asks for more patience than that is tried nevertheless. */
const LONGEST_RETRY_AFTER_MS = 3_600_000
const DAY_MS = 86_400_000
/** A machine that slept for a day has tried nothing meanwhile. */
const LEAST_ATTEMPTS = 10
/** However often they were tried: behind a receiver that is dead, most calls never are. */
const OLDEST_MS = 7 * DAY_MS
/** Longer than a call may take. */
const TAKEN_MS = 30_000
const GONE = 410
/**
 * Of 4xx, those that say nothing of this one call: another would fare no better at a wrong address, without a valid
 * credential, out of time, or as one too many.
 */
const OF_ALL_CALLS: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 429])

/** @param failures in a row before this one. */
const waitMs = (failures: number, { retryAfterMs }: Answer): number =>
  retryAfterMs === null
    ? (WAITS_MS[failures] ?? LAST_WAIT_MS)
    : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(FIRST_WAIT_MS, retryAfterMs))

const after = (at: string, ms: number): string => isoOf(Date.parse(at) + ms)

/** Until when a node that takes a call now has it to itself. */
export const takenUntilOf = (now: string): string => after(now, TAKEN_MS)

/** What was noted before is given up without another try. */
export const givenUpBefore = (now: string): string => after(now, -OLDEST_MS)

/** What an attempt makes of its call. A receiver that is gone for good (410) ends it at once. */
export const callAfter = (call: CallRow, answer: Answer, now: string) => {
  const { delivered, statusCode, error } = answer
  const attempts = call.attempts + 1
  const firstTriedAt = call.firstTriedAt ?? now
  const isOver = statusCode === GONE || (attempts >= LEAST_ATTEMPTS && firstTriedAt <= after(now, -DAY_MS))
  const tried = { attempts, firstTriedAt, takenUntil: null, statusCode, lastError: error }
  if (delivered) return { ...tried, state: 'Delivered', endedAt: now } as const
  if (isOver) return { ...tried, state: 'GivenUp', endedAt: now } as const
  return { ...tried, state: 'Waiting', notBefore: after(now, waitMs(call.attempts, answer)) } as const
}

/** The receiver is there, and wants this call no more than it did before. */
const isRefusal = ({ statusCode }: Answer): boolean =>
  statusCode !== null && statusCode >= 400 && statusCode < 500 && !OF_ALL_CALLS.has(statusCode)

/**
 * What an attempt makes of its webhook: after one that failed none of its calls is made for a while. A call that is
 * refused holds up the others for the first wait only.
 */
export const webhookAfter = (hook: WebhookRow, { takenUntil }: CallRow, answer: Answer, now: string) => {
  if (answer.delivered) return { failures: 0 }
  if (answer.statusCode === GONE)
    return {
      ...{ enabled: false, disabledReason: 'its receiver answered 410: it is gone for good' },
      ...{ modifiedAt: now, modifiedBy: 'system', version: hook.version + 1 },
    }
  // Paused while this one was under way: one outage counts once.
  const isNoted =
    hook.pausedUntil !== null && takenUntil !== null && hook.pausedUntil > after(takenUntil, -TAKEN_MS)
  const refused = isRefusal(answer)
  const counted = refused ? Math.max(1, hook.failures) : hook.failures + 1
  const failures = isNoted ? hook.failures : counted
  const until = after(now, refused ? FIRST_WAIT_MS : waitMs(Math.max(0, failures - 1), answer))
  return { failures, pausedUntil: isNoted && hook.pausedUntil ? later(hook.pausedUntil, until) : until }
}

const later = (one: string, other: string): string => (one > other ? one : other)
