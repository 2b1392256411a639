import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import type { Conflict, ResolveInput } from '../../../shared/domain/sync.ts'
import type { AppClient } from '../../client.ts'
import { createLatest } from '../../lib/latest.ts'
import { dataOf, idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { readAllNodes } from '../../lib/read-nodes.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { whileSeen } from '../../lib/while-seen.ts'
import type { Draft } from './draft.ts'

/** The inbox: conflicts to decide, those that are decided, and what somebody is about to decide. */

export type ConflictList = PagedList<{ resolved: boolean }, Conflict>

export interface ConflictView {
  conflict: Loadable<Conflict>
  load: () => Promise<void>
}

export interface ConflictsState {
  /** For the states beside their replicas. */
  nodes: readonly ClusterNode[]
  open: StoreApi<ConflictList>
  decided: StoreApi<ConflictList>
  /** What is chosen and not saved, by conflict: going to another one and back loses nothing. */
  drafts: Readonly<Record<string, Draft>>
  setDraft: (conflictId: string, draft: Draft | null) => void
  /** Keeps everything fresh until the returned function is called. */
  watch: () => () => void
  resolve: (input: ResolveInput) => Promise<Conflict>
  onEvent: (event: ClusterEvent) => void
  createView: (conflictId: string) => StoreApi<ConflictView>
  /** From now on the view hears of what happens, until the returned function is called. */
  attach: (view: StoreApi<ConflictView>) => () => void
}

type ConflictsClient = Pick<AppClient, 'conflicts' | 'nodes'>

const RELEVANT = /^(hello|missed|conflict\.changed|sync\.delivered|task\.changed|node\.changed)$/
const REFRESH_MS = 1000
/** That a node fell silent is nobody's event. */
const HEARTBEATS_MS = 5000

const createList = (client: ConflictsClient): StoreApi<ConflictList> =>
  createStore<ConflictList>()(
    (set, get) =>
      createPagedList((query, page) => client.conflicts.list({ ...page, ...query }), set, get).part,
  )

/** One conflict: as its list told of it, and then as it is. */
const createView = (
  client: ConflictsClient,
  conflictId: string,
  known: Conflict | undefined,
): StoreApi<ConflictView> =>
  createStore<ConflictView>()((set, get) => {
    const latest = createLatest()
    return {
      conflict: known ? { status: 'ready', data: known } : idle,
      load: async () => {
        set({ conflict: waiting(get().conflict) })
        const answer = settle(get().conflict, client.conflicts.get({ conflictId }))
        await latest.ask(answer, (conflict) => set({ conflict }))
      },
    }
  })

export const createConflictsStore = (client: ConflictsClient) =>
  createStore<ConflictsState>()((set, get) => {
    const open = createList(client)
    const decided = createList(client)
    const views = new Set<StoreApi<ConflictView>>()
    let watchers = 0
    const loadNodes = async (): Promise<void> => {
      const nodes = await settle(idle, readAllNodes(client))
      if (nodes.status === 'ready') set({ nodes: nodes.data })
    }
    const refresh = (): void => {
      void loadNodes()
      void open.getState().refresh()
      void decided.getState().refresh()
      for (const view of views) void view.getState().load()
    }
    const refreshSoon = throttle(refresh, REFRESH_MS)
    const known = (conflictId: string): Conflict | undefined =>
      [open, decided]
        .flatMap((list) => dataOf(list.getState().list)?.items ?? [])
        .find((one) => one.conflictId === conflictId)
    return {
      ...{ nodes: [], open, decided, drafts: {} },
      setDraft: (conflictId, draft) => {
        const { [conflictId]: _before, ...others } = get().drafts
        set({ drafts: draft ? { ...others, [conflictId]: draft } : others })
      },
      watch: () => {
        watchers += 1
        void loadNodes()
        void open.getState().show({ resolved: false })
        void decided.getState().show({ resolved: true })
        const stop = whileSeen(() => void loadNodes(), HEARTBEATS_MS)
        return () => {
          watchers -= 1
          stop()
        }
      },
      resolve: async (input) => {
        const resolved = await client.conflicts.resolve(input)
        get().setDraft(input.conflictId, null)
        await Promise.all([open.getState().refresh(), decided.getState().refresh()])
        return resolved
      },
      onEvent: ({ type }) => {
        if (watchers > 0 && RELEVANT.test(type)) refreshSoon()
      },
      createView: (conflictId) => createView(client, conflictId, known(conflictId)),
      attach: (view) => {
        views.add(view)
        return () => void views.delete(view)
      },
    }
  })

export const conflictsContext = storeContext<ConflictsState>('conflicts')
