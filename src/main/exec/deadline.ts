import type { Clock } from '../platform/clock.ts'

/** setTimeout overflows beyond this and would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647

/** Calls back once after `ms`, however long that is; answers how to call it off. */
export const deadline = (ms: number | null, clock: Clock, late: () => void): (() => void) => {
  const off = new AbortController()
  const wait = async (): Promise<void> => {
    if (ms === null) return
    const at = clock.monotonic() + ms
    for (let left = ms; left > 0 && !off.signal.aborted; left = at - clock.monotonic())
      await clock.sleep(Math.min(left, LONGEST_TIMER_MS), off.signal)
    if (!off.signal.aborted) late()
  }
  void wait()
  return () => off.abort()
}
