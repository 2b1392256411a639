import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNodeStore } from '../../src/renderer/features/nodes/node-store.ts'
import { createNodesStore, type NodesClient } from '../../src/renderer/features/nodes/store.ts'
import { createClusterPart, type ClusterPart } from '../../src/renderer/features/overview/read-cluster.ts'
import { createClusterStore } from '../../src/renderer/shell/cluster-store.ts'
import type { EventType } from './support.ts'
import { aTask, clientOf, event, node, placement } from './support.ts'

/** What a test answers when it likes. */
const held = <T>() => {
  const answers: ((value: T) => void)[] = []
  const ask = (): Promise<T> => new Promise((resolve) => answers.push(resolve))
  return { ask, answers }
}

/** So long that everything that is under way has been done. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: false })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the store of all nodes', () => {
  const openStore = () => {
    const list = held<{ items: unknown[]; nextCursor: null }>()
    const drain = vi.fn(() => Promise.resolve(node('a', { isDraining: true, state: 'Draining' })))
    const joinTokens = { list: () => Promise.resolve({ items: [] }) }
    const store = createNodesStore(clientOf<NodesClient>({ nodes: { list: list.ask, drain }, joinTokens }))
    const states = (): string[] => {
      const { nodes } = store.getState()
      return nodes.status === 'ready' ? nodes.data.map(({ state }) => state) : [nodes.status]
    }
    const answer = async (i: number, ...items: unknown[]): Promise<void> => {
      list.answers[i]?.({ items, nextCursor: null })
      await settled()
    }
    return { store, list, states, answer }
  }

  it('keeps what a node answered when a list that was asked for before comes after it', async () => {
    const { store, list, states, answer } = openStore()
    void store.getState().load()
    await answer(0, node('a'))
    void store.getState().load()
    await store.getState().drain('a', true)
    expect(states()).toEqual(['Draining'])
    await answer(1, node('a'))
    expect(states()).toEqual(['Draining'])
    // What was dropped may have told of others: it is asked for once more.
    await vi.advanceTimersByTimeAsync(1100)
    await answer(2, node('a', { state: 'Draining' }), node('b'))
    expect([list.answers.length, states()]).toEqual([3, ['Draining', 'Active']])
  })

  it('reads the list where there is none yet to put the answer in', async () => {
    const { store, states, answer } = openStore()
    void store.getState().load()
    void store.getState().drain('a', true)
    await settled()
    await answer(0, node('a'))
    await answer(1, node('a', { state: 'Draining' }))
    expect(states()).toEqual(['Draining'])
  })
})

describe('the store of the cluster', () => {
  const cluster = (holds: boolean) => ({ hold: holds ? { reason: 'fire' } : null })
  const openStore = () => {
    const get = held<unknown>()
    const resume = (): Promise<unknown> => Promise.resolve(cluster(false))
    const store = createClusterStore(clientOf({ cluster: { get: get.ask, resume } }))
    const shown = (): unknown => {
      const state = store.getState().cluster
      return state.status === 'ready' ? state.data : state.status
    }
    const answer = async (i: number, value: unknown): Promise<void> => {
      get.answers[i]?.(value)
      await settled()
    }
    return { store, shown, answer, get }
  }

  it('shows the answer to the latest question, in whichever order they come', async () => {
    const { store, shown, answer } = openStore()
    void store.getState().load()
    void store.getState().load()
    await answer(1, cluster(true))
    await answer(0, cluster(false))
    expect(shown()).toEqual(cluster(true))
  })

  it('stays resumed when what was asked for before comes after it, and looks again', async () => {
    const { store, shown, answer, get } = openStore()
    void store.getState().load()
    await store.getState().resume()
    await answer(0, cluster(true))
    expect(shown()).toEqual(cluster(false))
    await vi.advanceTimersByTimeAsync(1100)
    expect(get.answers).toHaveLength(2)
  })
})

describe('what the overview knows of the nodes', () => {
  const LATE = aTask({ taskName: 'late', nextRun: new Date(Date.now() - 600_000).toISOString() })

  const openPart = (nodes: unknown[], tasks: () => unknown[]) => {
    const page = (items: unknown[]) => Promise.resolve({ items, nextCursor: null })
    const history = vi.fn(() => page([]))
    const client = clientOf<Parameters<typeof createClusterPart>[0]>({
      nodes: { list: () => page(nodes) },
      history: { list: history },
      tasks: {
        list: () => page(tasks()),
        nodes: () =>
          Promise.resolve({ runOn: 'One', items: [placement('a', { runs: false, reasons: ['no bash'] })] }),
      },
    })
    let shown: ClusterPart | null = null
    const part = createClusterPart(client, (next) => (shown = next))
    const stuck = () => shown?.stuck.map(({ task, why }) => `${task.taskName}: ${why}`)
    return { part, stuck, history }
  }

  it('names what is overdue where a single node is there, and reads no runs for that', async () => {
    const { part, stuck, history } = openPart([node('a')], () => [LATE])
    const stop = part.watch()
    await settled()
    expect(stuck()).toEqual(['late: no bash'])
    expect(history).not.toHaveBeenCalled()
    stop()
  })

  it('looks by itself while it is watched: what nobody takes sends no event', async () => {
    let tasks: unknown[] = []
    const { part, stuck } = openPart([node('a')], () => tasks)
    const stop = part.watch()
    await vi.advanceTimersByTimeAsync(100)
    expect(stuck()).toEqual([])
    tasks = [LATE]
    await vi.advanceTimersByTimeAsync(31_000)
    expect(stuck()).toEqual(['late: no bash'])
    stop()
    tasks = []
    await vi.advanceTimersByTimeAsync(120_000)
    expect(stuck()).toEqual(['late: no bash'])
  })
})

describe('the store of one node', () => {
  const openStore = () => {
    const asked: string[] = []
    const answer = (what: string) => () => {
      asked.push(what)
      return Promise.resolve({ items: [], nextCursor: null })
    }
    const client = clientOf<Parameters<typeof createNodeStore>[0]>({
      nodes: { tasks: answer('tasks'), upcoming: answer('next') },
      history: { list: answer('running') },
    })
    const store = createNodeStore(client, 'a')
    const after = async (...types: EventType[]): Promise<string[]> => {
      asked.length = 0
      for (const type of types) store.getState().onEvent(event(type))
      await vi.advanceTimersByTimeAsync(3000)
      return asked.toSorted()
    }
    return { after }
  }

  it('reads what runs and what is next after runs, and every task only when one may have changed', async () => {
    const { after } = openStore()
    expect(await after('run.started', 'run.finished')).toEqual(['next', 'running'])
    expect(await after('task.changed', 'run.started')).toEqual(['next', 'running', 'tasks'])
    expect(await after('tick')).toEqual([])
  })
})
