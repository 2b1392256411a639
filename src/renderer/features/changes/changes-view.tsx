import { useCallback, useEffect, useMemo } from 'react'
import { recordWords, TABLE_OPTIONS } from '../../lib/change-words.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorView } from '../../ui/error-view.tsx'
import { FilterButton } from '../../ui/filter-button.tsx'
import { nodeOptions } from '../../ui/filter-options.ts'
import { NoHits } from '../../ui/no-hits.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys } from '../../ui/text.tsx'
import { SPAN_OPTIONS } from '../../lib/time-range.ts'
import { ChangeDetailView } from './change-detail.tsx'
import { ChangeLog } from './change-log.tsx'
import { ACTION_OPTIONS, isFiltered, paramsOf, queryOf } from './query.ts'
import { WaitingChanges } from './waiting-changes.tsx'
import { changesContext, type ChangeQuery, type ChangesState } from './store.ts'

/** Who changed what, newest first; at the right one change, field by field, with its undo. */
export function ChangesView({ changeId }: { changeId: string | undefined }) {
  const { params } = useRoute()
  const query = useMemo(() => queryOf(params), [params])
  const show = changesContext.useState((state) => state.show)
  useEffect(() => void show(query), [show, query])
  return (
    <>
      <ChangeFilters query={query} />
      <Log query={query} changeId={changeId} />
    </>
  )
}

/** Those who are asked for and those whose changes are shown: there is no list of all actors. */
const actorOptions = (query: ChangeQuery, list: ChangesState['list']) => {
  const shown = list.status === 'ready' ? list.data.items.flatMap(({ changedBy }) => changedBy ?? []) : []
  return [...new Set([...query.actor, ...shown])].sort().map((value) => ({ value, label: value }))
}

/** In the same way: the records of the changes that are shown. */
const recordOptions = (query: ChangeQuery, list: ChangesState['list']) => {
  const shown = list.status === 'ready' ? list.data.items : []
  const names = new Map(shown.map((change) => [change.recordId, recordWords(change)]))
  if (query.record !== null && !names.has(query.record)) names.set(query.record, query.record)
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))
}

const namesOf = (nodes: ChangesState['nodes']): Record<string, string> =>
  Object.fromEntries(nodes.map(({ nodeId, nodeName }) => [nodeId, nodeName]))

function ChangeFilters({ query }: { query: ChangeQuery }) {
  const { path, params } = useRoute()
  const router = useRouter()
  const list = changesContext.useState((state) => state.list)
  const nodes = changesContext.useState((state) => state.nodes)
  const set = (part: Partial<ChangeQuery>): void =>
    router.go(href(path, paramsOf({ ...queryOf(params), ...part })), { replace: true })
  return (
    <div className="bar" role="search">
      <FilterButton
        label="Table"
        multiple
        options={TABLE_OPTIONS}
        value={query.table}
        onChange={(table) => set({ table })}
      />
      <FilterButton
        label="Action"
        multiple
        options={ACTION_OPTIONS}
        value={query.action}
        onChange={(action) => set({ action })}
      />
      <FilterButton
        label="Actor"
        multiple
        options={actorOptions(query, list)}
        value={query.actor}
        onChange={(actor) => set({ actor })}
      />
      <FilterButton
        label="Node"
        multiple
        options={nodeOptions(namesOf(nodes), query.node)}
        value={query.node}
        onChange={(node) => set({ node })}
      />
      <FilterButton
        label="When"
        options={SPAN_OPTIONS}
        value={query.since ? [query.since] : []}
        onChange={([since]) => set({ since: since ?? null })}
      />
      <FilterButton
        label="Record"
        options={recordOptions(query, list)}
        value={query.record === null ? [] : [query.record]}
        onChange={([record]) => set({ record: record ?? null })}
      />
      <span className="grow" />
      <span className="t3 small row">
        <Keys of="J K" /> move
      </span>
    </div>
  )
}

function Log({ query, changeId }: { query: ChangeQuery; changeId: string | undefined }) {
  const list = changesContext.useState((state) => state.list)
  const { more, refresh } = changesContext.useApi().getState()
  const onEnd = useCallback(() => void more(), [more])
  if (list.status === 'failed')
    return (
      <ErrorView what="The changes could not be read" error={list.error} onRetry={() => void refresh()} />
    )
  if (list.status !== 'ready') return <SkeletonRows />
  const { items } = list.data
  if (items.length === 0 && isFiltered(query)) return <NoHits what="change" view="changes" />
  if (items.length === 0)
    return (
      <EmptyState title="Nothing has been changed yet">
        Every edit of a task stands here, field by field, and can be taken back.
      </EmptyState>
    )
  return (
    <div className="split">
      <div className="chg-side">
        <WaitingChanges />
        <ChangeLog changes={items} selected={changeId} onEnd={onEnd} />
      </div>
      {changeId ? (
        <ChangeDetailView key={changeId} changeId={changeId} />
      ) : (
        <div className="chg-none">
          <EmptyState title="Choose a change">
            It shows what was there before, and can be taken back.
          </EmptyState>
        </div>
      )}
    </div>
  )
}
