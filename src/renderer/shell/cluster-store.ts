import { createStore } from 'zustand/vanilla'
import type { Cluster, EmergencyStop } from '../../shared/domain/cluster.ts'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import type { AppClient } from '../client.ts'
import { createLatest } from '../lib/latest.ts'
import { idle, settle, waiting, type Loadable } from '../lib/loadable.ts'
import { storeContext } from '../lib/store-context.ts'
import { throttle } from '../lib/throttle.ts'

export interface ClusterState {
  cluster: Loadable<Cluster>
  load: () => Promise<void>
  /** Emergency stop: ends every run, starts nothing until somebody resumes. */
  stop: (reason: string | null) => Promise<EmergencyStop>
  resume: () => Promise<void>
  onEvent: (event: ClusterEvent) => void
}

const REFRESH_MS = 1000

/** What every page shows of the cluster as a whole: nodes that are away, and whether it is held. */
export const createClusterStore = (client: Pick<AppClient, 'cluster'>) =>
  createStore<ClusterState>()((set, get) => {
    const latest = createLatest()
    const refreshSoon = throttle(() => void get().load(), REFRESH_MS)
    return {
      cluster: idle,
      load: async () => {
        set({ cluster: waiting(get().cluster) })
        await latest.ask(settle(get().cluster, client.cluster.get({})), (cluster) => set({ cluster }))
      },
      stop: async (reason) => {
        const stopped = await client.cluster.stop({ reason })
        await get().load()
        return stopped
      },
      resume: async () => {
        const data = await client.cluster.resume({})
        if (latest.overtake()) refreshSoon()
        set({ cluster: { status: 'ready', data } })
      },
      onEvent: ({ type }) => {
        if (/^(hello|missed|node\.changed|cluster\.changed)$/.test(type)) refreshSoon()
      },
    }
  })

export const clusterContext = storeContext<ClusterState>('cluster')
