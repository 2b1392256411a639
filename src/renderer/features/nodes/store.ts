import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode, NodePatch } from '../../../shared/domain/node.ts'
import type { AppClient } from '../../client.ts'
import { createLatest } from '../../lib/latest.ts'
import { idle, settle, waiting, type Loadable } from '../../lib/loadable.ts'
import { readAllNodes } from '../../lib/read-nodes.ts'
import { storeContext } from '../../lib/store-context.ts'
import { throttle } from '../../lib/throttle.ts'
import { whileSeen } from '../../lib/while-seen.ts'
import { createJoinTokensStore, type JoinTokensState } from './join-tokens/store.ts'
import { createNodeStore, type NodeViewState } from './node-store.ts'

export interface NodesState {
  /** All nodes of the cluster: they are few enough to filter here. */
  nodes: Loadable<ClusterNode[]>
  load: () => Promise<void>
  /** Keeps the list fresh, heartbeats too, until the returned function is called. */
  watch: () => () => void
  update: (nodeId: string, patch: NodePatch) => Promise<void>
  drain: (nodeId: string, drain: boolean, reason?: string) => Promise<void>
  retire: (nodeId: string, reason: string) => Promise<void>
  joinTokens: StoreApi<JoinTokensState>
  stopRun: (historyId: string) => Promise<void>
  onEvent: (event: ClusterEvent) => void
  createNodeView: (nodeId: string) => StoreApi<NodeViewState>
  /** From now on the view hears of what happens, until the returned function is called. */
  attach: (view: StoreApi<NodeViewState>) => () => void
}

export type NodesClient = Pick<AppClient, 'nodes' | 'history' | 'joinTokens'>

/** A heartbeat has no event of its own; nodes beat every few seconds. */
const HEARTBEATS_MS = 5000
const REFRESH_MS = 1000

const RELEVANT = /^(hello|missed|node\.changed|cluster\.changed|run\.(started|finished))$/

const because = (reason: string | undefined): { context: { reason?: string } } => ({
  context: reason ? { reason } : {},
})

export const createNodesStore = (client: NodesClient) =>
  createStore<NodesState>()((set, get) => {
    const views = new Set<StoreApi<NodeViewState>>()
    let watchers = 0
    const latest = createLatest()
    const joinTokens = createJoinTokensStore(client)
    /** Whoever comes in is a node more and a token less. */
    const refresh = (): void => {
      void get().load()
      void joinTokens.getState().load()
    }
    const refreshSoon = throttle(refresh, REFRESH_MS)
    /** What the node answered stands at once; the list is read again only where there is none, or one on its way. */
    const replace = (node: ClusterNode): void => {
      const { nodes } = get()
      if (nodes.status !== 'ready') return void get().load()
      if (latest.overtake()) refreshSoon()
      const data = nodes.data.map((other) => (other.nodeId === node.nodeId ? node : other))
      set({ nodes: { status: 'ready', data } })
    }
    return {
      nodes: idle,
      joinTokens,
      load: async () => {
        set({ nodes: waiting(get().nodes) })
        await latest.ask(settle(get().nodes, readAllNodes(client)), (nodes) => set({ nodes }))
      },
      watch: () => {
        watchers += 1
        refresh()
        const stop = whileSeen(refreshSoon, HEARTBEATS_MS)
        return () => {
          watchers -= 1
          stop()
        }
      },
      update: async (nodeId, patch) => replace(await client.nodes.update({ nodeId, ...patch })),
      drain: async (nodeId, drain, reason) =>
        replace(await client.nodes.drain({ nodeId, drain }, because(reason))),
      retire: async (nodeId, reason) => {
        await client.nodes.retire({ nodeId }, because(reason))
        await get().load()
      },
      stopRun: async (historyId) => {
        await client.history.stop({ historyId })
        for (const view of views) void view.getState().load()
      },
      onEvent: (event) => {
        if (watchers > 0 && RELEVANT.test(event.type)) refreshSoon()
        for (const view of views) view.getState().onEvent(event)
      },
      createNodeView: (nodeId) => createNodeStore(client, nodeId),
      attach: (view) => {
        views.add(view)
        return () => void views.delete(view)
      },
    }
  })

export const nodesContext = storeContext<NodesState>('nodes')
