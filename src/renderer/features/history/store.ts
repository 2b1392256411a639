import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Run, RunState } from '../../../shared/domain/run.ts'
import { STATS_UNITS, type RunStats, type StatsUnit } from '../../../shared/domain/run-stats.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle } from '../../lib/loadable.ts'
import {
  readTimeline,
  type ReadSpan,
  type TimelineData,
  type TimelineFilter,
} from '../../lib/read-timeline.ts'
import { readTrend } from '../../lib/read-trend.ts'
import type { TrendData } from '../../ui/duration-trend/trend.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { storeContext } from '../../lib/store-context.ts'
import { sinceSpan, type Span as Since } from '../../lib/time-range.ts'
import { createRunStore, type RunViewState } from './run-store.ts'

/** What the address says of the list. */
export interface RunQuery {
  search: string
  state: RunState[]
  task: string | null
  since: Since | null
  node: string[]
  /** Charts above the list. */
  charts: boolean
}

/** What the charts show; times in epoch ms. */
export interface RunChartData {
  outcome: RunStats
  unitMs: number
  from: number
  to: number
  /** How long the latest runs of one task took; null without a task. */
  trend: TrendData | null
}

export interface HistoryState extends PagedList<RunQuery, Run> {
  /** Names of the nodes by id: a run knows only the id. */
  nodeNames: Record<string, string>
  loadNodes: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
  readCharts: (query: RunQuery) => Promise<RunChartData>
  /** The runs of a span, of the tasks and nodes that are asked for. */
  readTimeline: (filter: TimelineFilter, ...asked: Parameters<ReadSpan>) => Promise<TimelineData>
  createRunView: (historyId: string) => StoreApi<RunViewState>
  /** From now on the view hears of its run, until the returned function is called. */
  attach: (view: StoreApi<RunViewState>) => () => void
}

type HistoryClient = Pick<AppClient, 'history' | 'tasks' | 'changes' | 'nodes'>

const reader = (client: HistoryClient) => (query: RunQuery, page: { limit: number; cursor?: string }) =>
  client.history.list({
    ...page,
    ...(query.search && { search: query.search }),
    ...(query.state.length > 0 && { state: query.state }),
    ...(query.task && { task: [query.task] }),
    ...(query.node.length > 0 && { node: query.node }),
    ...sinceSpan(query.since, Date.now()),
  })

const HOUR_MS = 60 * 60 * 1000
/** Without a span of its own a chart shows the last week. */
const USUAL_MS = 7 * 24 * HOUR_MS
/** Beyond two days hours are too many columns. */
const HOURS_UP_TO_MS = 2 * 24 * HOUR_MS

const readCharts = async (client: HistoryClient, query: RunQuery): Promise<RunChartData> => {
  const to = Date.now()
  const since = sinceSpan(query.since, to).from
  const from = since ? Date.parse(since) : to - USUAL_MS
  const unit: StatsUnit = to - from <= HOUR_MS ? 'tenMinutes' : to - from <= HOURS_UP_TO_MS ? 'hour' : 'day'
  const task = query.task ? { task: [query.task] } : {}
  const node = query.node.length > 0 ? { node: query.node } : {}
  const [outcome, trend] = await Promise.all([
    client.history.stats({ from: new Date(from).toISOString(), unit, ...task, ...node }),
    query.task ? readTrend(client, query.task) : null,
  ])
  return { outcome, unitMs: STATS_UNITS[unit], from, to, trend }
}

const isRelevant = (event: ClusterEvent): boolean =>
  event.type === 'hello' || event.type === 'missed' || /^run\.(queued|started|finished)$/.test(event.type)

export const createHistoryStore = (client: HistoryClient) =>
  createStore<HistoryState>()((set, get) => {
    const views = new Set<StoreApi<RunViewState>>()
    const { part, refreshSoon } = createPagedList(reader(client), set, get)
    return {
      ...part,
      nodeNames: {},
      loadNodes: async () => {
        const nodes = await settle(idle, client.nodes.list({ limit: 1000 }))
        if (nodes.status !== 'ready') return
        set({ nodeNames: Object.fromEntries(nodes.data.items.map((node) => [node.nodeId, node.nodeName])) })
      },
      onEvent: (event) => {
        if (event.type === 'hello' || event.type === 'node.changed') void get().loadNodes()
        if (!isRelevant(event)) return
        refreshSoon()
        for (const view of views) view.getState().onEvent(event)
      },
      readCharts: (query) => readCharts(client, query),
      readTimeline: (filter, ...asked) => readTimeline(client, filter, ...asked),
      createRunView: (historyId) => createRunStore(client, historyId),
      attach: (view) => {
        views.add(view)
        return () => void views.delete(view)
      },
    }
  })

export const historyContext = storeContext<HistoryState>('history')

/** A node by its name, or by the start of its id while the name is not known. */
export const useNodeName = (nodeId: string | null): string | null =>
  historyContext.useState((state) => (nodeId ? (state.nodeNames[nodeId] ?? nodeId.slice(0, 8)) : null))
