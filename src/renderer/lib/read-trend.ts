import type { AppClient } from '../client.ts'
import type { TrendData } from '../ui/duration-trend/trend.ts'

/** How long the latest runs of a task took, and what was changed of it meanwhile. */

/** As many as a chart shows apart. */
const RUNS = 200
const CHANGES = 100

type TrendClient = Pick<AppClient, 'tasks' | 'changes'>

export const readTrend = async (client: TrendClient, taskId: string): Promise<TrendData> => {
  const { items } = await client.tasks.history({ taskId, limit: RUNS })
  const runs = items.flatMap(({ historyId, startTime, duration, state }) =>
    startTime !== null && duration !== null
      ? [{ historyId, at: Date.parse(startTime), seconds: duration / 1000, state }]
      : [],
  )
  const oldest = runs.at(-1)
  if (!oldest) return { runs: [], changes: [] }
  const from = new Date(oldest.at).toISOString()
  const log = await client.changes.list({ table: ['Tasks'], record: [taskId], from, limit: CHANGES })
  const changes = log.items.map(({ changeId, changedAt, changedBy, changedFields }) => ({
    ...{ changeId, at: Date.parse(changedAt), by: changedBy, fields: changedFields },
  }))
  return { runs: runs.toReversed(), changes: changes.toReversed() }
}
