import { useStore } from 'zustand'
import type { Change } from '../../../../shared/domain/change.ts'
import type { ClusterNode } from '../../../../shared/domain/node.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import type { Task } from '../../../../shared/domain/task.ts'
import { duration } from '../../../lib/format.ts'
import { href } from '../../../lib/router.ts'
import { DurationTrend } from '../../../ui/duration-trend/duration-trend.tsx'
import { RunTimeline } from '../../../ui/run-timeline/run-timeline.tsx'
import { Shape, State } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { Clock } from '../../../ui/time.tsx'
import { editorContext } from './store.ts'
import { Where } from './where.tsx'

const WEEK = 7 * 24 * 60 * 60_000

/** How the task went and what was done to it, the latest of both; all of it is a click away. */
export function Record({ task }: { task: Task }) {
  const runs = useStore(editorContext.useApi(), (state) => state.runs)
  const changes = useStore(editorContext.useApi(), (state) => state.changes)
  const nodes = useStore(editorContext.useApi(), (state) => state.nodes)
  const trend = useStore(editorContext.useApi(), (state) => state.trend)
  const { readTimeline } = editorContext.useApi().getState()
  const { taskId } = task
  return (
    <div id="section-record">
      <Where task={task} />
      <Section title="Last runs" aside={<All address={href(['history'], { task: taskId })}>All runs</All>}>
        {runs.length === 0 ? (
          <p className="t3 small">It has not run yet.</p>
        ) : (
          <ul className="record">
            {runs.map((run) => (
              <RunLine key={run.historyId} run={run} nodes={nodes} />
            ))}
          </ul>
        )}
      </Section>
      {runs.length > 0 && (
        <section className="section">
          <RunTimeline label="Timeline" read={readTimeline} lengthMs={WEEK} version={runs} />
        </section>
      )}
      {trend && trend.runs.length > 1 && (
        <Section title="Durations">
          <DurationTrend data={trend} />
        </Section>
      )}
      <Section
        title="Last changes"
        aside={<All address={href(['changes'], { record: taskId })}>All changes</All>}
      >
        <ul className="record">
          {changes.map((change) => (
            <ChangeLine key={change.changeId} change={change} />
          ))}
        </ul>
      </Section>
    </div>
  )
}

const All = ({ address, children }: { address: string; children: string }) => (
  <a className="link small" href={address}>
    {children}
  </a>
)

const RunLine = ({ run, nodes }: { run: Run; nodes: readonly ClusterNode[] }) => (
  <li>
    <a href={href(['history', run.historyId])}>
      <State of={run.state} />
      <Clock at={run.startTime ?? run.scheduledFor} precision="seconds" />
      <span className="t3 cut">{nodes.find(({ nodeId }) => nodeId === run.nodeId)?.nodeName}</span>
      <span className="t3 cut">{run.error}</span>
      <span className="t2 num">{run.duration === null ? '' : duration(run.duration / 1000)}</span>
    </a>
  </li>
)

const ChangeLine = ({ change }: { change: Change }) => (
  <li className="record-change">
    <a href={href(['changes', change.changeId])}>
      <span className="row">
        <Shape of={change.action} alone />
        <span className="cut">{change.changedBy}</span>
      </span>
      <Clock at={change.changedAt} precision="seconds" />
      <span className="cut">
        <span className="mono t2">{change.changedFields.join(', ')}</span>{' '}
        <span className="t3">{change.changeReason}</span>
      </span>
    </a>
  </li>
)
