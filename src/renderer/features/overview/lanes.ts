import type { ClusterNode } from '../../../shared/domain/node.ts'
import { groupBy } from '../../../shared/domain/group-by.ts'
import type { Run } from '../../../shared/domain/run.ts'
import { UPCOMING_BUCKET_MS } from '../../../shared/domain/upcoming.ts'
import { clock, things } from '../../lib/format.ts'
import { inOrder } from '../../lib/node-order.ts'
import { BAD, joined, spanOf } from '../../ui/run-timeline/spans.ts'

/** Where everything of the timeline's lanes stands, in percent of their width. Pure. */

/** Slots of one lane, by the start of their half hour. */
export type Plan = ReadonlyMap<number, number>

/** The lane of slots that any of several nodes takes. */
export const SHARED = ''

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const PAST_MS = 6 * HOUR
export const AHEAD_MS = 24 * HOUR
/** The last six hours take so much of the width, the next day the rest: 'now' marks the break. */
export const SPLIT = 46

/** Percent from the left; what is further away stands at the edge. */
export const xOf = (at: number, now: number): number => {
  const x = at <= now ? SPLIT * (1 - (now - at) / PAST_MS) : SPLIT + ((100 - SPLIT) * (at - now)) / AHEAD_MS
  return Math.min(100, Math.max(0, Math.round(x * 100) / 100))
}

/** Runs that ended well or go on, so close together that they are one bar. */
export interface Bar {
  left: number
  width: number
  isRunning: boolean
  count: number
}

export interface BadEnd {
  left: number
  /** Of the bar before its shape. */
  width: number
  run: Run
}

export interface Tick {
  left: number
  height: number
  at: number
  count: number
}

/** What lies over a lane whose node takes no work: from where, and its words. */
export interface Hatch {
  left: number
  kind: 'away' | 'draining'
  words: string
}

export interface Lane {
  /** Null: what any of several nodes takes. */
  node: ClusterNode | null
  bars: Bar[]
  bad: BadEnd[]
  ticks: Tick[]
  hatch: Hatch | null
  ended: number
}

/** Runs nearer to each other than this are drawn as one. */
const JOINED_MS = MINUTE

const barsOf = (runs: readonly Run[], now: number, isRunning: boolean): Bar[] =>
  joined(
    runs.map((run) => spanOf(run, now)),
    JOINED_MS,
  )
    .filter(({ to }) => to > now - PAST_MS)
    .map(({ from, to, count }) => {
      const left = xOf(from, now)
      return { left, width: Math.max(0, xOf(Math.min(to, now), now) - left), isRunning, count }
    })

const badOf = (runs: readonly Run[], now: number): BadEnd[] =>
  runs.flatMap((run) => {
    const { from, to } = spanOf(run, now)
    if (to <= now - PAST_MS) return []
    const left = xOf(from, now)
    return [{ left, width: Math.max(0, xOf(Math.min(to, now), now) - left), run }]
  })

const MOST_PX = 15

const ticksOf = (plan: Plan | undefined, now: number, most: number): Tick[] =>
  [...(plan ?? [])].flatMap(([at, count]) => {
    const middle = at + UPCOMING_BUCKET_MS / 2
    if (middle <= now || middle > now + AHEAD_MS) return []
    const height = Math.max(3, Math.round((Math.log1p(count) / Math.log1p(most)) * MOST_PX))
    return [{ left: xOf(middle, now), height, at, count }]
  })

const hatchOf = (node: ClusterNode, now: number): Hatch | null => {
  if (node.state === 'Draining')
    return { left: SPLIT, kind: 'draining', words: 'draining: takes no new runs' }
  if (node.state !== 'Away') return null
  const at = node.stateSince ?? node.lastHeartbeat
  const since = at === null ? null : Date.parse(at)
  return {
    left: since === null ? SPLIT : Math.min(SPLIT, xOf(since, now)),
    kind: 'away',
    words: since === null ? 'away' : `away since ${clock(new Date(since), new Date(now))}`,
  }
}

/** Nodes that run things, those that need a look first; retired ones and admin desks have nothing to show. */
export const laneNodes = (nodes: readonly ClusterNode[]): ClusterNode[] =>
  inOrder(nodes.filter(({ state, maxConcurrentTasks }) => state !== 'Retired' && maxConcurrentTasks > 0))

export interface LaneInput {
  nodes: readonly ClusterNode[]
  runs: readonly Run[]
  plans: ReadonlyMap<string, Plan>
  now: number
}

/** A lane for each node, and one for what any of several takes if there is such. */
export const layout = ({ nodes, runs, plans, now }: LaneInput): Lane[] => {
  const most = Math.max(1, ...[...plans.values()].flatMap((plan) => [...plan.values()]))
  const byNode = groupBy(runs, ({ nodeId }) => nodeId)
  const lanes = laneNodes(nodes).map((node): Lane => {
    const own = byNode.get(node.nodeId) ?? []
    const good = own.filter(({ state }) => state === 'Success' || state === 'Stopped')
    const running = own.filter(({ state }) => state === 'Running')
    const bad = badOf(
      own.filter(({ state }) => BAD.includes(state)),
      now,
    )
    return {
      node,
      bars: [...barsOf(good, now, false), ...barsOf(running, now, true)],
      bad,
      ticks: node.state === 'Active' ? ticksOf(plans.get(node.nodeId), now, most) : [],
      hatch: hatchOf(node, now),
      ended: good.length + bad.length,
    }
  })
  const shared = ticksOf(plans.get(SHARED), now, most)
  if (shared.length === 0) return lanes
  return [{ node: null, bars: [], bad: [], ticks: shared, hatch: null, ended: 0 }, ...lanes]
}

/** What a lane shows, for those who do not see it. */
export const laneWords = ({ bad, bars, ticks, hatch, ended, node }: Lane): string => {
  const slots = ticks.reduce((sum, { count }) => sum + count, 0)
  const running = bars.filter(({ isRunning }) => isRunning).reduce((sum, { count }) => sum + count, 0)
  const parts = [
    node && `${things(ended, 'run')} ended${bad.length > 0 ? `, ${bad.length} badly` : ''}`,
    running > 0 && `${running} running`,
    hatch ? hatch.words : `${things(slots, 'slot')} in the next 24 hours`,
  ]
  return parts.filter(Boolean).join('; ')
}

/** Full hours under the lanes: each of the past six but the edges, every fourth of the next day. */
export const hoursOf = (now: number): { at: number; left: number }[] => {
  const full = new Date(now)
  full.setMinutes(0, 0, 0)
  const hour = (n: number): number => full.getTime() + n * HOUR
  const past = [-5, -4, -3, -2, -1].map(hour)
  const ahead = [4, 8, 12, 16, 20].map(hour)
  return [...past, ...ahead].map((at) => ({ at, left: xOf(at, now) }))
}

/** How many nodes are in which state; retired ones do not count. */
export const nodeCounts = (nodes: readonly ClusterNode[]) => {
  const of = (state: ClusterNode['state']): number => nodes.filter((node) => node.state === state).length
  return { active: of('Active'), away: of('Away'), draining: of('Draining') }
}
