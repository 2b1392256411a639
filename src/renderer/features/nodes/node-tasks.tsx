import { useState } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { NodeTask } from '../../../shared/domain/node.ts'
import { things } from '../../lib/format.ts'
import { href } from '../../lib/router.ts'
import { Section } from '../../ui/text.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { NodeViewState } from './node-store.ts'
import { PartError } from './part-error.tsx'
import { nextOf } from './next-of.ts'

const NEXT = 5
/** More lines than this come when they are asked for. */
const SHOWN = 5

/** Which tasks run there and when next; which do not, each with every reason. */
export function TasksThere({ store }: { store: StoreApi<NodeViewState> }) {
  const tasks = useStore(store, (state) => state.tasks)
  if (tasks.status === 'failed')
    return (
      <Section title="Tasks">
        <PartError error={tasks.error} store={store} />
      </Section>
    )
  if (tasks.status !== 'ready') return <Section title="Tasks">{null}</Section>
  const { items, complete } = tasks.data
  const here = items.filter(({ runs }) => runs)
  const not = items.filter(({ runs }) => !runs)
  return (
    <>
      <Section
        title="Next runs"
        aside={
          <span className="t3 small">
            {complete ? '' : 'at least '}
            {things(here.length, 'task')} may run here
          </span>
        }
      >
        <NextRuns tasks={nextOf(here, NEXT)} />
      </Section>
      {not.length > 0 && <NotHere tasks={not} />}
    </>
  )
}

function NextRuns({ tasks }: { tasks: readonly NodeTask[] }) {
  if (tasks.length === 0) return <p className="t3 small">None of its tasks has a time.</p>
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

function NotHere({ tasks }: { tasks: readonly NodeTask[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? tasks : tasks.slice(0, SHOWN)
  return (
    <Section title="Do not run here" count={tasks.length}>
      <ul className="node-lines">
        {shown.map(({ taskId, taskName, reasons }) => (
          <li key={taskId}>
            <a href={href(['tasks', taskId])}>{taskName}</a>
            <span className="t2 small">{reasons.join('; ')}</span>
          </li>
        ))}
      </ul>
      {tasks.length > SHOWN && (
        <button type="button" className="link small" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${tasks.length}`}
        </button>
      )}
    </Section>
  )
}
