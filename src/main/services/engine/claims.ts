import { canRun, effectiveRunOn, type AssignableNode } from '../../../shared/domain/assignment.ts'
import {
  decideClaims,
  overlapKey,
  type Candidate,
  type ClaimDecision,
  type Room,
} from '../../../shared/domain/overlap.ts'
import type { Tx } from '../../data/db.ts'
import {
  claimCandidates,
  claimRuns,
  isMoreWaiting,
  runningOf,
  type QueuePosition,
} from '../../data/repos/claims.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import { insertRunLocks } from '../../data/repos/task-locks.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { isoOf } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import { assignable } from '../tasks/script-type.ts'
import { isCatchUp } from './catch-up.ts'
import { tasksOf, type ClaimedTasks } from './claim-tasks.ts'
import { nodesThere, takersOf } from './nodes-there.ts'
import { showRunning } from './shown-state.ts'
import { asWritten, takerOf } from './taker.ts'

/** Queued → Running for as many runs as can start now, decided and written in one transaction. */

export interface Claimed {
  run: RunRecord
  task: TaskRow
}

export interface ClaimOptions {
  now: string
  self: Self
  capacity: number
  leaseMs: number
  /** Whether this node can open secret values. */
  keyAvailable: boolean
  /** Only what is pinned to this node, and was made on its replica. */
  offline?: boolean
}

/** Rows read at once, and how often in one transaction: a slice of some milliseconds. */
const CANDIDATES = 100
const PAGES = 5
/** Candidates read for each run that could start. */
const LOOKED_AT = 4
/** Blocked tasks left out by name; SQL Server takes 2100 parameters. */
const MAX_SKIPPED = 500

/** What one transaction did of a look through the queue. */
export interface Look {
  claimed: Claimed[]
  /** Where it stopped when the end of the queue was not reached: come again at once, and go on from there. */
  position: QueuePosition | null
  /** Runs were left out because someone else had their task locked: they may be free in a moment. */
  contended: boolean
  /** Runs that could start were left to other nodes: come again in a while. */
  shared: boolean
}

/** What one look goes by. */
interface Looking extends ClaimOptions {
  nodes: readonly NodeRow[]
  /** Those that are there and take work, this one among them. */
  there: readonly AssignableNode[]
  skipTasks: Set<string>
}

/**
 * A node that can run nothing reads nothing. A queue may be longer than one transaction reads: each starts with
 * the best rows anew, so that what is freed or asked for meanwhile keeps its priority; then it goes on at `goOn`,
 * where the last one stopped.
 */
export const claimWaiting = async (
  tx: Tx,
  options: ClaimOptions,
  goOn: QueuePosition | null = null,
): Promise<Look> => {
  const look: Look = { claimed: [], position: null, contended: false, shared: false }
  const { self, capacity } = options
  if (capacity <= 0) return look
  const nodes = await allNodes(tx)
  const taker = takerOf(asWritten(self.node(), nodes), nodes, options.keyAvailable, options.offline)
  if (!taker) return look
  const there = nodesThere(self.node(), nodes, options)
  const looking: Looking = { ...options, nodes, there, skipTasks: new Set() }
  const waiting = () => ({
    now: options.now,
    nodeId: self.nodeId,
    taker: nodes.length > 1 || taker.offline ? taker : null,
    skipTasks: [...looking.skipTasks].slice(0, MAX_SKIPPED),
  })
  const shown: string[] = []
  let after: QueuePosition | null = null
  for (let page = 0; look.claimed.length < capacity && !look.shared; page += 1) {
    if (page === PAGES) {
      look.position = after
      break
    }
    const free = capacity - look.claimed.length
    // What is looked at is locked: no more than can be taken, until some of it could not.
    const wanted = page === 0 ? Math.ceil(capacity / there.length) : LOOKED_AT * free
    const limit = Math.min(CANDIDATES, wanted)
    const runs = await claimCandidates(tx, { ...waiting(), after, limit })
    for (const run of runs) shown.push(run.historyId)
    await claimPage(tx, runs, looking, look)
    const last = runs.at(-1)
    if (!last || runs.length < limit) break
    after = goOn && page === 0 && isBehind(goOn, last) ? goOn : last
  }
  // Others are at it: they take their part of what they have locked, and leave the rest.
  const isLeft = nodes.length > 1 && goOn === null && look.position === null && look.claimed.length < capacity
  if (isLeft && !look.shared && !look.contended)
    look.contended = await isMoreWaiting(tx, { ...waiting(), shown })
  return look
}

