import { useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { NodeTask } from '../../../shared/domain/node.ts'
import { count, things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Section } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { NodeViewState } from './node-store.ts'
import { PartError } from './part-error.tsx'
import { sortTasks, type SortedTasks, type WhyNot } from './why-not.ts'

/** So many names stand behind a reason; more come when they are asked for. */
const NAMED = 3

interface PartProps {
  store: StoreApi<NodeViewState>
  nodeId: string
}

/** Which tasks run there and when next; which do not, by their reasons. */
export function TasksThere({ store, nodeId }: PartProps) {
  const tasks = useStore(store, (state) => state.tasks)
  if (tasks.status === 'failed')
    return (
      <>
        <Next store={store} nodeId={nodeId} />
        <Section title="Tasks">
          <PartError error={tasks.error} store={store} />
        </Section>
      </>
    )
  if (tasks.status !== 'ready') return <Next store={store} nodeId={nodeId} />
  const sorted = sortTasks(tasks.data.items)
  const total = sorted.not.reduce((sum, { tasks: of }) => sum + of.length, 0)
  return (
    <>
      <Next
        store={store}
        nodeId={nodeId}
        words={`${tasks.data.complete ? '' : 'at least '}${mayRun(sorted)}`}
      />
      {total > 0 && (
        <Section title="Do not run here" count={count(total)}>
          <ul className="node-lines">
            {sorted.not.map((why) => (
              <Why key={why.reason} why={why} />
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

/** What falls due there first; beside it in `words` how many tasks there are. */
function Next({ store, nodeId, words }: PartProps & { words?: string }) {
  const next = useStore(store, (state) => state.next)
  return (
    <Section title="Next runs" aside={words && <span className="t3 small">{words}</span>}>
      {next.status === 'failed' && <PartError error={next.error} store={store} />}
      {next.status === 'ready' && <NextRuns tasks={next.data} />}
      <a className="link small" href={href(['calendar'], { node: nodeId })}>
        Its calendar
      </a>
    </Section>
  )
}

/** `12 tasks may run here`; of a node that takes no work now, how many would. */
const mayRun = ({ here, waiting }: SortedTasks): string => {
  if (waiting.length === 0) return `${things(here.length, 'task')} may run here`
  return `${things(waiting.length, 'task')} would run here`
}

function NextRuns({ tasks }: { tasks: readonly NodeTask[] }) {
  if (tasks.length === 0) return <p className="t3 small">Nothing is due here.</p>
  return (
    <ul className="node-next">
      {tasks.map(({ taskId, taskName, nextRun, warnings }) => (
        <li key={taskId}>
          <span className="t2 small">{nextRun && <Clock at={nextRun} />}</span>
          <a className="cut" href={href(['tasks', taskId])}>
            {taskName}
          </a>
          <span className={warnings.length > 0 ? 'warn small' : 't3 small'} title={warnings.join('; ')}>
            {warnings.length > 0 ? 'will fail' : nextRun && <Relative at={nextRun} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Why({ why: { reason, tasks } }: { why: WhyNot }) {
  const [all, setAll] = useState(false)
  const shown = all ? tasks : tasks.slice(0, NAMED)
  return (
    <li>
      <span>{reason.replace(/\.?$/, '.')}</span>
      <span className="t2 small">
        {shown.map(({ taskId, taskName }, i) => (
          <span key={taskId}>
            {i > 0 && ', '}
            <a href={href(['tasks', taskId])}>{taskName}</a>
          </span>
        ))}{' '}
        {tasks.length > NAMED && (
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'show fewer' : `and ${count(tasks.length - NAMED)} more`}
          </button>
        )}
      </span>
    </li>
  )
}
