import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode, Placements } from '../../../shared/domain/node.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { dataOf, idle, settle } from '../../lib/loadable.ts'
import { throttle } from '../../lib/throttle.ts'
import { AHEAD_MS, laneNodes, PAST_MS, type Plan } from './lanes.ts'

/** A task that should have run by now and that no node which is there may run. */
export interface Stuck {
  task: Task
  why: string
}

/** What the overview knows of the nodes. With a single node there are no lanes, and nothing is read for them. */
export interface ClusterPart {
  nodes: readonly ClusterNode[]
  /** Runs of the last hours, newest first; all bad ends among them. */
  runs: readonly Run[]
  /** Only the newest runs are there. */
  capped: boolean
  plans: ReadonlyMap<string, Plan>
  stuck: readonly Stuck[]
}

type ClusterClient = Pick<AppClient, 'tasks' | 'history' | 'nodes'>

/** So many runs are drawn at most, besides the bad ends. */
export const RUNS = 1000
const BAD = 500
/** Tasks whose slots are drawn, those due first. */
const PLANNED = 500
/** So many late tasks are asked about: more need the same answer. */
const ASKED = 8
/** A slot that is this late is more than a busy node. */
const LATE_MS = 60_000

const READ_MS = 5000
/** Plans cost the window some time and change seldom. */
const PLAN_MS = 30_000
const RELEVANT = /^(hello|missed|run\.(started|finished)|node\.changed|task\.changed|schedule\.changed)$/

const readRuns = async (
  { history }: ClusterClient,
  now: number,
): Promise<{ runs: Run[]; capped: boolean }> => {
  const from = new Date(now - PAST_MS).toISOString()
  const [all, bad, running] = await Promise.all([
    history.list({ from, limit: RUNS }),
    history.list({ from, state: ['Failed', 'Timeout', 'Lost'], limit: BAD }),
    history.list({ state: ['Running'], limit: BAD }),
  ])
  const runs = new Map([...all.items, ...bad.items, ...running.items].map((run) => [run.historyId, run]))
  return { runs: [...runs.values()], capped: all.nextCursor !== null }
}

/** Why none of the nodes that the target means runs it; null when one does. */
const whyStuck = (places: Placements): string | null => {
  if (places.items.some(({ runs }) => runs)) return null
  const reasons = places.items.flatMap((one) => one.reasons)
  const away = places.items.filter(({ state }) => state === 'Away').flatMap((one) => one.reasons)
  const told = away.length > 0 ? away : reasons
  return [...new Set(told)].slice(0, 2).join('; ') || 'no node runs it'
}

const readStuck = async ({ tasks }: ClusterClient, due: readonly Task[], now: number): Promise<Stuck[]> => {
  const late = due.filter(
    ({ nextRun, isRunning, enabled }) =>
      enabled && !isRunning && nextRun !== null && Date.parse(nextRun) < now - LATE_MS,
  )
  const found = await Promise.all(
    late.slice(0, ASKED).map(async (task) => {
      const places = dataOf(await settle<Placements>(idle, tasks.nodes({ taskId: task.taskId })))
      const why = places && whyStuck(places)
      return why ? [{ task, why }] : []
    }),
  )
  return found.flat()
}

const NOTHING: ClusterPart = { nodes: [], runs: [], capped: false, plans: new Map(), stuck: [] }

/** Reads the part now and after events; what cannot be read leaves the last one where it is. */
export const createClusterPart = (client: ClusterClient, show: (part: ClusterPart) => void) => {
  let isShown = false
  let planned: { at: number; tasks: readonly Task[]; plans: ClusterPart['plans'] } | null = null
  const readPlans = async (nodes: readonly ClusterNode[], now: number) => {
    if (planned && now - planned.at < PLAN_MS) return planned
    const { items } = await client.tasks.list({ sort: 'nextRun', enabled: true, limit: PLANNED })
    const { planOf } = await import('./plan.ts')
    planned = { at: now, tasks: items, plans: await planOf(items, nodes, now, now + AHEAD_MS) }
    return planned
  }
  const readAll = async (): Promise<ClusterPart> => {
    const now = Date.now()
    const { items: nodes } = await client.nodes.list({ limit: 1000 })
    if (laneNodes(nodes).length < 2 && !nodes.some(({ state }) => state === 'Away'))
      return { ...NOTHING, nodes }
    const [runs, { tasks, plans }] = await Promise.all([readRuns(client, now), readPlans(nodes, now)])
    return { nodes, ...runs, plans, stuck: await readStuck(client, tasks, now) }
  }
  const read = (): void => {
    void settle<ClusterPart>(idle, readAll()).then((part) => {
      if (part.status === 'ready') show(part.data)
      else if (!isShown) show(NOTHING)
      isShown = true
    })
  }
  const soon = throttle(read, READ_MS)
  return {
    read,
    onEvent: ({ type }: ClusterEvent): void => {
      if (type === 'node.changed' || type === 'task.changed') planned = null
      if (RELEVANT.test(type)) soon()
    },
  }
}
