import { shiftOf, usualOf, type Usual } from '../../../shared/domain/durations.ts'
import { clock, duration, things } from '../../lib/format.ts'
import type { RunState } from '../../../shared/domain/run.ts'

/** What the trend of a task's durations says, in numbers and in words. Pure. */

/** Times in epoch ms; oldest first. */
export interface TrendData {
  runs: readonly TrendRun[]
  changes: readonly TrendChange[]
}

export interface TrendRun {
  historyId: string
  at: number
  seconds: number
  state: RunState
}

export interface TrendChange {
  changeId: string
  at: number
  by: string | null
  fields: readonly string[]
}

export interface Trend {
  runs: readonly TrendPoint[]
  usual: Usual | null
  shift: TrendShift | null
}

export interface TrendPoint extends TrendRun {
  kind: 'usual' | 'outlier' | 'bad'
}

export interface TrendShift {
  /** The first run of another length. */
  run: TrendRun
  before: number
  after: number
  /** The change of the task that came just before it. */
  cause: TrendChange | null
}

/** What ended badly ended early or late for its own reasons: it says nothing of how long the task takes. */
const isTelling = ({ state }: TrendRun): boolean => state === 'Success' || state === 'Running'

const DAY = 86_400_000

export const trendOf = ({ runs, changes }: TrendData): Trend => {
  const telling = runs.filter(isTelling)
  const seconds = telling.map((run) => run.seconds)
  const found = shiftOf(seconds)
  // After a change for good the runs since it are what is usual now.
  const usual = usualOf(found ? seconds.slice(found.index) : seconds)
  const first = found && telling[found.index]
  const kindOf = (run: TrendRun): TrendPoint['kind'] =>
    !isTelling(run)
      ? 'bad'
      : usual && run.seconds > usual.limit && (!first || run.at >= first.at)
        ? 'outlier'
        : 'usual'
  return {
    runs: runs.map((run) => ({ ...run, kind: kindOf(run) })),
    usual,
    shift: found && first ? { run: first, ...found, cause: causeOf(first.at, changes) } : null,
  }
}

/** The latest change before it, unless that is days old. */
const causeOf = (at: number, changes: readonly TrendChange[]): TrendChange | null => {
  const last = changes.findLast((change) => change.at <= at)
  return last && at - last.at < 2 * DAY ? last : null
}

const timeOf = (at: number): string => clock(new Date(at), new Date())

/** `Usually 12 s: the median of 200 runs; 95 of 100 took up to 20 s.` */
export const usualWords = ({ usual, runs, shift }: Trend): string => {
  if (!usual) return `${things(runs.length, 'run')}: too few to say what is usual.`
  const since = shift ? ' since then' : ''
  return `Usually ${duration(usual.median)} (median${since}); 95 of 100 took up to ${duration(usual.p95)}.`
}

/** Why the runs marked so are outliers. */
export const outlierWords = ({ usual, runs }: Trend): string | null => {
  const found = runs.filter(({ kind }) => kind === 'outlier').length
  if (!usual || found === 0) return null
  return `${things(found, 'run')} took more than ${duration(usual.limit)}: over four times the usual spread (median absolute deviation) above the median.`
}

export const shiftWords = ({ shift }: Trend): string | null => {
  if (!shift) return null
  const { run, before, after } = shift
  const word = after > before ? 'Slower' : 'Faster'
  return `${word} since ${timeOf(run.at)}: ${duration(before)} before, ${duration(after)} since (medians).`
}

export const changeWords = ({ at, by, fields }: TrendChange): string =>
  `${by ?? 'Somebody'} changed ${fields.length > 0 ? fields.join(', ') : 'the task'} at ${timeOf(at)}`

/** One run, for the line under the chart. */
export const runWords = ({ at, seconds, kind, state }: TrendPoint, usual: Usual | null): string => {
  const times = usual && usual.median > 0 ? seconds / usual.median : null
  const against =
    times !== null && (times >= 1.5 || times <= 0.67) ? `, ${times.toFixed(1)} times the median` : ''
  const note = kind === 'outlier' ? ', an outlier' : kind === 'bad' ? `, ${state.toLowerCase()}` : ''
  return `${timeOf(at)}: ${duration(seconds)}${against}${note}`
}
