import { Button } from '@mantine/core'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Task } from '../../../shared/domain/task.ts'
import { useKept } from '../../lib/kept-switch.ts'
import { hintOf, MOVE_HINT } from '../../lib/key-table.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useRefusal } from '../../lib/role.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { NoHits } from '../../ui/no-hits.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import type { Choice } from '../../ui/use-choice.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FirstStart } from './first-start/first-start.tsx'
import { firstSteps } from './first-start/store.ts'
import { isFiltered, paramsOf, queryOf, sortOf } from './query.ts'
import { tasksContext, type TaskQuery } from './store.ts'
import { TaskEditor } from './editor/task-editor.tsx'
import { TaskFilters } from './task-filters.tsx'
import { TaskTable } from './task-table.tsx'
import { useTaskActs } from './use-task-acts.ts'

const NO_TASKS: readonly Task[] = []

const HINTS = [
  MOVE_HINT,
  hintOf('list', 'open'),
  hintOf('tasks', 'run'),
  hintOf('tasks', 'toggle', { late: true }),
  hintOf('list', 'choose', { does: 'choose', late: true }),
  hintOf('list', 'search'),
]

/** The tasks, and at the right the one that is written or edited; the list stays. */
export function TasksView({ taskId }: { taskId: string | undefined }) {
  const { params } = useRoute()
  const router = useRouter()
  const query = useMemo(() => queryOf(params), [params])
  const show = tasksContext.useState((state) => state.show)
  useEffect(() => void show(query), [show, query])
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const refused = useRefusal('operator') !== null
  const choice = useMemo(() => ({ chosen, onChoose: setChosen }), [chosen])
  const close = useCallback(() => router.go(href(['tasks'], params)), [router, params])
  const created = useCallback(
    (id: string) => router.go(href(['tasks', id], params), { replace: true }),
    [router, params],
  )
  const foot = (
    <KeyFoot hints={HINTS}>
      <ReplicaAge />
    </KeyFoot>
  )
  return (
    <div className={taskId ? 'tasks-view with-panel' : 'tasks-view'}>
      <div className="tasks-list">
        <TaskFilters query={query} />
        <TaskList query={query} selected={taskId} choice={refused || taskId ? undefined : choice} />
        {chosen.size > 0 ? (
          <BulkBar
            chosen={chosen}
            instead={taskId === undefined ? null : foot}
            onDone={() => setChosen(new Set())}
          />
        ) : (
          foot
        )}
      </div>
      {taskId && (
        <TaskEditor
          key={`${taskId} ${params.get('from') ?? ''}`}
          taskId={taskId === 'new' ? null : taskId}
          onClose={close}
          onCreated={created}
        />
      )}
    </div>
  )
}

interface TaskListProps {
  query: TaskQuery
  selected: string | undefined
  choice: Choice | undefined
}

function TaskList({ query, selected, choice }: TaskListProps) {
  const { path, params } = useRoute()
  const router = useRouter()
  const list = tasksContext.useState((state) => state.list)
  const firstShown = useKept(firstSteps.all)
  const { more, refresh } = tasksContext.useApi().getState()
  const [atCursor, setAtCursor] = useState<Task | undefined>()
  const acts = useTaskActs()
  const shown = list.status === 'ready' ? list.data.items : NO_TASKS
  // While rows are chosen, or a task is open, the keys mean those; a row that a filter took away is meant by none.
  const isOther = selected !== undefined || (choice !== undefined && choice.chosen.size > 0)
  const one = isOther ? undefined : shown.find((task) => task.taskId === atCursor?.taskId)
  useCommands(
    'tasks',
    {
      run: one && unless(acts.refusal.operator, () => acts.run(one)),
      toggle: one && unless(acts.refusal.admin, () => acts.toggle(one)),
    },
    one && { kind: 'task', id: one.taskId, name: one.taskName },
  )
  const onEnd = useCallback(() => void more(), [more])
  const hrefOf = (task: Task): string => href(['tasks', task.taskId], params)
  if (list.status === 'failed')
    return <ErrorView what="The tasks could not be read" error={list.error} onRetry={() => void refresh()} />
  if (list.status !== 'ready') return <SkeletonRows />
  if (shown.length === 0 && isFiltered(query)) return <NoHits what="task" view="tasks" />
  if (shown.length === 0)
    return firstShown ? <FirstStart tasks={shown} isBehind={selected !== undefined} /> : <NoTasks />
  return (
    <TaskTable
      tasks={shown}
      {...(choice && { choice })}
      sortedBy={query.sort}
      onSort={(sort) => router.go(href(path, paramsOf({ ...query, sort: sortOf(sort) })), { replace: true })}
      selected={selected}
      hrefOf={hrefOf}
      onOpen={(task) => router.go(hrefOf(task))}
      onCursor={setAtCursor}
      onEnd={onEnd}
    />
  )
}

/** For whoever skipped the first steps; they come back from here. */
function NoTasks() {
  const router = useRouter()
  const refusal = useRefusal('admin')
  return (
    <EmptyState
      title="Nothing is scheduled here yet"
      act={
        <>
          <Button
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => router.go(href(['tasks', 'new']))}
          >
            Write a task
          </Button>
          <Button onClick={() => router.go(href(['start']))}>First steps</Button>
        </>
      }
    >
      A task is a script, where it runs and when.
    </EmptyState>
  )
}
