import { lazy, Suspense, useMemo, useState, type KeyboardEvent } from 'react'
import { href, useRouter } from '../../lib/router.ts'
import type { TrendData } from './trend.ts'
import { changeWords, outlierWords, runWords, shiftWords, trendOf, usualWords } from './trend.ts'

// The chart library is as large as the rest of the window: it comes when a chart is asked for.
const TrendChart = lazy(() => import('./trend-chart.tsx'))

/** How long the latest runs of a task took: what is usual, what is not, since when it is slower, and what was changed. */
export function DurationTrend({ data }: { data: TrendData }) {
  const trend = useMemo(() => trendOf(data), [data])
  const router = useRouter()
  const [cursor, setCursor] = useState<number | null>(null)
  const last = trend.runs.length - 1
  const at = cursor === null ? null : (trend.runs[Math.min(cursor, last)] ?? null)
  const open = (historyId: string): void => router.go(href(['history', historyId]))
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: (cursor ?? last + 1) - 1,
      ArrowRight: (cursor ?? last - 1) + 1,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to !== undefined) setCursor(Math.max(0, Math.min(last, to)))
    else if (event.key === 'Enter' && at && event.target === event.currentTarget) open(at.historyId)
    else return
    // The arrows of the view around it mean something else.
    event.preventDefault()
    event.stopPropagation()
  }
  if (trend.runs.length < 2) return null
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
        <TrendChart trend={trend} changes={data.changes} at={at} onOpen={open} />
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
      <Outliers trend={trend} onOpen={open} />
    </div>
  )
}

/** So many are named; more are on the chart. */
const NAMED = 8

function Outliers({ trend, onOpen }: { trend: ReturnType<typeof trendOf>; onOpen: (id: string) => void }) {
  const words = outlierWords(trend)
  if (!words) return null
  const outliers = trend.runs.filter(({ kind }) => kind === 'outlier').toReversed()
  return (
    <details className="small t2">
      <summary>{words}</summary>
      <ul>
        {outliers.slice(0, NAMED).map((run) => (
          <li key={run.historyId}>
            <a
              className="link num"
              href={href(['history', run.historyId])}
              onClick={(event) => {
                event.preventDefault()
                onOpen(run.historyId)
              }}
            >
              {runWords(run, trend.usual)}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
