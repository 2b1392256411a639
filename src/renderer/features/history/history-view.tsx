import { Button } from '@mantine/core'
import { GraphIcon } from '@primer/octicons-react'
import { useCallback, useEffect, useMemo } from 'react'
import type { Run } from '../../../shared/domain/run.ts'
import { hintOf, MOVE_HINT } from '../../lib/key-table.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { ReplicaAge } from '../../shell/replica-age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { FilterButton } from '../../ui/filter-button.tsx'
import { nodeOptions } from '../../ui/filter-options.ts'
import { KeyFoot } from '../../ui/key-foot.tsx'
import { NoHits } from '../../ui/no-hits.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { SPAN_OPTIONS } from '../../lib/time-range.ts'
import { Charts } from './charts.tsx'
import { isFiltered, paramsOf, queryOf, RUN_STATE_OPTIONS } from './query.ts'
import { RunDetail } from './run-detail.tsx'
import { RunTable } from './run-table.tsx'
import { historyContext, type RunQuery } from './store.ts'

/** What ran, newest first; or one run with its output. */
export function HistoryView({ historyId }: { historyId: string | undefined }) {
  return historyId ? <RunDetail key={historyId} historyId={historyId} /> : <RunList />
}

const HINTS = [MOVE_HINT, hintOf('list', 'open'), hintOf('list', 'search')]

function RunList() {
  const { params } = useRoute()
  const query = useMemo(() => queryOf(params), [params])
  const show = historyContext.useState((state) => state.show)
  useEffect(() => void show(query), [show, query])
  return (
    <>
      <RunFilters query={query} />
      {query.charts && <Charts query={query} />}
      <Rows query={query} />
      <KeyFoot hints={HINTS}>
        <ReplicaAge />
      </KeyFoot>
    </>
  )
}

/** The tasks whose runs are shown, and the one that is asked for: there is no list of all. */
const taskOptions = (shown: readonly Run[], asked: string | null) => {
  const names = new Map(shown.map(({ taskId, taskName }) => [taskId, taskName]))
  if (asked !== null && !names.has(asked)) names.set(asked, asked)
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))
}

function RunFilters({ query }: { query: RunQuery }) {
  const { path, params } = useRoute()
  const router = useRouter()
  const set = useCallback(
    (part: Partial<RunQuery>) =>
      router.go(href(path, paramsOf({ ...queryOf(params), ...part })), { replace: true }),
    [router, path, params],
  )
  const search = useCallback((text: string) => set({ search: text }), [set])
  const list = historyContext.useState((state) => state.list)
  const nodeNames = historyContext.useState((state) => state.nodeNames)
  const shown = list.status === 'ready' ? list.data.items : []
  return (
    <div className="bar" role="search">
      <SearchField label="Search task, app, reason" value={query.search} onChange={search} />
      <FilterButton
        label="State"
        multiple
        options={RUN_STATE_OPTIONS}
        value={query.state}
        onChange={(state) => set({ state })}
      />
      <FilterButton
        label="When"
        options={SPAN_OPTIONS}
        value={query.since ? [query.since] : []}
        onChange={([since]) => set({ since: since ?? null })}
      />
      <FilterButton
        label="Node"
        multiple
        options={nodeOptions(nodeNames, query.node)}
        value={query.node}
        onChange={(node) => set({ node })}
      />
      <FilterButton
        label="Task"
        options={taskOptions(shown, query.task)}
        value={query.task === null ? [] : [query.task]}
        onChange={([task]) => set({ task: task ?? null })}
      />
      <span className="grow" />
      <Button
        leftSection={<GraphIcon size={14} />}
        aria-pressed={query.charts}
        onClick={() => set({ charts: !query.charts })}
      >
        {query.charts ? 'Hide charts' : 'Charts'}
      </Button>
    </div>
  )
}

function Rows({ query }: { query: RunQuery }) {
  const router = useRouter()
  const list = historyContext.useState((state) => state.list)
  const { more, refresh } = historyContext.useApi().getState()
  const onEnd = useCallback(() => void more(), [more])
  const hrefOf = (run: Run): string => href(['history', run.historyId])
  if (list.status === 'failed')
    return <ErrorView what="The runs could not be read" error={list.error} onRetry={() => void refresh()} />
  if (list.status !== 'ready') return <SkeletonRows />
  if (list.data.items.length > 0)
    return (
      <RunTable
        runs={list.data.items}
        hrefOf={hrefOf}
        onOpen={(run) => router.go(hrefOf(run))}
        onEnd={onEnd}
      />
    )
  if (isFiltered(query)) return <NoHits what="run" view="history" />
  return (
    <EmptyState
      title="Nothing has run yet"
      act={<Button onClick={() => router.go(href(['tasks']))}>To the tasks</Button>}
    >
      Every run of a task stands here, with its output and the reason of its end.
    </EmptyState>
  )
}
