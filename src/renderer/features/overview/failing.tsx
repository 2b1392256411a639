import type { Change } from '../../../shared/domain/change.ts'
import type { Failure } from '../../../shared/domain/failure.ts'
import type { Task } from '../../../shared/domain/task.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { href } from '../../lib/router.ts'
import { State } from '../../ui/state.tsx'
import { Clock, Relative } from '../../ui/time.tsx'
import type { Overview } from './store.ts'

/** What failed last, why, what was changed just before, and when it runs again. */
export function Failing({
  failing: { tasks, more },
  suspects,
  failures,
}: Pick<Overview, 'failing' | 'suspects' | 'failures'>) {
  if (tasks.length === 0) return <p className="t3">Nothing fails.</p>
  // What somebody looks after comes after what nobody does.
  const isSeen = ({ taskId }: Task): boolean => (failures[taskId]?.acknowledgedAt ?? null) !== null
  const sorted = [...tasks.filter((task) => !isSeen(task)), ...tasks.filter(isSeen)]
  return (
    <ul className="overview-failing">
      {sorted.map((task) => (
        <li key={task.taskId}>
          <State of={task.lastState ?? 'Failed'} note={task.lastRun && <Relative at={task.lastRun} />} />
          <span className="overview-what">
            <a href={failureOf(task)}>{task.taskName}</a> <span className="t3">{task.appName}</span>{' '}
            <Since failure={failures[task.taskId]} />
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

/** `×6 since 11:30`, and who has seen it; leads to the inbox. */
function Since({ failure }: { failure: Failure | undefined }) {
  if (!failure) return null
  const { failureId, failureCount, firstAt, acknowledgedBy, acknowledgedAt, note } = failure
  return (
    <a className="overview-since small num" href={href(['failures', failureId])} title={note ?? undefined}>
      {failureCount > 1 && `×${failureCount} `}since <Clock at={firstAt} />
      {acknowledgedAt !== null && `, seen by ${acknowledgedBy}`}
    </a>
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
