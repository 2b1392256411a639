import { createStore } from 'zustand/vanilla'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import type { PendingChange, SyncStatus } from '../../shared/domain/sync.ts'
import type { AppClient } from '../client.ts'
import { createLatest } from '../lib/latest.ts'
import { dataOf, idle, settle, waiting, type Loadable } from '../lib/loadable.ts'
import { storeContext } from '../lib/store-context.ts'
import { throttle } from '../lib/throttle.ts'
import { whileSeen } from '../lib/while-seen.ts'

export interface SyncState {
  status: Loadable<SyncStatus>
  /** Edits of this node that the cluster database has not taken yet, oldest first. */
  pending: readonly PendingChange[]
  load: () => Promise<void>
  /** Keeps the status fresh, what others tell of themselves too, until the returned function is called. */
  watch: () => () => void
  /** Lets a node push and pull now, or read everything anew; done when this node has answered. */
  trigger: (nodeId: string, bootstrap: boolean) => Promise<void>
  /** Throws an edit away that was refused, and the later ones of its record. */
  giveUp: (changeId: string) => Promise<void>
  onEvent: (event: ClusterEvent) => void
}

const REFRESH_MS = 1000
/** A change is soon in every replica; until then each one of many would be counted for nobody. */
const RECORDED_MS = 3000
/** What other nodes tell of themselves has no event here. */
const OTHERS_MS = 5000

const RELEVANT = /^(hello|missed|sync\.progress|sync\.delivered|conflict\.changed|database\.away)$/

/** On a replica an edit is no change of the log yet: of a task it is told all the same. */
const RECORDED = /^(change\.recorded|task\.changed)$/

const NOTHING: readonly PendingChange[] = []

/** Asked for only when this node says that something waits. */
const readPending = async (client: SyncClient, { nodes }: SyncStatus): Promise<readonly PendingChange[]> => {
  const own = nodes.find(({ isSelf }) => isSelf)
  return own && own.pending > 0 ? (await client.sync.pending({})).items : NOTHING
}

export type SyncClient = Pick<AppClient, 'sync'>

/** What every page shows of table sync: conflicts to decide, edits that wait, and whether a replica answers. */
export const createSyncStore = (client: SyncClient) =>
  createStore<SyncState>()((set, get) => {
    const latest = createLatest()
    let watchers = 0
    const show = async (answer: Promise<SyncStatus>): Promise<void> =>
      latest.ask(
        settle(get().status, answer).then(async (status) => {
          const data = dataOf(status)
          const read = data ? await settle(idle, readPending(client, data)) : idle
          return { status, pending: dataOf(read) ?? get().pending }
        }),
        (part) => set(part),
      )
    const refreshSoon = throttle(() => void get().load(), REFRESH_MS)
    const recordedSoon = throttle(() => void get().load(), RECORDED_MS)
    /** Elsewhere nobody sees how far a change has got, except that it waits. */
    const isLookedAt = (): boolean => watchers > 0 || replicaOf(get().status) !== null
    return {
      status: idle,
      pending: NOTHING,
      load: async () => {
        set({ status: waiting(get().status) })
        await show(client.sync.status({}))
      },
      watch: () => {
        watchers += 1
        void get().load()
        const stop = whileSeen(refreshSoon, OTHERS_MS)
        return () => {
          watchers -= 1
          stop()
        }
      },
      trigger: async (nodeId, bootstrap) => {
        const status = await client.sync.trigger({ nodeId, bootstrap })
        await show(Promise.resolve(status))
      },
      giveUp: async (changeId) => {
        await client.sync.giveUp({ changeId })
        await get().load()
      },
      onEvent: ({ type }) => {
        if (RELEVANT.test(type)) refreshSoon()
        if (RECORDED.test(type) && isLookedAt()) recordedSoon()
      },
    }
  })

export const syncContext = storeContext<SyncState>('sync')

/** Since when this node answers from its replica, and how old that is; null: the cluster database does. */
export const replicaOf = (status: Loadable<SyncStatus>): SyncStatus['fromReplica'] =>
  dataOf(status)?.fromReplica ?? null
