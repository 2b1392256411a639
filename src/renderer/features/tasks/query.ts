import type { Params } from '../../lib/router.ts'
import { runStates } from '../../theme/states.tsx'
import type { TaskQuery, TaskSort, TaskState } from './store.ts'

/** The list's part of the address, both ways. What it does not understand counts as not set. */

export const TASK_STATES = Object.entries(runStates).map(([value, look]) => ({
  value: value as TaskState, // the keys of a Record<TaskState, …>
  label: look.word,
}))

export const TASK_SORTS: { value: TaskSort; label: string }[] = [
  { value: 'state', label: 'needs attention' },
  { value: 'name', label: 'name' },
  { value: 'nextRun', label: 'next run' },
  { value: 'lastRun', label: 'last run' },
]

const isState = (text: string): text is TaskState => text in runStates

export const sortOf = (text: string | null): TaskSort =>
  TASK_SORTS.find((sort) => sort.value === text)?.value ?? 'state'

export const queryOf = (params: URLSearchParams): TaskQuery => {
  const enabled = params.get('enabled')
  return {
    search: params.get('search') ?? '',
    enabled: enabled === null ? null : enabled === 'true',
    state: params.getAll('state').filter(isState),
    app: params.getAll('app'),
    tag: params.getAll('tag'),
    node: params.getAll('node'),
    group: params.getAll('group'),
    role: params.getAll('role'),
    sort: sortOf(params.get('sort')),
  }
}

export const paramsOf = (query: TaskQuery): Params => ({
  ...query,
  enabled: query.enabled === null ? null : String(query.enabled),
  sort: query.sort === 'state' ? null : query.sort,
})

export const isFiltered = ({ search, enabled, sort: _, ...lists }: TaskQuery): boolean =>
  search !== '' || enabled !== null || Object.values(lists).some((values) => values.length > 0)
