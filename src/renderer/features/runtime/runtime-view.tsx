import { useEffect } from 'react'
import type { Job, Runspace } from '../../../shared/domain/runtime.ts'
import { things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { useTicking } from '../../lib/use-now.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Clock, Relative, Since } from '../../ui/time.tsx'
import { CachedTasks } from './cached-tasks.tsx'
import { runtimeContext, type Runtime } from './store.ts'

/** What this node holds in its memory: its slots, what runs in them, and what it may run next. */
export function RuntimeView() {
  const runtime = runtimeContext.useState((state) => state.runtime)
  const { watch, refresh } = runtimeContext.useApi().getState()
  useEffect(() => watch(), [watch])
  if (runtime.status === 'failed')
    return (
      <ErrorView
        what="The runtime state could not be read"
        error={runtime.error}
        onRetry={() => void refresh()}
      />
    )
  if (runtime.status !== 'ready') return <SkeletonRows />
  return <Parts runtime={runtime.data} />
}

function Parts({ runtime: { nodeName, jobs, runspaces, tasks } }: { runtime: Runtime }) {
  const running = jobs.data.filter((job) => job.state === 'Running')
  const busy = runspaces.data.filter((slot) => slot.availability === 'Busy')
  return (
    <div className="runtime">
      <p className="runtime-whose t2">
        In the memory of this node, <b>{nodeName}</b>.{' '}
        <span className="t3">
          Other nodes hold their own; what they do stands in <a href={href(['nodes'])}>Nodes</a>.
        </span>
      </p>
      <section aria-labelledby="runtime-jobs">
        <Title id="runtime-jobs" at={jobs.lastUpdate} note={`${running.length} running`}>
          Jobs
        </Title>
        <Jobs jobs={jobs.data} />
      </section>
      <section aria-labelledby="runtime-slots">
        <Title
          id="runtime-slots"
          at={runspaces.lastUpdate}
          note={`${busy.length} of ${things(runspaces.data.length, 'slot')} busy`}
        >
          Runspaces
        </Title>
        <Slots slots={runspaces.data} />
      </section>
      <section aria-labelledby="runtime-tasks" className="runtime-tasks">
        <Title id="runtime-tasks" at={tasks.lastUpdate} note={things(tasks.data.length, 'task')}>
          What this node may run
        </Title>
        <CachedTasks tasks={tasks.data} />
      </section>
    </div>
  )
}

/** The node renews its cache every 5 to 10 s: older than this, something keeps it from doing so. */
const STALE_MS = 15_000

function Title({ id, at, note, children }: { id: string; at: string; note: string; children: string }) {
  const stale = useTicking((now) => (now - Date.parse(at) > STALE_MS ? 'not renewed, ' : ''))
  return (
    <div className="runtime-title">
      <h2 id={id}>{children}</h2>
      <span className="t3 num">{note}</span>
      <span className="grow" />
      <span className={stale ? 'runtime-stale' : 't3'}>
        {stale}as of <Clock at={at} precision="seconds" />, <Relative at={at} />
      </span>
    </div>
  )
}

const endOf = (job: Job): 'Success' | 'Failed' | 'Stopped' =>
  job.state === 'Completed' ? 'Success' : job.state === 'Failed' ? 'Failed' : 'Stopped'

function Jobs({ jobs }: { jobs: readonly Job[] }) {
  if (jobs.length === 0) return <p className="t3 runtime-none">Nothing runs on this node.</p>
  return (
    <ul className="runtime-jobs">
      {jobs.map((job) => (
        <li key={job.historyId}>
          <Shape of={job.state === 'Running' ? 'Running' : endOf(job)} alone />
          <a href={href(['history', job.historyId])}>{job.name}</a>
          <code className="t3 cut" title={job.command}>
            {job.command}
          </code>
          <span className="t3">
            {job.psBeginTime &&
              (job.psEndTime === null ? <Since at={job.psBeginTime} /> : <Relative at={job.psEndTime} />)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Slots({ slots }: { slots: readonly Runspace[] }) {
  if (slots.length === 0)
    return <p className="t3 runtime-none">This node runs no tasks: its capacity is 0.</p>
  return (
    <ul className="runtime-slots">
      {slots.map((slot) => (
        <li key={slot.id} className={slot.availability === 'Busy' ? 'busy' : ''}>
          <b className="num">{slot.id}</b>
          <span className="cut" title={slot.jobName ?? undefined}>
            {slot.jobName ?? <span className="t3">free</span>}
          </span>
          {slot.state !== 'Opened' && <span className="runtime-stale">{slot.state}</span>}
        </li>
      ))}
    </ul>
  )
}
