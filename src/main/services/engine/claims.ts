import { canRun, effectiveRunOn, idleReason } from '../../../shared/domain/assignment.ts'
import { decideClaims, overlapKey, type Candidate } from '../../../shared/domain/overlap.ts'
import type { Tx } from '../../data/db.ts'
import { claimCandidates, claimRuns, runningOf, type QueuePosition } from '../../data/repos/claims.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import { lockFreeTasks } from '../../data/repos/locks.ts'
import { claimRules, findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { isoOf } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import { assignable } from '../tasks/script-type.ts'
import { isCatchUp } from './catch-up.ts'
import { showRunning } from './shown-state.ts'

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
  const look: Look = { claimed: [], position: null, contended: false }
  const { claimed } = look
  if (options.capacity <= 0 || idleReason(options.self.node()) !== null) return look
  const nodes = await allNodes(tx)
  const skipTasks = new Set<string>()
  let after: QueuePosition | null = null
  for (let page = 0; claimed.length < options.capacity; page += 1) {
    if (page === PAGES) {
      look.position = after
      break
    }
    const capacity = options.capacity - claimed.length
    // What is looked at is locked: no more than can be taken, until some of it could not.
    const limit = Math.min(CANDIDATES, page === 0 ? capacity : LOOKED_AT * capacity)
    const runs = await claimCandidates(tx, {
      now: options.now,
      nodeId: options.self.nodeId,
      skipTasks: [...skipTasks].slice(0, MAX_SKIPPED),
      after,
      limit,
    })
    const taken = await claimPage(tx, runs, nodes, { ...options, capacity }, skipTasks)
    claimed.push(...taken.claimed)
    look.contended ||= taken.contended
    const last = runs.at(-1)
    if (!last || runs.length < limit) break
    after = goOn && page === 0 && isBehind(goOn, last) ? goOn : last
  }
  return look
}

/** Whether `one` comes after `other` in the order of claims. */
const isBehind = (one: QueuePosition, other: QueuePosition): boolean =>
  one.priority !== other.priority
    ? one.priority < other.priority
    : `${one.scheduledFor} ${one.historyId}` > `${other.scheduledFor} ${other.historyId}`

/** Takes of one page what can start; tasks of which nothing can are set aside. */
const claimPage = async (
  tx: Tx,
  runs: readonly RunRecord[],
  nodes: readonly NodeRow[],
  options: ClaimOptions,
  skipTasks: Set<string>,
): Promise<{ claimed: Claimed[]; contended: boolean }> => {
  const { tasks, busy } = await tasksOf(tx, runs)
  const free = runs.filter((run) => !busy.has(run.taskId))
  const fitting = free.filter((run) => mayRun(run, tasks.get(run.taskId), nodes, options))
  const fit = new Set(fitting)
  for (const run of free) if (!fit.has(run) && run.parameters === null) skipTasks.add(run.taskId)
  for (const taskId of busy) skipTasks.add(taskId)
  return { claimed: await claimFitting(tx, fitting, tasks, options, skipTasks), contended: busy.size > 0 }
}

/**
 * The tasks of these runs. Those whose runs must not start side by side are locked, so that no other node counts
 * them at the same time; `busy` are those that someone else has locked, or has just edited.
 */
const tasksOf = async (
  tx: Tx,
  runs: readonly RunRecord[],
): Promise<{ tasks: Map<string, TaskRow>; busy: Set<string> }> => {
  const rules = await claimRules(tx, [...new Set(runs.map((run) => run.taskId))])
  const bound = rules.filter(isBound).map(({ taskId }) => taskId)
  const unbound = rules.filter((one) => !isBound(one)).map(({ taskId }) => taskId)
  const locked = await lockFreeTasks(tx, bound)
  const others = await findTasks(tx, unbound)
  // Edited between the two reads: its new rule needs a lock that it has not.
  const turned = others.filter(isBound).map(({ taskId }) => taskId)
  const found = [...locked, ...others.filter((task) => !isBound(task))]
  const tasks = new Map(found.map((task) => [task.taskId, task]))
  return { tasks, busy: new Set([...bound.filter((taskId) => !tasks.has(taskId)), ...turned]) }
}

const isBound = ({ overlapPolicy, limits }: Pick<TaskRow, 'overlapPolicy' | 'limits'>): boolean =>
  overlapPolicy !== 'Parallel' || (limits?.maxConcurrent ?? null) !== null

/** Judged with the parameters the run was started with: they may hold secrets where the task's do not. */
const mayRun = (
  run: RunRecord,
  task: TaskRow | undefined,
  nodes: readonly NodeRow[],
  options: ClaimOptions,
): boolean => {
  if (!task) return false
  const judged = { ...task, parameters: run.parameters ?? task.parameters }
  return canRun(assignable(judged, nodes), options.self.node(), options.keyAvailable)
}

const claimFitting = async (
  tx: Tx,
  runs: readonly RunRecord[],
  tasks: ReadonlyMap<string, TaskRow>,
  options: ClaimOptions,
  skipTasks: Set<string>,
): Promise<Claimed[]> => {
  if (runs.length === 0) return []
  const candidates = runs.flatMap((run) => candidateOf(run, tasks.get(run.taskId), options.self.nodeId))
  const running = await runningOf(tx, [...new Set(runs.map((run) => run.taskId))])
  const decision = decideClaims(
    candidates,
    countBy(running, (run) =>
      overlapKey({ ...run, targetNodeId: ownRow(tasks.get(run.taskId), run.nodeId) }),
    ),
    countBy(running, (run) => run.taskId),
    options.capacity,
  )
  for (const taskId of decision.blockedTasks) skipTasks.add(taskId)
  if (decision.start.length === 0) return []
  await claimRuns(tx, decision.start, lease(options))
  const won = new Set(decision.start)
  const claimed = runs.flatMap((run) => {
    const task = tasks.get(run.taskId)
    return task && won.has(run.historyId)
      ? [{ run: { ...run, ...lease(options), state: 'Running' as const }, task }]
      : []
  })
  await showRunning(
    tx,
    claimed.map(({ run }) => run),
  )
  return claimed
}

/** Where runs of a task are serial: on each node for `All`, else everywhere, wherever a run was asked for. */
const ownRow = (task: TaskRow | undefined, nodeId: string | null): string | null =>
  task && effectiveRunOn(task) === 'All' ? nodeId : null

const candidateOf = (run: RunRecord, task: TaskRow | undefined, nodeId: string): Candidate[] =>
  task
    ? [
        {
          historyId: run.historyId,
          taskId: run.taskId,
          targetNodeId: ownRow(task, nodeId),
          overlapPolicy: task.overlapPolicy,
          maxConcurrent: task.limits?.maxConcurrent ?? null,
          serial: task.misfirePolicy === 'All' && isCatchUp(run, task),
        },
      ]
    : []

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