/** Whether `one` comes after `other` in the order of claims. */
const isBehind = (one: QueuePosition, other: QueuePosition): boolean =>
  one.priority !== other.priority
    ? one.priority < other.priority
    : `${one.scheduledFor} ${one.historyId}` > `${other.scheduledFor} ${other.historyId}`

/** Takes of one page what can start; tasks of which nothing can are set aside. */
const claimPage = async (tx: Tx, runs: readonly RunRecord[], looking: Looking, look: Look): Promise<void> => {
  const found = await tasksOf(tx, runs)
  const { tasks, busy } = found
  const { skipTasks } = looking
  const free = runs.filter((run) => !busy.has(run.taskId))
  const fitting = free.filter((run) => mayRun(run, tasks.get(run.taskId), looking))
  const fit = new Set(fitting)
  for (const run of free) if (!fit.has(run) && run.parameters === null) skipTasks.add(run.taskId)
  for (const taskId of busy) skipTasks.add(taskId)
  look.contended ||= busy.size > 0
  if (fitting.length === 0) return
  const room = { free: looking.capacity, taken: look.claimed.length }
  const decision = await decide(tx, fitting, found, looking, room)
  for (const taskId of decision.blockedTasks) skipTasks.add(taskId)
  look.shared ||= decision.shared
  look.claimed.push(...(await take(tx, fitting, tasks, decision, looking)))
}

/** Judged with the parameters the run was started with: they may hold secrets where the task's do not. */
const mayRun = (run: RunRecord, task: TaskRow | undefined, looking: Looking): boolean => {
  if (!task) return false
  const judged = { ...task, parameters: run.parameters ?? task.parameters }
  return canRun(assignable(judged, looking.nodes), looking.self.node(), looking.keyAvailable)
}

const decide = async (
  tx: Tx,
  runs: readonly RunRecord[],
  { tasks, lockRoom }: ClaimedTasks,
  { self, nodes, there }: Looking,
  room: Room,
): Promise<ClaimDecision> => {
  const takers = takersOf(tasks, nodes, there)
  const candidates = runs.flatMap((run) => {
    const task = tasks.get(run.taskId)
    if (!task) return []
    return [candidateOf(run, task, self.nodeId, run.targetNodeId === null ? takers(task) : 1)]
  })
  const running = await runningOf(tx, [...new Set(runs.map((run) => run.taskId))])
  const byKey = countBy(running, (run) =>
    overlapKey({ ...run, targetNodeId: ownRow(tasks.get(run.taskId), run.nodeId) }),
  )
  return decideClaims(candidates, { byKey, byTask: countBy(running, (run) => run.taskId), lockRoom }, room)
}

const take = async (
  tx: Tx,
  runs: readonly RunRecord[],
  tasks: ReadonlyMap<string, TaskRow>,
  { start }: ClaimDecision,
  options: ClaimOptions,
): Promise<Claimed[]> => {
  if (start.length === 0) return []
  await claimRuns(tx, start, lease(options))
  const won = new Set(start)
  const claimed = runs.flatMap((run) => {
    const task = tasks.get(run.taskId)
    return task && won.has(run.historyId)
      ? [{ run: { ...run, ...lease(options), state: 'Running' as const }, task }]
      : []
  })
  await insertRunLocks(tx, claimed.flatMap(locksOf))
  await showRunning(
    tx,
    claimed.map(({ run }) => run),
  )
  return claimed
}

/** What they go on under until they end, whatever becomes of the task meanwhile. */
const locksOf = ({ run, task }: Claimed) =>
  [...new Set(task.limits?.locks)].map((lockName) => ({ lockName, historyId: run.historyId }))

/** Where runs of a task are serial: on each node for `All`, else everywhere, wherever a run was asked for. */
const ownRow = (task: TaskRow | undefined, nodeId: string | null): string | null =>
  task && effectiveRunOn(task) === 'All' ? nodeId : null

const candidateOf = (run: RunRecord, task: TaskRow, nodeId: string, takers: number): Candidate => ({
  historyId: run.historyId,
  taskId: run.taskId,
  targetNodeId: ownRow(task, nodeId),
  overlapPolicy: task.overlapPolicy,
  maxConcurrent: task.limits?.maxConcurrent ?? null,
  serial: task.misfirePolicy === 'All' && isCatchUp(run, task),
  locks: task.limits?.locks ?? [],
  takers,
})

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}

const lease = (options: ClaimOptions) => ({
  nodeId: options.self.nodeId,
  incarnation: options.self.incarnation,
  leaseUntil: isoOf(Date.parse(options.now) + options.leaseMs),
  startTime: options.now,
  sortTime: options.now,
  updatedAt: options.now,
})
