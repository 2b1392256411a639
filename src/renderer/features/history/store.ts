import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Run, RunState } from '../../../shared/domain/run.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { readFirst, readMore, type Paged } from '../../lib/paged.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { createRunStore, type RunViewState } from './run-store.ts'

/** What the address says of the list. */
export interface RunQuery {
  search: string
  state: RunState[]
  task: string | null
}

export interface HistoryState {
  query: RunQuery | null
  list: Loadable<Paged<Run>>
  /** Names of the nodes by id: a run knows only the id. */
  nodeNames: Record<string, string>
  show: (query: RunQuery) => Promise<void>
  more: () => Promise<void>
  refresh: () => Promise<void>
  loadNodes: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
  createRunView: (historyId: string) => StoreApi<RunViewState>
  /** From now on the view hears of its run, until the returned function is called. */
  attach: (view: StoreApi<RunViewState>) => () => void
}

type HistoryClient = Pick<AppClient, 'history' | 'tasks' | 'changes' | 'nodes'>

const REFRESH_MS = 1000

const reader = (client: HistoryClient, query: RunQuery) => (page: { limit: number; cursor?: string }) =>
  client.history.list({
    ...page,
    ...(query.search && { search: query.search }),
    ...(query.state.length > 0 && { state: query.state }),
    ...(query.task && { task: [query.task] }),
  })

const isRelevant = (event: ClusterEvent): boolean =>
  event.type === 'hello' || event.type === 'missed' || /^run\.(queued|started|finished)$/.test(event.type)

export const createHistoryStore = (client: HistoryClient) =>
  createStore<HistoryState>()((set, get) => {
    const views = new Set<StoreApi<RunViewState>>()
    /** Of several questions under way only the answer to the latest counts. */
    let asked = 0
    const read = async (work: Promise<Paged<Run>>): Promise<void> => {
      const ticket = ++asked
      const list = await settle(get().list, work)
      if (ticket === asked) set({ list })
    }
    const refresh = async (): Promise<void> => {
      const { query, list } = get()
      const shown = list.status === 'ready' ? list.data.items.length : 0
      if (query) await read(readFirst(reader(client, query), shown))
    }
    const refreshSoon = throttle(() => void refresh(), REFRESH_MS)
    return {
      query: null,
      list: idle,
      nodeNames: {},
      show: async (query) => {
        set({ query, list: waiting(get().list) })
        await read(readFirst(reader(client, query)))
      },
      more: async () => {
        const { query, list } = get()
        if (query && list.status === 'ready') await read(readMore(reader(client, query), list.data))
      },
      refresh,
      loadNodes: async () => {
        const nodes = await settle<Paged<{ nodeId: string; nodeName: string }>>(
          idle,
          client.nodes.list({ limit: 1000 }),
        )
        if (nodes.status !== 'ready') return
        set({ nodeNames: Object.fromEntries(nodes.data.items.map((node) => [node.nodeId, node.nodeName])) })
      },
      onEvent: (event) => {
        if (event.type === 'hello' || event.type === 'node.changed') void get().loadNodes()
        if (!isRelevant(event)) return
        refreshSoon()
        for (const view of views) view.getState().onEvent(event)
      },
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
