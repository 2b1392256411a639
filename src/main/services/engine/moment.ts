import type { Clock } from '../../platform/clock.ts'

/** A moment by both clocks of a machine. */
export interface Moment {
  wall: number
  monotonic: number
}

export const momentOf = (clock: Clock): Moment => ({ wall: clock.now(), monotonic: clock.monotonic() })

/**
 * Milliseconds since then, by the clock that says more: the monotonic one stands still while a machine sleeps,
 * the other may have been set back.
 */
export const elapsedSince = (clock: Clock, then: Moment): number =>
  Math.max(clock.monotonic() - then.monotonic, clock.now() - then.wall)
