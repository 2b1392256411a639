import type { Usual } from '../../../shared/domain/calendar/going-on.ts'
import type { Database } from '../../data/db.ts'
import { usualDurations } from '../../data/repos/usual-durations.ts'
import { isoOf } from '../../platform/clock.ts'

/** How long tasks usually take, remembered for some minutes: it changes slowly, and thousands are asked for at once. */

const HOUR = 3_600_000

/**
 * What runs more often is told by a shorter past: some dozens of runs, whatever the schedule. Longer than a day and a
 * half between slots is longer than anything takes.
 */
const PASTS = [
  { gapMs: HOUR / 12, pastMs: 3 * HOUR },
  { gapMs: HOUR, pastMs: 36 * HOUR },
  { gapMs: 6 * HOUR, pastMs: 8 * 24 * HOUR },
  { gapMs: 36 * HOUR, pastMs: 40 * 24 * HOUR },
]

/** Fewer runs say nothing of what is usual. */
const ENOUGH = 5
const REMEMBERED_MS = 5 * 60_000
/** Tasks in one question. */
const AT_ONCE = 200
const MOST = 50_000

export interface AskedTask {
  taskId: string
  /** The shortest time from one of its slots to the next. */
  gapMs: number
}

export const createUsual = (db: Pick<Database, 'read'>) => {
  const known = new Map<string, { at: number; usual: Usual | null }>()
  const readPart = async (taskIds: readonly string[], now: number, pastMs: number): Promise<void> => {
    const rows = await usualDurations(db.read, taskIds, isoOf(now - pastMs))
    const found = new Map(rows.map((row) => [row.taskId, row]))
    for (const taskId of taskIds) {
      const row = found.get(taskId)
      const usual = row && row.runs >= ENOUGH ? { ms: row.duration, measured: row.runs } : null
      known.set(taskId, { at: now, usual })
    }
  }
  const isKnown = (taskId: string, now: number): boolean =>
    Math.abs(now - (known.get(taskId)?.at ?? -Infinity)) < REMEMBERED_MS
  return async (tasks: readonly AskedTask[], now: number): Promise<Map<string, Usual>> => {
    if (known.size > MOST) known.clear()
    let longer = 0
    for (const { gapMs, pastMs } of PASTS) {
      const ofPast = tasks.filter((task) => task.gapMs > longer && task.gapMs <= gapMs)
      const asked = ofPast.map(({ taskId }) => taskId).filter((taskId) => !isKnown(taskId, now))
      for (let from = 0; from < asked.length; from += AT_ONCE)
        await readPart(asked.slice(from, from + AT_ONCE), now, pastMs)
      longer = gapMs
    }
    const usual = tasks.map(({ taskId }) => [taskId, known.get(taskId)?.usual ?? null] as const)
    return new Map(usual.flatMap(([taskId, one]) => (one ? [[taskId, one] as const] : [])))
  }
}
