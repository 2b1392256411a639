/** What may start beside what: the overlap policy of a task against its runs that have not ended. */

export type OverlapPolicy = 'Skip' | 'Queue' | 'Parallel'

/** Runs of a task (All: on that node) that have not ended, whatever triggered them. */
export interface ActiveCounts {
  queued: number
  running: number
}

/** Whether a new slot becomes a run or a skipped row. Catch-up of misfire `All` is exempt from `Skip`. */
export const admitsSlot = (policy: OverlapPolicy, active: ActiveCounts, catchUp: boolean): boolean => {
  if (policy === 'Parallel' || catchUp) return true
  if (policy === 'Skip') return active.queued + active.running === 0
  return active.queued === 0
}

export interface Candidate {
  historyId: string
  taskId: string
  /** The node the row belongs to, for `All` targets; null otherwise. */
  targetNodeId: string | null
  overlapPolicy: OverlapPolicy
  maxConcurrent: number | null
  /** Starts only beside no other run of its task, whatever the policy: catch-up of misfire `All`. */
  serial: boolean
}

/** Overlap is counted per task, and per node where every node has a row of its own. */
export const overlapKey = (run: { taskId: string; targetNodeId: string | null }): string =>
  `${run.taskId}|${run.targetNodeId ?? ''}`

export interface ClaimDecision {
  start: string[]
  /** Tasks none of whose waiting runs can start now: a further look need not read them again. */
  blockedTasks: string[]
}

/**
 * Which of the waiting runs may start, in their order, given what runs already.
 * Serial policies (`Skip`, `Queue`) never run two at once, whatever queued them (retry, catch-up, run-now);
 * a `serial` run waits for every other of its task even under `Parallel`;
 * `limits.maxConcurrent` counts the whole cluster.
 * @param runningByKey running counts by `overlapKey`
 * @param runningByTask running counts by task
 */
export const decideClaims = (
  candidates: readonly Candidate[],
  runningByKey: ReadonlyMap<string, number>,
  runningByTask: ReadonlyMap<string, number>,
  capacity: number,
): ClaimDecision => {
  const byKey = new Map(runningByKey)
  const byTask = new Map(runningByTask)
  const start: string[] = []
  const blocked = new Set<string>()
  for (const run of candidates) {
    if (start.length >= capacity) break
    const key = overlapKey(run)
    const occupied = (byKey.get(key) ?? 0) > 0
    const busy = run.overlapPolicy !== 'Parallel' && occupied
    const full = run.maxConcurrent !== null && (byTask.get(run.taskId) ?? 0) >= run.maxConcurrent
    if (busy || full) blocked.add(run.taskId)
    // A serial run in the way of itself leaves the way to others of its task.
    if (busy || full || (run.serial && occupied)) continue
    start.push(run.historyId)
    byKey.set(key, (byKey.get(key) ?? 0) + 1)
    byTask.set(run.taskId, (byTask.get(run.taskId) ?? 0) + 1)
  }
  return { start, blockedTasks: [...blocked] }
}
