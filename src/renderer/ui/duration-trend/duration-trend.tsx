import { lazy, Suspense, useMemo, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { isElsewhere, openElsewhere } from '../../lib/elsewhere.ts'
import { href, useRouter } from '../../lib/router.ts'
import { cursorAt, type Cursor } from '../cursor.ts'
import type { Trend, TrendData, TrendPoint } from './trend.ts'
import { changeWords, outlierWords, runWords, shiftWords, trendOf, usualWords } from './trend.ts'

// The chart library is as large as the rest of the window: it comes when a chart is asked for.
const TrendChart = lazy(() => import('./trend-chart.tsx'))

/** How long the latest runs of a task took: what is usual, what is not, since when it is slower, and what was changed. */
export function DurationTrend({ data }: { data: TrendData }) {
  const trend = useMemo(() => trendOf(data), [data])
  const router = useRouter()
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const { runs } = trend
  const last = runs.length - 1
  const here = cursor && cursorAt(runs, ({ historyId }) => historyId, cursor)
  const at = here === null ? null : (runs[here] ?? null)
  const open = (historyId: string): void => router.go(href(['history', historyId]))
  const onPoint = (historyId: string, event: MouseEvent): void =>
    isElsewhere(event) ? openElsewhere(href(['history', historyId])) : open(historyId)
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: (here ?? last + 1) - 1,
      ArrowRight: (here ?? last - 1) + 1,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to !== undefined) setCursor(cursorTo(runs, Math.max(0, Math.min(last, to))))
    else if (event.key === 'Enter' && at && event.target === event.currentTarget) open(at.historyId)
    else return
    // The arrows of the view around it mean something else.
    event.preventDefault()
    event.stopPropagation()
  }
  if (runs.length < 2) return null
  const { shift } = trend
  return (
    <div
      className="duration-trend"
      tabIndex={0}
      role="group"
      aria-label="How long the runs took: arrows go from run to run, Enter opens one"
      onKeyDown={onKeyDown}
      onBlur={() => setCursor(null)}
    >
      <div className="chart-name">
        <span className="label">How long they took</span>{' '}
        <span className="t3 small">{usualWords(trend)}</span>
      </div>
      <Suspense fallback={<div className="trend-place" />}>
        <TrendChart trend={trend} changes={data.changes} at={at} onOpen={onPoint} />
      </Suspense>
      <p className="small num trend-run" role="status">
        {at ? runWords(at, trend.usual) : ''}
      </p>
      {shift && (
        <p className="small warn">
          {shiftWords(trend)}{' '}
          {shift.cause && (
            <a className="link" href={href(['changes', shift.cause.changeId])}>
              Just before: {changeWords(shift.cause)}
            </a>
          )}
        </p>
      )}
      <Outliers trend={trend} />
    </div>
  )
}

const cursorTo = (runs: readonly TrendPoint[], index: number): Cursor => ({
  index,
  key: runs[index]?.historyId ?? null,
})

/** So many are named; more are on the chart. */
const NAMED = 8

function Outliers({ trend }: { trend: Trend }) {
  const words = outlierWords(trend)
  if (!words) return null
  const outliers = trend.runs.filter(({ kind }) => kind === 'outlier').toReversed()
  return (
    <details className="small t2">
      <summary>{words}</summary>
      <ul>
        {outliers.slice(0, NAMED).map((run) => (
          <li key={run.historyId}>
            <a className="link num" href={href(['history', run.historyId])}>
              {runWords(run, trend.usual)}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
