import type { Clock } from '../platform/clock.ts'

/** What one address tried, within a window that starts with its first failure. */
interface Tries {
  failed: number
  until: number
}

export interface FailedLogins {
  /** Whether this address may try a token that nobody knows yet. Counted as failed until `succeeded` takes it back. */
  mayTry(address: string): boolean
  succeeded(address: string): void
  /** Whole seconds until the address may try again, at least one. */
  retryAfter(address: string): number
}

/** More addresses than ever fail at once; past it the oldest are forgotten. */
const MAX_ADDRESSES = 10_000

/** Counts failed logins by address. Tries count before they are decided, so that many at once are no way around. */
export const createFailedLogins = (clock: Clock, windowMs: number, max: number): FailedLogins => {
  const tries = new Map<string, Tries>()
  const current = (address: string): Tries | undefined => {
    const found = tries.get(address)
    if (!found || found.until > clock.monotonic()) return found
    tries.delete(address)
    return undefined
  }
  const begin = (address: string): Tries => {
    const oldest = tries.size >= MAX_ADDRESSES ? tries.keys().next().value : undefined
    if (oldest !== undefined) tries.delete(oldest)
    const begun = { failed: 0, until: clock.monotonic() + windowMs }
    tries.set(address, begun)
    return begun
  }
  return {
    mayTry: (address) => {
      const now = current(address) ?? begin(address)
      if (now.failed >= max) return false
      now.failed += 1
      return true
    },
    succeeded: (address) => {
      const now = current(address)
      if (now && now.failed > 0) now.failed -= 1
    },
    retryAfter: (address) => {
      const left = (current(address)?.until ?? 0) - clock.monotonic()
      return Math.max(1, Math.ceil(left / 1000))
    },
  }
}
