import { sql } from 'kysely'
import type { Query } from '../db.ts'

/** How long runs of tasks took. */

export interface UsualDuration {
  taskId: string
  /** Within it 95 of a hundred ended, milliseconds. */
  duration: number
  /** How many runs say so. */
  runs: number
}

/**
 * The 95th percentile of each task's runs since `since`: those that ran to an end, or were ended for taking too long.
 * One row a task: ranked where the rows are.
 */
export const usualDurations = async (
  db: Query,
  taskIds: readonly string[],
  since: string,
): Promise<UsualDuration[]> => {
  if (taskIds.length === 0) return []
  const ranked = db
    .selectFrom('Task_History as h')
    .select(['h.taskId', 'h.duration'])
    .select([
      sql<number>`row_number() over (partition by ${sql.ref('h.taskId')} order by ${sql.ref('h.duration')})`.as(
        'place',
      ),
      sql<number>`count(*) over (partition by ${sql.ref('h.taskId')})`.as('total'),
    ])
    .where('h.taskId', 'in', taskIds)
    .where('h.sortTime', '>=', since)
    .where('h.state', 'in', ['Success', 'Timeout'])
    .where('h.duration', 'is not', null)
  const rows = await db
    .selectFrom(ranked.as('r'))
    .select(['r.taskId', 'r.duration', 'r.total'])
    .where(sql<boolean>`${sql.ref('r.place')} * 100 >= ${sql.ref('r.total')} * 95`)
    .where(sql<boolean>`(${sql.ref('r.place')} - 1) * 100 < ${sql.ref('r.total')} * 95`)
    .execute()
  return rows.map(({ taskId, duration, total }) => ({
    taskId,
    duration: Number(duration),
    runs: Number(total),
  }))
}
