import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { NodeTask } from '../../../shared/domain/node.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { createLatest } from '../../lib/latest.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { readTimeline, type ReadSpan } from '../../lib/read-timeline.ts'
import { throttle } from '../../lib/throttle.ts'
import type { NodesClient } from './store.ts'

/** Every task as one node sees it; not `complete`: there are more than were read. */
export interface TasksThere {
  items: NodeTask[]
  complete: boolean
}

export interface NodeViewState {
  running: Loadable<Run[]>
  /** What falls due there first. */
  next: Loadable<NodeTask[]>
  tasks: Loadable<TasksThere>
  /** What ran there in a span of time. */
  readTimeline: ReadSpan
  load: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
}

const MOST = 1000
const NEXT = 5
const REFRESH_MS = 1000

/** After a run what runs there and what is next is another; why tasks do not run there is not. */
const OF_RUNS = /^run\.(started|finished)$/
/** What can change which tasks run there, too. */
const OF_TASKS = /^(hello|missed|task\.changed|schedule\.changed|node\.changed|cluster\.changed)$/

export const createNodeStore = (
  client: Pick<NodesClient, 'nodes' | 'history'>,
  nodeId: string,
): StoreApi<NodeViewState> =>
  createStore<NodeViewState>()((set, get) => {
    const latest = { running: createLatest(), next: createLatest(), tasks: createLatest() }
    const readRunning = async (): Promise<void> => {
      const answer = client.history.list({ node: [nodeId], state: ['Running'], limit: MOST })
      const runs = answer.then(({ items }) => items)
      await latest.running.ask(settle(get().running, runs), (running) => set({ running }))
    }
    const readNext = async (): Promise<void> => {
      const tasks = client.nodes.upcoming({ nodeId, limit: NEXT }).then(({ items }) => items)
      await latest.next.ask(settle(get().next, tasks), (next) => set({ next }))
    }
    const readTasks = async (): Promise<void> => {
      const there = client.nodes
        .tasks({ nodeId, limit: MOST })
        .then(({ items, nextCursor }): TasksThere => ({ items, complete: nextCursor === null }))
      await latest.tasks.ask(settle(get().tasks, there), (tasks) => set({ tasks }))
    }
    const runsSoon = throttle(() => void Promise.all([readRunning(), readNext()]), REFRESH_MS)
    const tasksSoon = throttle(() => void readTasks(), REFRESH_MS)
    return {
      running: idle,
      next: idle,
      tasks: idle,
      readTimeline: (...asked) => readTimeline(client, { node: [nodeId] }, ...asked),
      load: async () => {
        const { running, next, tasks } = get()
        set({ running: waiting(running), next: waiting(next), tasks: waiting(tasks) })
        await Promise.all([readRunning(), readNext(), readTasks()])
      },
      onEvent: ({ type }) => {
        if (OF_RUNS.test(type) || OF_TASKS.test(type)) runsSoon()
        if (OF_TASKS.test(type)) tasksSoon()
      },
    }
  })
