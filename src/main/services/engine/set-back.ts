import { AppError } from '../../../shared/domain/errors.ts'
import { nextSlot, type Schedule } from '../../../shared/domain/schedule.ts'
import { retryDelayMs } from '../../../shared/domain/retry.ts'
import type { Database } from '../../data/db.ts'
import { waitingUntilAfter } from '../../data/repos/claims.ts'
import { shortenLeases } from '../../data/repos/leases.ts'
import { updateRun } from '../../data/repos/runs.ts'
import { findTasks, type TaskRow } from '../../data/repos/tasks.ts'
import { advanceNextRun, rowsScheduledAfter } from '../../data/repos/schedules.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import { scheduleOf } from '../tasks/schedule-of.ts'

/**
 * A clock that was set back, or was ahead for a while: what lies further in the future than it could have come
 * there by itself goes on from now. Slots that were created before are not created again (admit.ts), so a
 * schedule is silent for as long as its slots have had their runs, and no longer.
 */

/** Time goes on between a look and the next. */
const PATIENCE_MS = 5_000
/** Rows looked at in one slice: some milliseconds. */
const SLICE = 50

export interface SetBackDeps {
  db: Database
  clock: Clock
  log: Log
  leaseMs: number
  signal: AbortSignal
}

type Row = Awaited<ReturnType<typeof rowsScheduledAfter>>[number]
interface Move {
  scheduleId: string
  from: string
  to: string
}

/** @returns how many schedule rows go on from now. */
export const resumeAfterSetBack = async (deps: SetBackDeps): Promise<number> => {
  const { db, clock, log, signal } = deps
  await resumeRuns(deps)
  let afterId = ''
  let resumed = 0
  while (!signal.aborted) {
    const time = isoOf(Date.parse(await db.now()) + PATIENCE_MS)
    const rows = await rowsScheduledAfter(db.read, { time, afterId, limit: SLICE })
    // Asked after the rows were read: this process may stand still in between, while others go on and create slots.
    const now = Date.parse(await db.now())
    resumed += await moveBack(
      db,
      rows.flatMap((row) => moveOf(row, now)),
    )
    afterId = rows.at(-1)?.scheduleId ?? ''
    if (rows.length < SLICE) break
    await clock.sleep(1, signal)
  }
  if (resumed > 0) log.warn(`the clock was set back: ${resumed} schedules go on from now`)
  return resumed
}

const moveOf = ({ scheduleId, nextRun, ...task }: Row, now: number): Move[] => {
  const schedule = readable(task)
  const slot = schedule && nextSlot(schedule, now)
  if (!slot || nextRun === null || slot.at + PATIENCE_MS >= Date.parse(nextRun)) return []
  return [{ scheduleId, from: nextRun, to: isoOf(slot.at) }]
}

/** One that cannot be read is told when its slot comes. */
const readable = (task: Omit<Row, 'scheduleId' | 'nextRun'>): Schedule | null => {
  try {
    return scheduleOf(task)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

const moveBack = async (db: Database, moves: readonly Move[]): Promise<number> => {
  if (moves.length === 0) return 0
  return db.write({ actor: systemCaller.actor, reason: 'the clock was set back' }, async (tx) => {
    let moved = 0
    for (const { scheduleId, from, to } of moves)
      if (await advanceNextRun(tx, scheduleId, from, to)) moved += 1
    return moved
  })
}

/** Leases that would hold runs of a node that died, and waits of runs, as they would have been set now. */
const resumeRuns = async ({ db, leaseMs }: SetBackDeps): Promise<void> => {
  await db.write({ actor: systemCaller.actor, reason: 'the clock was set back' }, async (tx) => {
    const now = Date.parse(await db.now())
    const early = isoOf(now + PATIENCE_MS)
    const leases = { after: isoOf(now + 2 * leaseMs + PATIENCE_MS), to: isoOf(now + leaseMs) }
    await shortenLeases(tx, leases)
    const waiting = await waitingUntilAfter(tx, early, WAITING_ROWS)
    const found = await findTasks(tx, [...new Set(waiting.map((run) => run.taskId))])
    const tasks = new Map(found.map((task) => [task.taskId, task]))
    for (const { historyId, taskId, attempt, notBefore } of waiting) {
      const latest = now + longestWaitMs(tasks.get(taskId), attempt)
      if (Date.parse(notBefore) > latest + PATIENCE_MS)
        await updateRun(tx, historyId, { state: 'Queued' }, { notBefore: isoOf(latest) })
    }
  })
}

/** Waiting runs looked at, furthest in the future first. */
const WAITING_ROWS = 200

/** How long a run of this attempt waits at most: for its retry delay, or its jitter. */
const longestWaitMs = (task: TaskRow | undefined, attempt: number): number => {
  if (!task) return 0
  if (attempt > 1) return retryDelayMs({ ...task, maxRetries: attempt }, attempt - 1, 'Failed') ?? 0
  return typeof task.schedule === 'object' ? (task.schedule?.jitterSeconds ?? 0) * 1000 : 0
}
