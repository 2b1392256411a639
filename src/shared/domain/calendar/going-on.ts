import type { OverlapPolicy } from '../overlap.ts'
import type { Pattern } from './pattern.ts'

/** How long a task usually takes: the time within which 95 of a hundred of its runs ended. */
export interface Usual {
  ms: number
  /** Runs that say so. */
  measured: number
}

/** What becomes of slots that come while the run before them still goes on. */
export interface Overlaps {
  skipped: number
  waiting: number
  beside: number
}

const NONE: Overlaps = { skipped: 0, waiting: 0, beside: 0 }

/**
 * Plays the slots of one task through as if each run took its usual time, as `admitsSlot` decides: by the hour, those
 * hours only in which slots meet a run that still goes on.
 */
export const playOverlaps = (
  pattern: Pattern,
  usual: Usual,
  policy: OverlapPolicy,
): ReadonlyMap<number, Overlaps> => {
  const found = new Map<number, Overlaps>()
  if (usual.ms <= pattern.gapMs) return found
  let busyUntil = -Infinity
  let waitsUntil = -Infinity
  for (const [key, hour] of [...pattern.hours].sort(([a], [b]) => a - b)) {
    const sum = { ...NONE }
    // Of very many the first are known: the others of the hour go the same way.
    const each = hour.count / hour.slots.length
    for (const at of hour.slots) {
      if (waitsUntil !== -Infinity && busyUntil <= at) {
        // What waited has started when the run before it ended.
        busyUntil = Math.max(busyUntil, waitsUntil)
        waitsUntil = -Infinity
      }
      if (at >= busyUntil) busyUntil = at + usual.ms
      else if (policy === 'Parallel') {
        sum.beside += each
        busyUntil = at + usual.ms
      } else if (policy === 'Queue' && waitsUntil === -Infinity) {
        sum.waiting += each
        waitsUntil = busyUntil + usual.ms
      } else sum.skipped += each
    }
    if (sum.skipped + sum.waiting + sum.beside > 0) found.set(key, roundedUp(sum))
  }
  return found
}

const roundedUp = ({ skipped, waiting, beside }: Overlaps): Overlaps => ({
  skipped: Math.ceil(skipped),
  waiting: Math.ceil(waiting),
  beside: Math.ceil(beside),
})
