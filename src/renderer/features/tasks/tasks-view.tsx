import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Task } from '../../../shared/domain/task.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useRefusal } from '../../lib/role.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { KeyFoot, type KeyHint } from '../../ui/key-foot.tsx'
import { NoHits } from '../../ui/no-hits.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import type { Choice } from '../../ui/use-choice.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FirstStart } from './first-start.tsx'
import { isFiltered, paramsOf, queryOf, sortOf } from './query.ts'
import { tasksContext, type TaskQuery } from './store.ts'
import { TaskEditor } from './editor/task-editor.tsx'
import { TaskFilters } from './task-filters.tsx'
import { TaskTable } from './task-table.tsx'
import { useTaskActs } from './use-task-acts.ts'

const NO_TASKS: readonly Task[] = []

const HINTS: readonly KeyHint[] = [
  { keys: 'J K', does: 'move' },
  { keys: 'Enter', does: 'open' },
  { keys: 'R', does: 'run now' },
  { keys: 'E', does: 'enable or disable', late: true },
  { keys: 'X', does: 'choose', late: true },
  { keys: '/', does: 'search' },
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
  return (
    <div className={taskId ? 'tasks-view with-panel' : 'tasks-view'}>
      <div className="tasks-list">
        <TaskFilters query={query} />
        <TaskList query={query} selected={taskId} choice={refused || taskId ? undefined : choice} />
        {chosen.size > 0 ? (
          <BulkBar chosen={chosen} onDone={() => setChosen(new Set())} />
        ) : (
          <KeyFoot hints={HINTS}>
            <ReplicaAge />
          </KeyFoot>
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
  const { more, refresh } = tasksContext.useApi().getState()
  const [atCursor, setAtCursor] = useState<Task | undefined>()
  const acts = useTaskActs()
  const shown = list.status === 'ready' ? list.data.items : NO_TASKS
  // While rows are chosen, or a task is open, the keys mean those; a row that a filter took away is meant by none.
  const isOther = selected !== undefined || (choice !== undefined && choice.chosen.size > 0)
  const one = isOther ? undefined : shown.find((task) => task.taskId === atCursor?.taskId)
  useKeys({
    r: one ? () => acts.run(one) : undefined,
    e: one ? () => acts.toggle(one) : undefined,
  })
  const onEnd = useCallback(() => void more(), [more])
  const hrefOf = (task: Task): string => href(['tasks', task.taskId], params)
  if (list.status === 'failed')
    return <ErrorView what="The tasks could not be read" error={list.error} onRetry={() => void refresh()} />
  if (list.status !== 'ready') return <SkeletonRows />
  if (shown.length === 0 && isFiltered(query)) return <NoHits what="task" view="tasks" />
  if (shown.length === 0) return <FirstStart />
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
