import type { Change } from '../../../shared/domain/change.ts'
import type { Task } from '../../../shared/domain/task.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { href } from '../../lib/router.ts'
import { State } from '../../ui/state.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { Overview } from './store.ts'

/** What failed last, why, what was changed just before, and when it runs again. */
export function Failing({ failing: { tasks, more }, suspects }: Pick<Overview, 'failing' | 'suspects'>) {
  if (tasks.length === 0) return <p className="t3">Nothing fails.</p>
  return (
    <ul className="overview-failing">
      {tasks.map((task) => (
        <li key={task.taskId}>
          <State of={task.lastState ?? 'Failed'} note={task.lastRun && <Relative at={task.lastRun} />} />
          <span className="overview-what">
            <a href={failureOf(task)}>{task.taskName}</a> <span className="t3">{task.appName}</span>
            <span className="overview-why" title={errorOf(task)}>
              {errorOf(task)}
            </span>
            <Suspect change={suspects[task.taskId]} />
          </span>
          <span className="t3 small">
            <WhatNext task={task} />
          </span>
        </li>
      ))}
      {more && (
        <li>
          <a href={href(['tasks'], { state: ['Failed', 'Timeout', 'Lost'], sort: 'lastRun' })}>
            All of them in Tasks
          </a>
        </li>
      )}
    </ul>
  )
}

function Suspect({ change }: { change: Change | undefined }) {
  if (!change) return null
  const what = change.action === 'INSERT' ? 'created it' : `changed ${change.changedFields.join(', ')}`
  return (
    <a className="overview-suspect small" href={href(['changes', change.changeId])}>
      just before: {change.changedBy ?? 'somebody'} {what} at <Clock at={change.changedAt} />
    </a>
  )
}

function WhatNext({ task }: { task: Task }) {
  if (task.isRunning) return 'runs again now'
  if (!task.nextRun) return 'no next run'
  return (
    <>
      next <Clock at={task.nextRun} />
    </>
  )
}

/** The run that tells why; a row from before the history was purged leads to the task. */
const failureOf = (task: Task): string =>
  task.lastHistoryId ? href(['history', task.lastHistoryId]) : href(['tasks', task.taskId])

const errorOf = (task: Task): string => stripAnsi(task.lastError ?? '')
