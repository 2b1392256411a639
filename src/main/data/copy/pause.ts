import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../platform/clock.ts'

/** Work on rows holds the main loop no longer than this. */
const SLICE_MS = 5

/** Lets everything else run when it is time to: ask between small pieces of work. */
export type Pause = () => Promise<void>

export const createPause = (clock: Clock): Pause => {
  let since = clock.monotonic()
  return async () => {
    if (clock.monotonic() - since < SLICE_MS) return
    await setImmediate()
    since = clock.monotonic()
  }
}
