import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import { useCallback } from 'react'
import type { Task } from '../../../shared/domain/task.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { useRefusal } from '../../lib/role.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { FilterButton } from '../../ui/filter-button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Keys } from '../../ui/text.tsx'
import { paramsOf, queryOf, TASK_SORTS, TASK_STATES } from './query.ts'
import { tasksContext, type TaskQuery } from './store.ts'

const ENABLED = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
] as const

/** What the list is narrowed to, all of it in the address. */
export function TaskFilters({ query }: { query: TaskQuery }) {
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
  useCommands('tasks', { create: unless(refusal, create) })
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
      <ListFilters query={query} set={set} />
      <span className="sort-filter">
        <FilterButton
          label="Sort"
          options={TASK_SORTS}
          value={query.sort === 'state' ? [] : [query.sort]}
          onChange={([sort]) => set({ sort: sort ?? 'state' })}
        />
      </span>
      <span className="grow" />
      <Button className="import-button" component="a" href={href(['import'])}>
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

type ListName = 'app' | 'tag' | 'node' | 'group' | 'role'

/** What tasks say of themselves, and for targets what the nodes do. */
const VALUES: Record<ListName, { label: string; of: (task: Task) => readonly (string | null)[] }> = {
  app: { label: 'App', of: (task) => [task.appName] },
  tag: { label: 'Tag', of: (task) => task.tags },
  node: { label: 'Node', of: (task) => [task.assignedNodeId] },
  group: { label: 'Group', of: (task) => [task.assignedNodeGroup] },
  role: { label: 'Role', of: (task) => [task.assignedNodeRole] },
}

/** There is no list of all apps and tags: those of the rows shown are offered, and those that are asked for. */
function ListFilters({ query, set }: { query: TaskQuery; set: (part: Partial<TaskQuery>) => void }) {
  const list = tasksContext.useState((state) => state.list)
  const nodes = tasksContext.useState((state) => state.nodes)
  const shown = list.status === 'ready' ? list.data.items : []
  const known: Partial<Record<ListName, readonly (string | null)[]>> = {
    node: nodes.map(({ nodeId }) => nodeId),
    group: nodes.map(({ nodeGroup }) => nodeGroup),
    role: nodes.map(({ nodeRole }) => nodeRole),
  }
  const nameOf = (value: string): string => nodes.find(({ nodeId }) => nodeId === value)?.nodeName ?? value
  return (Object.keys(VALUES) as ListName[]).map((name) => {
    const values = [...shown.flatMap(VALUES[name].of), ...(known[name] ?? []), ...query[name]]
    const options = [...new Set(values.filter((value): value is string => value !== null && value !== ''))]
      .map((value) => ({ value, label: nameOf(value) }))
      .sort((a, b) => a.label.localeCompare(b.label))
    if (options.length === 0) return null
    return (
      // Beside an open task there is room for those only that are set.
      <span key={name} className={query[name].length > 0 ? 'list-filter on' : 'list-filter'}>
        <FilterButton
          label={VALUES[name].label}
          multiple
          options={options}
          value={query[name]}
          onChange={(chosen) => set({ [name]: chosen })}
        />
      </span>
    )
  })
}
