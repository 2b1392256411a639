import { AppError } from '../../../shared/domain/errors.ts'
import { nextSlot, type Schedule } from '../../../shared/domain/schedule.ts'
import type { Database } from '../../data/db.ts'
import { advanceNextRun, rowsScheduledAfter } from '../../data/repos/schedules.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import { scheduleOf } from '../tasks/schedule-of.ts'

/**
 * A clock that was set back. By up to an hour, schedules wait until the time has caught up: their slots have
 * been created already. By more (a machine that started with a clock years ahead), waiting would silence them
 * for as long; they go on from now. A slot that has its run is not created again either way (slots.ts).
 */

const PATIENCE_MS = 3_600_000
/** Schedule rows looked at in one slice: some milliseconds. */
const SLICE = 100

export interface SetBackDeps {
  db: Database
  clock: Clock
  log: Log
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
  let afterId = ''
  let resumed = 0
  while (!signal.aborted) {
    const now = Date.parse(await db.now())
    const rows = await rowsScheduledAfter(db.read, { time: isoOf(now + PATIENCE_MS), afterId, limit: SLICE })
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
