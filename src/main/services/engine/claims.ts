import { canRun, effectiveRunOn } from '../../../shared/domain/assignment.ts'
import { decideClaims, overlapKey, type Candidate } from '../../../shared/domain/overlap.ts'
import type { Tx } from '../../data/db.ts'
import { claimCandidates, claimRuns, runningOf, type RunRecord } from '../../data/repos/runs.ts'
import { scheduleRowsOf, updateScheduleRow } from '../../data/repos/schedules.ts'
import { findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { allNodes, type NodeRow } from '../../data/repos/nodes.ts'
import { isoOf } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import { assignable } from '../tasks/script-type.ts'

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

const CANDIDATES = 200

export const claimWaiting = async (tx: Tx, options: ClaimOptions): Promise<Claimed[]> => {
  const claimed: Claimed[] = []
  const skipTasks = new Set<string>()
  while (claimed.length < options.capacity) {
    const runs = await claimCandidates(tx, {
      now: options.now,
      nodeId: options.self.nodeId,
      skipTasks: [...skipTasks],
      limit: CANDIDATES,
    })
    if (runs.length === 0) break
    const tasks = await tasksOf(tx, runs)
    const nodes = await allNodes(tx)
    const fitting = runs.filter((run) => mayRun(run, tasks.get(run.taskId), nodes, options))
    for (const run of runs) if (!fitting.includes(run)) skipTasks.add(run.taskId)
    const won = await claimFitting(
      tx,
      fitting,
      tasks,
      { ...options, capacity: options.capacity - claimed.length },
      skipTasks,
    )
    claimed.push(...won)
    // Everything looked at was either taken or set aside; a short page means that nothing is left.
    if (runs.length < CANDIDATES) break
  }
  return claimed
}

const tasksOf = async (tx: Tx, runs: readonly RunRecord[]): Promise<Map<string, TaskRow>> => {
  const ids = [...new Set(runs.map((run) => run.taskId))]
  return new Map((await findTasks(tx, ids)).map((task) => [task.taskId, task]))
}

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
  const won = new Set(await take(tx, decision.start, options))
  const claimed = runs.flatMap((run) => {
    const task = tasks.get(run.taskId)
    return task && won.has(run.historyId)
      ? [{ run: { ...run, ...lease(options), state: 'Running' as const }, task }]
      : []
  })
  for (const one of claimed) await showRunning(tx, one, options)
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

const take = (tx: Tx, historyIds: readonly string[], options: ClaimOptions): Promise<string[]> =>
  claimRuns(tx, historyIds, lease(options))

/** The schedule row shows what runs; nothing decides by it. */
const showRunning = async (tx: Tx, { run }: Claimed, options: ClaimOptions): Promise<void> => {
  const rows = await scheduleRowsOf(tx, run.taskId)
  const row = rows.find((one) => one.scheduleId === run.scheduleId) ?? rowFor(rows, options.self.nodeId)
  if (!row) return
  await updateScheduleRow(tx, row.scheduleId, {
    isRunning: true,
    runningOnNode: options.self.nodeId,
    startedAt: options.now,
    lastRun: options.now,
    lastHistoryId: run.historyId,
  })
}

/** A manual run has no schedule row of its own: it is shown on the node's, else on the task's. */
export const rowFor = <T extends { nodeId: string }>(rows: readonly T[], nodeId: string): T | undefined =>
  rows.find((row) => row.nodeId === nodeId) ?? rows.find((row) => row.nodeId === '')
