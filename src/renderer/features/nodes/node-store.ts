import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { NodeTask } from '../../../shared/domain/node.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { throttle } from '../../lib/throttle.ts'
import type { NodesClient } from './store.ts'

/** Every task as one node sees it; not `complete`: there are more than were read. */
export interface TasksThere {
  items: NodeTask[]
  complete: boolean
}

export interface NodeViewState {
  running: Loadable<Run[]>
  tasks: Loadable<TasksThere>
  load: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
}

const MOST = 1000
const REFRESH_MS = 1000

/** What can change which tasks run there, when, or what runs now. */
const RELEVANT = /^(hello|missed|run\.(started|finished)|task\.changed|schedule\.changed|node\.changed)$/

export const createNodeStore = (
  client: Pick<NodesClient, 'nodes' | 'history'>,
  nodeId: string,
): StoreApi<NodeViewState> =>
  createStore<NodeViewState>()((set, get) => {
    const readRunning = async (): Promise<Run[]> =>
      (await client.history.list({ node: [nodeId], state: ['Running'], limit: MOST })).items
    const readTasks = async (): Promise<TasksThere> => {
      const { items, nextCursor } = await client.nodes.tasks({ nodeId, limit: MOST })
      return { items, complete: nextCursor === null }
    }
    const refreshSoon = throttle(() => void get().load(), REFRESH_MS)
    return {
      running: idle,
      tasks: idle,
      load: async () => {
        set({ running: waiting(get().running), tasks: waiting(get().tasks) })
        await Promise.all([
          settle(get().running, readRunning()).then((running) => set({ running })),
          settle(get().tasks, readTasks()).then((tasks) => set({ tasks })),
        ])
      },
      onEvent: ({ type }) => {
        if (RELEVANT.test(type)) refreshSoon()
      },
    }
  })
