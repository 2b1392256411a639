import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Task } from '../../../shared/domain/task.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useRefusal } from '../../lib/role.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { FilterButton } from '../../ui/filter-button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys } from '../../ui/text.tsx'
import { FirstStart } from './first-start.tsx'
import { isFiltered, paramsOf, queryOf, TASK_SORTS, TASK_STATES } from './query.ts'
import { tasksContext, type TaskQuery } from './store.ts'
import { TaskEditor } from './editor/task-editor.tsx'
import { TaskTable } from './task-table.tsx'
import { useTaskActs } from './use-task-acts.ts'

/** The tasks, and at the right the one that is written or edited; the list stays. */
export function TasksView({ taskId }: { taskId: string | undefined }) {
  const { params } = useRoute()
  const router = useRouter()
  const query = useMemo(() => queryOf(params), [params])
  const show = tasksContext.useState((state) => state.show)
  useEffect(() => void show(query), [show, query])
  const close = useCallback(() => router.go(href(['tasks'], params)), [router, params])
  const created = useCallback(
    (id: string) => router.go(href(['tasks', id], params), { replace: true }),
    [router, params],
  )
  return (
    <div className={taskId ? 'tasks-view with-panel' : 'tasks-view'}>
      <div className="tasks-list">
        <TaskFilters query={query} />
        <TaskList query={query} selected={taskId} />
        <Foot />
      </div>
      {taskId && (
        <TaskEditor
          key={taskId}
          taskId={taskId === 'new' ? null : taskId}
          onClose={close}
          onCreated={created}
        />
      )}
    </div>
  )
}

const ENABLED = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
] as const

function TaskFilters({ query }: { query: TaskQuery }) {
  const { path, params } = useRoute()
  const router = useRouter()
  const refusal = useRefusal('admin')
  const set = useCallback(
    (part: Partial<TaskQuery>) =>
      router.go(href(path, paramsOf({ ...queryOf(params), ...part })), { replace: true }),
    [router, path, params],
  )
  const search = useCallback((text: string) => set({ search: text }), [set])
  const create = (): void => router.go(href(['tasks', 'new'], params))
  useKeys({ n: refusal ? undefined : create })
  return (
    <div className="bar" role="search">
      <SearchField label="Search name, app, script" value={query.search} onChange={search} />
      <FilterButton
        label="Enabled"
        options={ENABLED}
        value={query.enabled === null ? [] : [query.enabled ? 'true' : 'false']}
        onChange={([value]) => set({ enabled: value === undefined ? null : value === 'true' })}
      />
      <FilterButton
        label="State"
        multiple
        options={TASK_STATES}
        value={query.state}
        onChange={(state) => set({ state })}
      />
      <span className="sort-filter">
        <FilterButton
          label="Sort"
          options={TASK_SORTS}
          value={query.sort === 'state' ? [] : [query.sort]}
          onChange={([sort]) => set({ sort: sort ?? 'state' })}
        />
      </span>
      <span className="grow" />
      <Button component="a" href={href(['import'])}>
        Import
      </Button>
      <Button
        variant="filled"
        leftSection={<PlusIcon size={14} />}
        rightSection={<Keys of="N" />}
        aria-keyshortcuts="n"
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={create}
      >
        New task
      </Button>
    </div>
  )
}

function TaskList({ query, selected }: { query: TaskQuery; selected: string | undefined }) {
  const { params } = useRoute()
  const router = useRouter()
  const list = tasksContext.useState((state) => state.list)
  const { more, refresh } = tasksContext.useApi().getState()
  const [atCursor, setAtCursor] = useState<Task | undefined>()
  const acts = useTaskActs()
  useKeys({
    r: atCursor && !selected ? () => acts.run(atCursor) : undefined,
    e: atCursor && !selected ? () => acts.toggle(atCursor) : undefined,
  })
  const onEnd = useCallback(() => void more(), [more])
  const hrefOf = (task: Task): string => href(['tasks', task.taskId], params)
  if (list.status === 'failed')
    return <ErrorView what="The tasks could not be read" error={list.error} onRetry={() => void refresh()} />
  if (list.status !== 'ready') return <SkeletonRows />
  const { items } = list.data
  if (items.length === 0 && isFiltered(query)) return <NoHits />
  if (items.length === 0) return <FirstStart />
  return (
    <TaskTable
      tasks={items}
      selected={selected}
      hrefOf={hrefOf}
      onOpen={(task) => router.go(hrefOf(task))}
      onCursor={setAtCursor}
      onEnd={onEnd}
    />
  )
}

function NoHits() {
  const router = useRouter()
  return (
    <EmptyState
      title="No task fits the filter"
      act={<Button onClick={() => router.go(href(['tasks']))}>Clear the filter</Button>}
    />
  )
}

function Foot() {
  return (
    <div className="foot">
      <span>
        <Keys of="J K" /> move
      </span>
      <span>
        <Keys of="Enter" /> open
      </span>
      <span>
        <Keys of="R" /> run now
      </span>
      <span className="late">
        <Keys of="E" /> enable or disable
      </span>
      <span>
        <Keys of="/" /> search
      </span>
    </div>
  )
}
