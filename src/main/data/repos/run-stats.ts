import { sql } from 'kysely'
import {
  STATS_RUNS,
  type RunStats,
  type RunStatsInput,
  type StatsUnit,
} from '../../../shared/domain/run-stats.ts'
import type { Query } from '../db.ts'

/**
 * Times are text, so a time's first characters are its hour: what every database can group by. Ten minutes are
 * told by the first digit of the minute.
 */
const PREFIX: Record<StatsUnit, { length: number; rest: string }> = {
  minute: { length: 16, rest: ':00.000Z' },
  tenMinutes: { length: 15, rest: '0:00.000Z' },
  hour: { length: 13, rest: ':00:00.000Z' },
  day: { length: 10, rest: 'T00:00:00.000Z' },
}

/** The newest runs in the range, no more than are counted: states and times, which an index has. */
const newest = (db: Query, { from, to, task, node }: RunStatsInput) => {
  let query = db
    .selectFrom('Task_History as h')
    .select(['h.sortTime', 'h.state'])
    .where('h.sortTime', '>=', from)
  if (to) query = query.where('h.sortTime', '<', to)
  if (task?.length) query = query.where('h.taskId', 'in', task)
  if (node?.length) query = query.where('h.nodeId', 'in', node)
  return query.orderBy('h.sortTime', 'desc').limit(STATS_RUNS)
}

export const runStats = async (db: Query, input: RunStatsInput): Promise<RunStats> => {
  const { length, rest } = PREFIX[input.unit]
  const at = sql<string>`substring(${sql.ref('n.sortTime')}, 1, ${sql.lit(length)})`
  const rows = await db
    .selectFrom(newest(db, input).as('n'))
    .select([at.as('at'), 'n.state', sql<number>`count(*)`.as('count')])
    .groupBy([at, 'n.state'])
    .orderBy('at')
    .execute()
  const counts = rows.map((row) => ({
    at: `${row.at}${rest}`,
    state: row.state,
    count: Number(row.count),
  }))
  return { counts, capped: counts.reduce((sum, { count }) => sum + count, 0) >= STATS_RUNS }
}
