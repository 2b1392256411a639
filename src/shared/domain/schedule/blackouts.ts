import type { SlotSource } from './slot-source.ts'

/** When a schedule must not fire: windows with their start included and their end not. Times in ms. */
export interface Blackout {
  /** The end of a window that covers the instant; null when none does. */
  endAt(at: number): number | null
  /** The start of the first window that begins strictly after; Infinity when there is none. */
  startAfter(after: number): number
}

export const fixedBlackout = (from: number, to: number): Blackout => ({
  endAt: (at) => (from <= at && at < to ? to : null),
  startAfter: (after) => (from > after ? from : Infinity),
})

/** A window of `lengthMs` from every slot of `starts` on. */
export const repeatedBlackout = (starts: SlotSource, lengthMs: number): Blackout => ({
  endAt(at) {
    const start = starts.next(at - lengthMs)
    return start !== null && start.at <= at ? start.at + lengthMs : null
  },
  startAfter: (after) => starts.next(after)?.at ?? Infinity,
})

/** The latest end among the windows that cover an instant; null when it is free. */
export function coveredUntil(blackouts: Blackout[], at: number): number | null {
  const ends = blackouts.map((blackout) => blackout.endAt(at)).filter((end) => end !== null)
  return ends.length > 0 ? Math.max(...ends) : null
}
