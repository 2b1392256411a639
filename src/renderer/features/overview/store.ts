import { createStore } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'

export interface Overview {
  /** Tasks whose last run ended badly, the latest first. */
  failing: { tasks: Task[]; more: boolean }
  /** What runs or waits for a slot now. */
  active: Run[]
  /** Tasks by their next run. */
  coming: Task[]
  /** Whether there is any task at all. */
  isEmpty: boolean
}

export interface OverviewState {
  overview: Loadable<Overview>
  refresh: () => Promise<void>
  /** Reads now, and after events, until the returned function is called. */
  watch: () => () => void
  onEvent: (event: ClusterEvent) => void
}

const REFRESH_MS = 1000
const RELEVANT = /^(hello|missed|run\.(queued|started|finished)|task\.changed|schedule\.changed)$/
const FAILING_SHOWN = 50
const COMING_SHOWN = 15

const read = async ({ tasks, history }: Pick<AppClient, 'tasks' | 'history'>): Promise<Overview> => {
  const [failing, active, coming] = await Promise.all([
    tasks.list({ state: ['Failed', 'Timeout', 'Lost'], sort: 'lastRun', limit: FAILING_SHOWN }),
    history.list({ state: ['Running', 'Queued'], limit: FAILING_SHOWN }),
    tasks.list({ sort: 'nextRun', limit: COMING_SHOWN }),
  ])
  return {
    failing: { tasks: failing.items, more: failing.nextCursor !== null },
    active: active.items,
    coming: coming.items.filter((task) => task.nextRun !== null),
    isEmpty: coming.items.length === 0,
  }
}

export const createOverviewStore = (client: Pick<AppClient, 'tasks' | 'history'>) =>
  createStore<OverviewState>()((set, get) => {
    let watchers = 0
    const refresh = async (): Promise<void> => set({ overview: await settle(get().overview, read(client)) })
    const refreshSoon = throttle(() => void refresh(), REFRESH_MS)
    return {
      overview: idle,
      refresh,
      watch: () => {
        watchers += 1
        set({ overview: waiting(get().overview) })
        void refresh()
        return () => void (watchers -= 1)
      },
      onEvent: (event) => {
        if (watchers > 0 && RELEVANT.test(event.type)) refreshSoon()
      },
    }
  })

export const overviewContext = storeContext<OverviewState>('overview')
