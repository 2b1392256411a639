/** The only source of time of the main process. Tests hand in a clock they can move. */
export interface Clock {
  /** Wall-clock time, milliseconds since the epoch. Jumps when the machine's clock is set. */
  now(): number
  /** Monotonic milliseconds from an arbitrary start: for durations, never for dates. */
  monotonic(): number
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done)
    }),
}

/** ISO-8601 UTC with milliseconds and `Z`: the one text form of a time, so text order is time order. */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString()
