import type { Tx } from '../../data/db.ts'
import { lockFreeTasks } from '../../data/repos/locks.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import { groupBy } from '../../../shared/domain/group-by.ts'
import { deleteRunLocks, lockFreeLocks, locksNamed, runsUnder } from '../../data/repos/task-locks.ts'
import { claimRules, findTasks, type TaskRow } from '../../data/repos/tasks.ts'

/** The tasks of runs that wait, and what of them nobody else decides by at the same time. */

export interface ClaimedTasks {
  tasks: Map<string, TaskRow>
  /** Someone else has them, or a lock group of theirs, locked, or has just edited them. */
  busy: Set<string>
  /** How many more runs each lock group of theirs lets in. */
  lockRoom: ReadonlyMap<string, number>
}

/**
 * Tasks whose runs must not start side by side are locked, then the lock groups they name, so that no other node
 * counts them at the same time. Nothing is waited for.
 */
export const tasksOf = async (tx: Tx, runs: readonly RunRecord[]): Promise<ClaimedTasks> => {
  const rules = await claimRules(tx, [...new Set(runs.map((run) => run.taskId))])
  const bound = rules.filter(isBound).map(({ taskId }) => taskId)
  const unbound = rules.filter((one) => !isBound(one)).map(({ taskId }) => taskId)
  const locked = await lockFreeTasks(tx, bound)
  const others = await findTasks(tx, unbound)
  // Edited between the two reads: its new rule needs a lock that it has not.
  const turned = others.filter(isBound).map(({ taskId }) => taskId)
  const found = [...locked, ...others.filter((task) => !isBound(task))]
  const groups = await groupsOf(tx, namesOf(found))
  const isHeld = (task: TaskRow): boolean => lockNames(task).some((name) => groups.busy.has(name))
  const tasks = new Map(found.filter((task) => !isHeld(task)).map((task) => [task.taskId, task]))
  const busy = new Set([...bound.filter((taskId) => !tasks.has(taskId)), ...turned])
  return { tasks, busy, lockRoom: groups.room }
}

type Rules = Pick<TaskRow, 'overlapPolicy' | 'limits'>

const lockNames = ({ limits }: Pick<TaskRow, 'limits'>): readonly string[] => limits?.locks ?? []

const namesOf = (tasks: readonly TaskRow[]): string[] => [...new Set(tasks.flatMap(lockNames))].sort()

const isBound = (task: Rules): boolean =>
  task.overlapPolicy !== 'Parallel' ||
  (task.limits?.maxConcurrent ?? null) !== null ||
  lockNames(task).length > 0

/** Of a name without a row (removed past this program) one run goes on at a time, as of a new one. */
const DEFAULT_ROOM = 1

const groupsOf = async (
  tx: Tx,
  names: readonly string[],
): Promise<{ busy: ReadonlySet<string>; room: ReadonlyMap<string, number> }> => {
  if (names.length === 0) return { busy: new Set(), room: new Map() }
  const known = await locksNamed(tx, names)
  const locked = await lockFreeLocks(tx, names)
  const free = new Set(locked.map(({ lockName }) => lockName))
  const busy = new Set(known.map(({ lockName }) => lockName).filter((name) => !free.has(name)))
  const room = new Map(names.map((name) => [name, DEFAULT_ROOM]))
  for (const { lockName, maxConcurrent } of locked) room.set(lockName, maxConcurrent)
  for (const name of await goingUnder(tx, names, free)) room.set(name, (room.get(name) ?? 0) - 1)
  return { busy, room }
}

/**
 * The group of each running run, as it was claimed: its task may be gone, or name others by now. What has ended is
 * taken out by the way, of groups that nobody else counts now.
 */
const goingUnder = async (
  tx: Tx,
  names: readonly string[],
  locked: ReadonlySet<string>,
): Promise<string[]> => {
  const claimed = await runsUnder(tx, names)
  const ended = claimed.filter(({ runs, lockName }) => !runs && locked.has(lockName))
  for (const [name, rows] of groupBy(ended, ({ lockName }) => lockName))
    await deleteRunLocks(
      tx,
      name,
      rows.map(({ historyId }) => historyId),
    )
  return claimed.filter(({ runs }) => runs).map(({ lockName }) => lockName)
}
