import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { ClusterNode, Placements } from '../../../shared/domain/node.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { AppClient } from '../../client.ts'
import { createLatest } from '../../lib/latest.ts'
import { dataOf, idle, settle } from '../../lib/loadable.ts'
import { throttle } from '../../lib/throttle.ts'
import { whileSeen } from '../../lib/while-seen.ts'
import { AHEAD_MS, laneNodes, PAST_MS, type Plan } from './lanes.ts'

/** A task that should have run by now and that no node which is there may run. */
export interface Stuck {
  task: Task
  why: string
}

/** What the overview knows of the nodes. With a single node there are no lanes: no runs and plans are read for them. */
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
/** So many tasks are looked at for late ones, those due first. */
const DUE = 50
/** So many late tasks are asked about: more need the same answer. */
const ASKED = 8
/** A slot that is this late is more than a busy node. */
const LATE_MS = 60_000

const READ_MS = 5000
/** What nobody may take, and a node that goes silent, send no event. */
const LOOK_MS = 30_000
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

/** Read anew each time, not with the plans: a task whose slot was just taken is not late any more. */
const readStuck = async ({ tasks }: ClusterClient, now: number): Promise<Stuck[]> => {
  const { items: due } = await tasks.list({ sort: 'nextRun', enabled: true, limit: DUE })
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

/** Reads the part while it is watched: now, after events, by the clock. What cannot be read leaves the last one. */
export const createClusterPart = (client: ClusterClient, show: (part: ClusterPart) => void) => {
  const latest = createLatest()
  let isShown = false
  let planned: { at: number; plans: ClusterPart['plans'] } | null = null
  const readPlans = async (nodes: readonly ClusterNode[], now: number): Promise<ClusterPart['plans']> => {
    if (planned && now - planned.at < PLAN_MS) return planned.plans
    const { items } = await client.tasks.list({ sort: 'nextRun', enabled: true, limit: PLANNED })
    const { planOf } = await import('./plan.ts')
    const plans = await planOf(items, nodes, now, now + AHEAD_MS)
    planned = { at: now, plans }
    return plans
  }
  const readAll = async (): Promise<ClusterPart> => {
    const now = Date.now()
    const [{ items: nodes }, stuck] = await Promise.all([
      client.nodes.list({ limit: 1000 }),
      readStuck(client, now),
    ])
    if (laneNodes(nodes).length < 2) return { ...NOTHING, nodes, stuck }
    const [runs, plans] = await Promise.all([readRuns(client, now), readPlans(nodes, now)])
    return { nodes, ...runs, plans, stuck }
  }
  const read = (): void => {
    void latest.ask(settle<ClusterPart>(idle, readAll()), (part) => {
      if (part.status === 'ready') show(part.data)
      else if (!isShown) show(NOTHING)
      isShown = true
    })
  }
  const soon = throttle(read, READ_MS)
  return {
    watch: (): (() => void) => {
      read()
      return whileSeen(soon, LOOK_MS)
    },
    onEvent: ({ type }: ClusterEvent): void => {
      if (type === 'node.changed' || type === 'task.changed') planned = null
      if (RELEVANT.test(type)) soon()
    },
  }
}
