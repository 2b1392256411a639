import type { Clock } from '../../platform/clock.ts'

/** When a scheduler looks again, how long it may go on, and whether the time it goes by was set back. */

export interface Pace {
  /** Milliseconds between looks, at the most. */
  pollMs: number
  /** From 0 to 1: nodes do not all look at the same moment. */
  random?: () => number
}

/** `ms` within 15 % more or less. */
export const around = (ms: number, { random = Math.random }: Pick<Pace, 'random'>): number =>
  ms * (0.85 + 0.3 * random())

/** At most `pollMs`, by 15 % around what is a little less. */
export const pollIn = (pace: Pace): number => around(pace.pollMs / 1.15, pace)

/** Whether a slice is used up, counted from the first question: waiting for the database before it is no work. */
export const createSlice = (clock: Clock, ms: number): (() => boolean) => {
  let began: number | null = null
  return () => {
    began ??= clock.monotonic()
    return clock.monotonic() - began > ms
  }
}

/** Smaller steps are how clocks are kept right. */
const SET_BACK_MS = 3_000

/** Whether the time fell behind the monotonic clock since the last call; that one never runs ahead of it. */
export const watchClock = (clock: Clock) => {
  let last: { time: number; monotonic: number } | null = null
  return (now: string): boolean => {
    const seen = { time: Date.parse(now), monotonic: clock.monotonic() }
    const behind = last ? seen.monotonic - last.monotonic - (seen.time - last.time) : 0
    last = seen
    return behind > SET_BACK_MS
  }
}
