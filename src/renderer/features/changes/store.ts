import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Change, ChangeAction } from '../../../shared/domain/change.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle } from '../../lib/loadable.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { storeContext } from '../../lib/store-context.ts'
import { sinceSpan, type Span } from '../../lib/time-range.ts'
import { createChangeStore, type ChangeViewState } from './change-store.ts'

/** What the address says of the log. */
export interface ChangeQuery {
  table: string[]
  action: ChangeAction[]
  record: string | null
  actor: string[]
  node: string[]
  since: Span | null
}

export interface ChangesState extends PagedList<ChangeQuery, Change> {
  /** For the filter: changes know the node they were made on by its id. */
  nodes: readonly { nodeId: string; nodeName: string }[]
  loadNodes: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
  createChangeView: (changeId: string) => StoreApi<ChangeViewState>
}

type ChangesClient = Pick<AppClient, 'changes' | 'nodes'>

const RELEVANT = /^(hello|missed|change\.recorded|task\.changed|node\.changed)$/

/** Schedule rows come and go with their task: they are listed only when asked for. */
const USUAL_TABLES = ['Tasks', 'Nodes', 'Task_Lock', 'Api_Token']

const reader = (client: ChangesClient) => (query: ChangeQuery, page: { limit: number; cursor?: string }) =>
  client.changes.list({
    ...page,
    table: query.table.length > 0 ? query.table : USUAL_TABLES,
    ...(query.action.length > 0 && { action: query.action }),
    ...(query.record && { record: [query.record] }),
    ...(query.actor.length > 0 && { actor: query.actor }),
    ...(query.node.length > 0 && { node: query.node }),
    ...sinceSpan(query.since, Date.now()),
  })

export const createChangesStore = (client: ChangesClient) =>
  createStore<ChangesState>()((set, get) => {
    const { part, refreshSoon } = createPagedList(reader(client), set, get)
    return {
      ...part,
      nodes: [],
      loadNodes: async () => {
        const nodes = await settle(idle, client.nodes.list({ limit: 1000 }))
        if (nodes.status === 'ready') set({ nodes: nodes.data.items })
      },
      onEvent: (event) => {
        if (event.type === 'hello' || event.type === 'node.changed') void get().loadNodes()
        if (RELEVANT.test(event.type)) refreshSoon()
      },
      createChangeView: (changeId) => createChangeStore(client, changeId),
    }
  })

export const changesContext = storeContext<ChangesState>('changes')
