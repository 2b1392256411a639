import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../platform/clock.ts'

/** So long the main loop is held at once, which renews leases too; then others have their turn. */
const SLICE_MS = 8

/** Runs to its end, giving way whenever it has had its time. */
export const inSlices = async <T>(work: Generator<void, T>, clock: Pick<Clock, 'monotonic'>): Promise<T> => {
  let since = clock.monotonic()
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value
    if (clock.monotonic() - since < SLICE_MS) continue
    await setImmediate()
    since = clock.monotonic()
  }
}
