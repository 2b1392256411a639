import { lazy, Suspense, useEffect, useState } from 'react'
import { idle, settle, type Loadable } from '../../lib/loadable.ts'
import { things } from '../../lib/format.ts'
import { historyContext, type RunChartData, type RunQuery } from './store.ts'

// The chart library is as large as the rest of the window: it comes when charts are asked for.
const RunCharts = lazy(() => import('./run-charts.tsx'))

/** How the runs that the filters leave ended over time and, of one task, how long they took. */
export function Charts({ query }: { query: RunQuery }) {
  const { readCharts } = historyContext.useApi().getState()
  const list = historyContext.useState((state) => state.list)
  const [data, setData] = useState<Loadable<RunChartData>>(idle)
  useEffect(() => {
    let stale = false
    void settle<RunChartData>(idle, readCharts(query)).then((read) => {
      if (!stale) setData(read)
    })
    return () => {
      stale = true
    }
    // The list is read anew when something ended: then the charts are too.
  }, [readCharts, query, list])
  return (
    <section className="charts" aria-label="Charts">
      {data.status === 'failed' && <p className="bad">{data.error.message}</p>}
      {data.status === 'ready' && (
        <>
          <p className="hidden-text">{summary(data.data)}</p>
          <Suspense fallback={null}>
            <RunCharts data={data.data} />
          </Suspense>
        </>
      )}
    </section>
  )
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
