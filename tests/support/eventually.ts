import { systemClock } from '../../src/main/platform/clock.ts'

/**
 * Looks until `look` answers something other than undefined, null or false; what it throws last is the
 * failure. For what happens soon, not at once: no test waits a fixed time.
 */
export const eventually = async <T>(
  look: () => Promise<T> | T,
  timeoutMs = 10_000,
): Promise<Exclude<T, undefined | null | false>> => {
  const deadline = systemClock.monotonic() + timeoutMs
  for (;;) {
    let problem: unknown
    try {
      const seen = await look()
      // What is left of T after these three, which the compiler does not work out for a type parameter.
      if (seen !== undefined && seen !== null && seen !== false)
        return seen as Exclude<T, undefined | null | false>
      problem = new Error(`still ${String(seen)} after ${timeoutMs} ms`)
    } catch (error) {
      problem = error
    }
    if (systemClock.monotonic() > deadline) throw problem
    await systemClock.sleep(20)
  }
}
