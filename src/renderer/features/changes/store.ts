import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Change, ChangeAction } from '../../../shared/domain/change.ts'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { readFirst, readMore, type Paged } from '../../lib/paged.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { createChangeStore, type ChangeViewState } from './change-store.ts'

/** What the address says of the log. */
export interface ChangeQuery {
  table: string[]
  action: ChangeAction[]
  record: string | null
}

export interface ChangesState {
  query: ChangeQuery | null
  list: Loadable<Paged<Change>>
  show: (query: ChangeQuery) => Promise<void>
  more: () => Promise<void>
  refresh: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
  createChangeView: (changeId: string) => StoreApi<ChangeViewState>
}

type ChangesClient = Pick<AppClient, 'changes'>

const REFRESH_MS = 1000
const RELEVANT = /^(hello|missed|change\.recorded|task\.changed|node\.changed)$/

/** Schedule rows come and go with their task: they are listed only when asked for. */
const USUAL_TABLES = ['Tasks', 'Nodes', 'Task_Lock', 'Api_Token']

const reader = (client: ChangesClient, query: ChangeQuery) => (page: { limit: number; cursor?: string }) =>
  client.changes.list({
    ...page,
    table: query.table.length > 0 ? query.table : USUAL_TABLES,
    ...(query.action.length > 0 && { action: query.action }),
    ...(query.record && { record: [query.record] }),
  })

export const createChangesStore = (client: ChangesClient) =>
  createStore<ChangesState>()((set, get) => {
    /** Of several questions under way only the answer to the latest counts. */
    let asked = 0
    const read = async (work: Promise<Paged<Change>>): Promise<void> => {
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
      show: async (query) => {
        set({ query, list: waiting(get().list) })
        await read(readFirst(reader(client, query)))
      },
      more: async () => {
        const { query, list } = get()
        if (query && list.status === 'ready') await read(readMore(reader(client, query), list.data))
      },
      refresh,
      onEvent: (event) => {
        if (RELEVANT.test(event.type)) refreshSoon()
      },
      createChangeView: (changeId) => createChangeStore(client, changeId),
    }
  })

export const changesContext = storeContext<ChangesState>('changes')
