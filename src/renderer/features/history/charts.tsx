import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { idle, settle, type Loadable } from '../../lib/loadable.ts'
import { DurationTrend } from '../../ui/duration-trend/duration-trend.tsx'
import { useSlow } from '../../lib/use-slow.ts'
import { SPAN_MS } from '../../lib/time-range.ts'
import { RunTimeline } from '../../ui/run-timeline/run-timeline.tsx'
import type { ReadSpan } from '../../lib/read-timeline.ts'
import { things } from '../../lib/format.ts'
import { historyContext, type RunChartData, type RunQuery } from './store.ts'

// The chart library is as large as the rest of the window: it comes when charts are asked for.
const RunCharts = lazy(() => import('./run-charts.tsx'))

const READ_AGAIN_MS = 10_000

/** How the runs that the filters leave ended over time and, of one task, how long they took. */
export function Charts({ query }: { query: RunQuery }) {
  const { readCharts } = historyContext.useApi().getState()
  const list = historyContext.useState((state) => state.list)
  const [data, setData] = useState<Loadable<RunChartData>>(idle)
  // The list is read anew when something ended: then the charts are too, but not each time.
  const version = useSlow(list, READ_AGAIN_MS)
  const shown = useRef({ of: query, data })
  useEffect(() => {
    shown.current.data = data
  })
  useEffect(() => {
    let stale = false
    // What is shown of other filters is no answer, also where there is none.
    const before = shown.current.of === query ? shown.current.data : idle
    shown.current.of = query
    void settle(before, readCharts(query)).then((read) => {
      if (!stale) setData(read)
    })
    return () => {
      stale = true
    }
  }, [readCharts, query, version])
  return (
    <>
      <div className="charts-time">
        <Timeline query={query} />
      </div>
      <section className="charts" aria-label="Charts">
        {data.status === 'failed' && <p className="bad">{data.error.message}</p>}
        {data.status === 'ready' && (
          <>
            <p className="hidden-text">{summary(data.data)}</p>
            <Suspense fallback={null}>
              <RunCharts data={data.data} />
            </Suspense>
            {data.data.trend && <DurationTrend data={data.data.trend} />}
          </>
        )}
      </section>
    </>
  )
}

const DAY = 24 * 60 * 60_000

/** The runs over time, of the task and the nodes that are asked for. */
function Timeline({ query: { task, node, since } }: { query: RunQuery }) {
  const { readTimeline } = historyContext.useApi().getState()
  const list = historyContext.useState((state) => state.list)
  const nodes = node.join(' ')
  const read = useCallback<ReadSpan>(
    (...asked) =>
      readTimeline({ ...(task && { task: [task] }), ...(nodes && { node: nodes.split(' ') }) }, ...asked),
    [readTimeline, task, nodes],
  )
  return <RunTimeline label="Timeline" read={read} lengthMs={since ? SPAN_MS[since] : DAY} version={list} />
}

const summary = ({ outcome }: RunChartData): string => {
  const sums = new Map<string, number>()
  for (const { state, count } of outcome.counts) sums.set(state, (sums.get(state) ?? 0) + count)
  const words = [...sums].map(([state, count]) => `${count} ${state}`).join(', ')
  return `${things(
    [...sums.values()].reduce((sum, count) => sum + count, 0),
    'run',
  )}: ${words || 'none'}.`
}
