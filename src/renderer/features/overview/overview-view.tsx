import { Button } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import type { Task } from '../../../shared/domain/task.ts'
import { things } from '../../lib/format.ts'
import { href, useRouter } from '../../lib/router.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Clock, Relative, Since } from '../../ui/time.tsx'
import { NodesSummary, Waiting } from './attention.tsx'
import { Failing } from './failing.tsx'
import type { ClusterPart } from './read-cluster.ts'
import { overviewContext, type Overview } from './store.ts'
import { SuccessRate } from './success-rate.tsx'
import { Timeline } from './timeline.tsx'

/** Whether all is well, and if not, what fails and why; what runs now, and what comes next. */
export function OverviewView() {
  const overview = overviewContext.useState((state) => state.overview)
  const cluster = overviewContext.useState((state) => state.cluster)
  const { watch, refresh } = overviewContext.useApi().getState()
  const router = useRouter()
  useEffect(() => watch(), [watch])
  if (overview.status === 'failed')
    return (
      <ErrorView
        what="The overview could not be read"
        error={overview.error}
        onRetry={() => void refresh()}
      />
    )
  if (overview.status !== 'ready' || cluster === null) return <SkeletonRows />
  if (overview.data.isEmpty)
    return (
      <EmptyState
        title="No tasks yet"
        act={
          <>
            <Button variant="filled" onClick={() => router.go(href(['tasks', 'new']))}>
              Write a task
            </Button>
            <Button onClick={() => router.go(href(['import']))}>Import tasks or samples</Button>
          </>
        }
      >
        What fails, what runs and what comes next stands here as soon as there is a task.
      </EmptyState>
    )
  return <Parts overview={overview.data} cluster={cluster} />
}

function Parts({ overview, cluster }: { overview: Overview; cluster: ClusterPart }) {
  const { failing, active, coming, past, upcoming, suspects, failures } = overview
  const running = active.filter((run) => run.state === 'Running').length
  return (
    <div className="overview">
      <p className="overview-line" role="status">
        <Verdict failing={failing} />
        <span className="t3">·</span>
        <span className="num">{running > 0 ? `${running} running` : 'nothing runs'}</span>
        {active.length > running && <span className="num">{active.length - running} waiting</span>}
        <NodesSummary nodes={cluster.nodes} />
        <SuccessRate past={past} />
      </p>
      <Timeline past={past} upcoming={upcoming} cluster={cluster} />
      <div className="overview-parts">
        <div className="overview-main">
          <Waiting nodes={cluster.nodes} stuck={cluster.stuck} />
          <Section title="Failing" note="by their last run, the latest first">
            <Failing failing={failing} suspects={suspects} failures={failures} />
          </Section>
        </div>
        <div className="overview-rail">
          <Section title="Running now">
            <Active runs={active} />
          </Section>
          <Section title="Coming next" aside={<OpenCalendar />}>
            <Coming tasks={coming} />
          </Section>
        </div>
      </div>
    </div>
  )
}

function Verdict({ failing: { tasks, more } }: { failing: Overview['failing'] }) {
  if (tasks.length === 0)
    return (
      <>
        <Shape of="Success" /> <b>Every task ended well the last time it ran</b>
      </>
    )
  return (
    <>
      <Shape of="Failed" />{' '}
      <b>
        {more && 'More than '}
        {things(tasks.length, 'task')} {tasks.length === 1 ? 'fails' : 'fail'}
      </b>
    </>
  )
}

const OpenCalendar = () => (
  <a className="link small" href={href(['calendar'])}>
    Open calendar
  </a>
)

interface SectionProps {
  title: string
  note?: string
  aside?: ReactNode
  children: ReactNode
}

function Section({ title, note, aside, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className="row">
        <h2>
          {title} {note && <span className="t3">{note}</span>}
        </h2>
        <span className="grow" />
        {aside}
      </div>
      {children}
    </section>
  )
}

function Active({ runs }: { runs: Overview['active'] }) {
  if (runs.length === 0) return <p className="t3">Nothing runs.</p>
  return (
    <ul className="overview-rows">
      {runs.map((run) => (
        <li key={run.historyId}>
          <Shape of={run.state} alone />
          <a className="cut" href={href(['history', run.historyId])}>
            {run.taskName}
          </a>
          <span className="t3 num">
            {run.startTime ? <Since at={run.startTime} /> : <Relative at={run.notBefore} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Coming({ tasks }: { tasks: readonly Task[] }) {
  if (tasks.length === 0) return <p className="t3">No enabled task has a schedule.</p>
  return (
    <ul className="overview-rows">
      {tasks.map(({ taskId, taskName, nextRun }) => (
        <li key={taskId}>
          <span className="t3 num">{nextRun && <Clock at={nextRun} />}</span>
          <a className="cut" href={href(['tasks', taskId])}>
            {taskName}
          </a>
          <span className="t3 num">{nextRun && <Relative at={nextRun} />}</span>
        </li>
      ))}
    </ul>
  )
}
