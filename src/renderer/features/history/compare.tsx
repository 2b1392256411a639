import { lazy, Suspense, useEffect, useState } from 'react'
import type { StoreApi } from 'zustand'
import type { Run } from '../../../shared/domain/run.ts'
import { duration } from '../../lib/format.ts'
import { idle, loading, settle, type Loadable } from '../../lib/loadable.ts'
import { href, useRoute } from '../../lib/router.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { State } from '../../ui/state.tsx'
import { Clock } from '../../ui/time.tsx'
import type { Comparison, RunViewState } from './run-store.ts'
import { historyContext } from './store.ts'
import { secondsOf } from './words.ts'

// The editor's code is as large as the rest of the window: it comes when somebody compares.
const MergeTexts = lazy(() => import('../../ui/merge-texts.tsx'))

/** This run's output beside another's, with what else was different between them. */
export function Compare({ run, other, store }: { run: Run; other: string; store: StoreApi<RunViewState> }) {
  const [comparison, setComparison] = useState<Loadable<Comparison>>(loading)
  const { path } = useRoute()
  const nodeNames = historyContext.useState((state) => state.nodeNames)
  useEffect(() => {
    let stale = false
    void settle<Comparison>(idle, store.getState().compare(other)).then((read) => {
      if (!stale) setComparison(read)
    })
    return () => {
      stale = true
    }
  }, [store, other])
  if (comparison.status === 'failed')
    return <ErrorView what="The runs could not be compared" error={comparison.error} />
  if (comparison.status !== 'ready') return <SkeletonRows />
  const { before, beforeText, text } = comparison.data
  return (
    <section className="log" aria-label="Comparison">
      <div className="log-bar compare-bar">
        <a href={href(['history', before.historyId])} className="row">
          <State of={before.state} />{' '}
          <Clock at={before.startTime ?? before.scheduledFor} precision="seconds" />
        </a>
        <span className="t3">beside this run:</span>
        <span className="t2 cut" role="status">
          {differences(before, run, nodeNames).join(' · ') || 'the same end, version and parameters'}
        </span>
        <span className="grow" />
        <a className="link" href={href(path)}>
          Back to the output
        </a>
      </div>
      {text === beforeText ? (
        <p className="log-empty t3">Both wrote the same output.</p>
      ) : (
        <Suspense fallback={<SkeletonRows />}>
          <MergeTexts before={beforeText} after={text} labels={['Output before', 'Output of this run']} />
        </Suspense>
      )}
    </section>
  )
}

const took = (run: Run): string => {
  const seconds = secondsOf(run)
  return seconds === null ? 'nothing' : duration(seconds)
}

/** What is not the same about two runs besides their output. */
const differences = (before: Run, run: Run, nodeNames: Readonly<Record<string, string>>): string[] => {
  const nodeOf = ({ nodeId }: Run): Shown => nodeId && (nodeNames[nodeId] ?? nodeId.slice(0, 8))
  const pairs: [string, Shown, Shown][] = [
    ['exit code', before.exitCode, run.exitCode],
    ['task version', before.taskVersion, run.taskVersion],
    ['node', nodeOf(before), nodeOf(run)],
  ]
  const changed = pairs.filter(([, a, b]) => a !== b).map(([name, a, b]) => `${name} ${show(a)} → ${show(b)}`)
  const script = before.scriptHash !== run.scriptHash ? ['another script'] : []
  const parameters =
    JSON.stringify(before.parameters) !== JSON.stringify(run.parameters) ? ['other parameters'] : []
  return [`took ${took(before)} → ${took(run)}`, ...changed, ...script, ...parameters]
}

type Shown = string | number | null | undefined
const show = (value: Shown): string => (value === null || value === undefined ? 'none' : String(value))
