import type { Run, RunState } from '../../../shared/domain/run.ts'

/** Where runs stand on an axis of time, whatever its scale. Pure; times in ms, places in percent of the width. */

export const BAD: readonly RunState[] = ['Failed', 'Timeout', 'Lost']

export interface Stretch {
  from: number
  to: number
  count: number
}

/** From its start to its end; one that goes on ends now. */
export const spanOf = (
  { startTime, scheduledFor, endTime }: Pick<Run, 'startTime' | 'scheduledFor' | 'endTime'>,
  now: number,
): Stretch => ({
  from: Date.parse(startTime ?? scheduledFor),
  to: endTime === null ? now : Date.parse(endTime),
  count: 1,
})

/** Stretches nearer to each other than `nearMs` as one. */
export const joined = (stretches: readonly Stretch[], nearMs: number): Stretch[] => {
  const found: Stretch[] = []
  for (const one of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && one.from - last.to < nearMs) {
      last.to = Math.max(last.to, one.to)
      last.count += one.count
    } else found.push({ ...one })
  }
  return found
}

/** What is shown of the past. */
export interface Span {
  from: number
  to: number
}

export interface Placed {
  run: Run
  left: number
  width: number
  /** Runs that overlap stand below each other. */
  row: number
}

/** More rows would be higher than a lane may be: what comes then shares the last one. */
export const MOST_ROWS = 8

const percent = (n: number): number => Math.min(100, Math.max(0, Math.round(n * 100) / 100))

export const placeIn = ({ from, to }: Span, at: number): number => percent((100 * (at - from)) / (to - from))

/** Each run by its start, in the first row that is free; those outside of the span are left out. */
export const placed = (runs: readonly Run[], span: Span, now: number): Placed[] => {
  const spans = runs
    .map((run) => ({ run, ...spanOf(run, now) }))
    .filter(({ from, to }) => to >= span.from && from <= span.to)
    .sort((a, b) => a.from - b.from)
  const ends: number[] = []
  return spans.map(({ run, from, to }) => {
    const free = ends.findIndex((end) => end <= from)
    const row = Math.min(free < 0 ? ends.length : free, MOST_ROWS - 1)
    ends[row] = Math.max(to, ends[row] ?? 0)
    const left = placeIn(span, from)
    return { run, left, width: percent(placeIn(span, to) - left), row }
  })
}

const MINUTE = 60_000
/** Closer nothing more is to be seen. */
export const SHORTEST_MS = MINUTE
export const LONGEST_MS = 366 * 24 * 60 * MINUTE

/** Nearer (below 1) or further (above 1), around a place that stays where it is (0 to 1 of the width); never beyond now. */
export const zoomed = ({ from, to }: Span, factor: number, now: number, around = 0.5): Span => {
  const length = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (to - from) * factor))
  const still = from + (to - from) * around
  return shifted({ from: still - length * around, to: still + length * (1 - around) }, 0, now)
}

/** Sideways by a part of its length; never beyond now. */
export const shifted = ({ from, to }: Span, part: number, now: number): Span => {
  const by = Math.min((to - from) * part, now - to)
  return { from: Math.round(from + by), to: Math.round(to + by) }
}

/** What was dragged over, from either end; null for a mere click. */
export const selected = (span: Span, start: number, end: number): Span | null => {
  const at = (part: number): number => span.from + (span.to - span.from) * Math.min(1, Math.max(0, part))
  const [from, to] = [at(Math.min(start, end)), at(Math.max(start, end))]
  if (Math.abs(end - start) < 0.01) return null
  return to - from < SHORTEST_MS ? { from, to: from + SHORTEST_MS } : { from, to }
}
