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
  /** Lock groups its task names. */
  locks: readonly string[]
  /** Nodes that are there and may run it, this one among them. */
  takers: number
}

/** Overlap is counted per task, and per node where every node has a row of its own. */
export const overlapKey = (run: { taskId: string; targetNodeId: string | null }): string =>
  `${run.taskId}|${run.targetNodeId ?? ''}`

/** What goes on already, on all nodes. */
export interface Going {
  /** Running counts by `overlapKey`. */
  byKey: ReadonlyMap<string, number>
  /** Running counts by task. */
  byTask: ReadonlyMap<string, number>
  /** How many more runs each lock group lets in; one that is not named lets none in. */
  lockRoom: ReadonlyMap<string, number>
}

/** Room of this node in one look: `free` places, `taken` of them by this look already. */
export interface Room {
  free: number
  taken: number
}

export interface ClaimDecision {
  start: string[]
  /** Tasks none of whose waiting runs can start now: a further look need not read them again. */
  blockedTasks: string[]
  /** The next one is left to other nodes for now: come again. */
  shared: boolean
}

/**
 * Of what others may run too, no more in one look than a part of the free places: nodes that look at the same moment
 * each get of it. The last ones come with the looks that follow, if nobody else takes them.
 */
const mayTakeMore = (run: Candidate, { free, taken }: Room): boolean => taken < Math.ceil(free / run.takers)

/**
 * Which of the waiting runs may start, in their order, given what runs already.
 * Serial policies (`Skip`, `Queue`) never run two at once, whatever queued them (retry, catch-up, run-now);
 * a `serial` run waits for every other of its task even under `Parallel`;
 * `limits.maxConcurrent` and lock groups count the whole cluster.
 */
export const decideClaims = (candidates: readonly Candidate[], going: Going, room: Room): ClaimDecision => {
  const byKey = new Map(going.byKey)
  const byTask = new Map(going.byTask)
  const lockRoom = new Map(going.lockRoom)
  const start: string[] = []
  const blocked = new Set<string>()
  for (const run of candidates) {
    const taken = room.taken + start.length
    if (taken >= room.free) break
    const key = overlapKey(run)
    const occupied = (byKey.get(key) ?? 0) > 0
    const busy = run.overlapPolicy !== 'Parallel' && occupied
    const full = run.maxConcurrent !== null && (byTask.get(run.taskId) ?? 0) >= run.maxConcurrent
    const locked = run.locks.some((name) => (lockRoom.get(name) ?? 0) <= 0)
    if (busy || full || locked) blocked.add(run.taskId)
    // A serial run in the way of itself leaves the way to others of its task.
    if (busy || full || locked || (run.serial && occupied)) continue
    // In the order of priority: what comes behind it waits with it.
    if (!mayTakeMore(run, { ...room, taken })) return { start, blockedTasks: [...blocked], shared: true }
    start.push(run.historyId)
    byKey.set(key, (byKey.get(key) ?? 0) + 1)
    byTask.set(run.taskId, (byTask.get(run.taskId) ?? 0) + 1)
    for (const name of new Set(run.locks)) lockRoom.set(name, (lockRoom.get(name) ?? 0) - 1)
  }
  return { start, blockedTasks: [...blocked], shared: false }
}
