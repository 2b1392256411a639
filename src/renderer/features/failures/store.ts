import { createStore } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Failure, FailureView } from '../../../shared/domain/failure.ts'
import type { AppClient } from '../../client.ts'
import { createLatest } from '../../lib/latest.ts'
import { idle, loading, settle, type Loadable } from '../../lib/loadable.ts'
import { createPagedList, type PagedList } from '../../lib/paged-list.ts'
import { readAllNodes } from '../../lib/read-nodes.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'

/** What the address says of the list. */
export interface FailureQuery {
  show: FailureView
}

export interface FailuresState extends PagedList<FailureQuery, Failure> {
  /** The one that is shown in full, whether the list has it or not; null: none is. */
  openId: string | null
  open: Loadable<Failure>
  /** Shows one in full, or again none. */
  showOne: (failureId: string | null) => Promise<void>
  /** By id: a failure of one node of many knows only that. */
  nodeNames: Readonly<Record<string, string>>
  loadNodes: () => Promise<void>
  /** Of several: those that nobody had acknowledged; answers which. */
  acknowledge: (failures: readonly Failure[], note: string | null) => Promise<string[]>
  /** One after the other, `onEach` after each; what is shown is read again also where one is refused. */
  reopen: (failureIds: readonly string[], onEach?: () => void) => Promise<void>
  onEvent: (event: ClusterEvent) => void
}

type FailuresClient = Pick<AppClient, 'failures' | 'nodes'>

const REFRESH_MS = 1000
const RELEVANT = /^(hello|missed|failure\.changed)$/

/** The inbox of failures. */
export const createFailuresStore = (client: FailuresClient) =>
  createStore<FailuresState>()((set, get) => {
    const { failures } = client
    const { part, refreshSoon } = createPagedList<FailureQuery, Failure>(
      (query, page) => failures.list({ ...page, ...query }),
      set,
      get,
    )
    const latest = createLatest()
    const readOpen = async (): Promise<void> => {
      const { openId, open } = get()
      if (openId === null) return
      const answer = settle<Failure>(open, failures.get({ failureId: openId }))
      await latest.ask(answer, (next) => set({ open: next }))
    }
    const readAgain = async (): Promise<void> => {
      await Promise.all([get().refresh(), readOpen()])
    }
    const openSoon = throttle(() => void readOpen(), REFRESH_MS)
    return {
      ...part,
      ...{ openId: null, open: idle, nodeNames: {} },
      showOne: async (openId) => {
        latest.overtake()
        set({ openId, open: openId === null ? idle : loading })
        await readOpen()
      },
      loadNodes: async () => {
        const nodes = await settle(idle, readAllNodes(client))
        if (nodes.status === 'ready')
          set({ nodeNames: Object.fromEntries(nodes.data.map((node) => [node.nodeId, node.nodeName])) })
      },
      acknowledge: async (chosen, note) => {
        const [first, ...others] = chosen
        if (!first) return []
        const ids = chosen.map(({ failureId }) => failureId)
        // One that was acknowledged before gets the new note; of many the notes of others stand.
        const done =
          others.length === 0
            ? [(await failures.acknowledge({ failureId: first.failureId, note })).failureId]
            : (await failures.acknowledgeMany({ failureIds: ids, note })).failureIds
        await readAgain()
        return done
      },
      reopen: async (failureIds, onEach) => {
        try {
          for (const failureId of failureIds) {
            await failures.reopen({ failureId })
            onEach?.()
          }
        } finally {
          await readAgain()
        }
      },
      onEvent: ({ type }) => {
        if (!RELEVANT.test(type)) return
        refreshSoon()
        openSoon()
      },
    }
  })

export const failuresContext = storeContext<FailuresState>('failures')
