import { STATS_UNITS, type RunStats, type StatsUnit } from '../../shared/domain/run-stats.ts'
import { RUN_STATES, type Run } from '../../shared/domain/run.ts'
import type { AppClient } from '../client.ts'
import type { Span } from '../ui/run-timeline/spans.ts'

/** The runs of a span of time: one by one where they are few, else counted by the node. */
export type TimelineData =
  /** What goes on reaches to `readAt`. */
  | { kind: 'runs'; span: Span; runs: readonly Run[]; readAt: number }
  | { kind: 'counts'; span: Span; counts: RunStats['counts']; unitMs: number; capped: boolean }

/** Answers what is asked of a span, unless `signal` aborts: then nobody waits for it any more. */
export type ReadSpan = (span: Span, signal?: AbortSignal) => Promise<TimelineData>

export interface TimelineFilter {
  task?: string[]
  node?: string[]
}

/** So many are drawn one by one. */
const APART = 400
/** So many columns are enough for a picture of a span. */
const COLUMNS = 120

const unitFor = ({ from, to }: Span): StatsUnit => {
  const units: readonly StatsUnit[] = ['minute', 'tenMinutes', 'hour', 'day']
  return units.find((unit) => (to - from) / STATS_UNITS[unit] <= COLUMNS) ?? 'day'
}

/** So many may reach into a span from before it, and are drawn. */
const BEFORE = 100
const BEGUN = RUN_STATES.filter((state) => state !== 'Queued' && state !== 'Skipped')

const iso = (at: number): string => new Date(at).toISOString()

export const readTimeline = async (
  { history }: Pick<AppClient, 'history'>,
  filter: TimelineFilter,
  span: Span,
  signal?: AbortSignal,
): Promise<TimelineData> => {
  const options = signal && { signal }
  const unit = unitFor(span)
  const to = iso(span.to + 1)
  const { counts, capped } = await history.stats({ ...filter, from: iso(span.from), to, unit }, options)
  const total = counts.reduce((sum, one) => sum + one.count, 0)
  if (total > APART) return { kind: 'counts', span, counts, unitMs: STATS_UNITS[unit], capped }
  const from = iso(span.from)
  const [before, goingOn, within] = await Promise.all([
    history.list({ ...filter, to: from, endsAfter: from, state: BEGUN, limit: BEFORE }, options),
    // What goes on for very long may have begun before all that the first of these looks at.
    history.list({ ...filter, to: from, state: ['Running'], limit: BEFORE }, options),
    history.list({ ...filter, from, to, limit: APART + 100 }, options),
  ])
  const all = [...within.items, ...before.items, ...goingOn.items]
  const found = new Map(all.map((run) => [run.historyId, run]))
  const runs = [...found.values()].filter(({ startTime }) => startTime !== null)
  return { kind: 'runs', span, runs, readAt: Date.now() }
}
