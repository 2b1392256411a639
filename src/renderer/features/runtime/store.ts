import { createStore } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { CachedTask, Job, Runspace, Snapshot } from '../../../shared/domain/runtime.ts'
import type { AppClient } from '../../client.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'

/** The node's cached state, whole: its three parts are read together. */
export interface Runtime {
  /** Whose memory it is. */
  nodeName: string
  jobs: Snapshot<Job>
  runspaces: Snapshot<Runspace>
  tasks: Snapshot<CachedTask>
}

export interface RuntimeState {
  runtime: Loadable<Runtime>
  refresh: () => Promise<void>
  /** Reads now and on from time to time, until the returned function is called. */
  watch: () => () => void
  onEvent: (event: ClusterEvent) => void
}

/** As often as the node renews its cache when nothing happens. */
const RENEWED_MS = 5000
const REFRESH_MS = 1000
const RELEVANT = /^(hello|missed|runtime\.changed|run\.(started|finished))$/

export const createRuntimeStore = ({ runtime: ask, system }: Pick<AppClient, 'runtime' | 'system'>) =>
  createStore<RuntimeState>()((set, get) => {
    let watchers = 0
    const readAll = async (): Promise<Runtime> => {
      const [self, jobs, runspaces, tasks] = await Promise.all([
        system.info({}),
        ask.jobs({}),
        ask.runspaces({}),
        ask.tasks({}),
      ])
      return { nodeName: self.nodeName, jobs, runspaces, tasks }
    }
    const refresh = async (): Promise<void> => set({ runtime: await settle(get().runtime, readAll()) })
    const refreshSoon = throttle(() => void refresh(), REFRESH_MS)
    return {
      runtime: idle,
      refresh,
      watch: () => {
        watchers += 1
        set({ runtime: waiting(get().runtime) })
        void refresh()
        const timer = setInterval(() => void refresh(), RENEWED_MS)
        return () => {
          watchers -= 1
          clearInterval(timer)
        }
      },
      onEvent: (event) => {
        if (watchers > 0 && RELEVANT.test(event.type)) refreshSoon()
      },
    }
  })

export const runtimeContext = storeContext<RuntimeState>('runtime')
