import type { TaskLock } from '../../../../shared/domain/cluster.ts'
import type { Change } from '../../../../shared/domain/change.ts'
import type { ClusterNode, Placements } from '../../../../shared/domain/node.ts'
import type { Run } from '../../../../shared/domain/run.ts'
import type { AppClient } from '../../../client.ts'
import { readTrend } from '../../../lib/read-trend.ts'
import type { TrendData } from '../../../ui/duration-trend/trend.ts'
import { dataOf, idle, settle } from '../../../lib/loadable.ts'

/** What stands around the form of a task. The form works as well without any of it, so nothing here fails. */

type RecordClient = Pick<AppClient, 'tasks' | 'nodes' | 'changes' | 'locks'>

/** As many as help to see how the task went; all are a click away. */
const RECORD = 6
const ACTIVE = 200

export interface TaskRecord {
  places: Placements | null
  active: readonly Run[]
  runs: readonly Run[]
  changes: readonly Change[]
  trend: TrendData | null
}

export const noRecord: TaskRecord = { places: null, active: [], runs: [], changes: [], trend: null }

const orNull = async <T>(work: Promise<T>): Promise<T | null> => dataOf(await settle<T>(idle, work))

/** Where a saved task runs. */
export const readPlaces = async (
  client: RecordClient,
  taskId: string,
): Promise<Pick<TaskRecord, 'places'>> => ({ places: await orNull(client.tasks.nodes({ taskId })) })

/** How long its runs took; many rows, so not read at each run. */
export const readTrendOf = async (
  client: RecordClient,
  taskId: string,
): Promise<Pick<TaskRecord, 'trend'>> => ({ trend: await orNull(readTrend(client, taskId)) })

/** How a saved task went, where it runs, and what was done to it. */
export const readRecord = async (
  client: RecordClient,
  taskId: string,
): Promise<Omit<TaskRecord, 'trend'>> => {
  const [places, active, runs, changes] = await Promise.all([
    readPlaces(client, taskId),
    orNull(client.tasks.history({ taskId, state: ['Running', 'Queued'], limit: ACTIVE })),
    orNull(client.tasks.history({ taskId, limit: RECORD })),
    orNull(client.changes.list({ table: ['Tasks'], record: [taskId], limit: RECORD })),
  ])
  return {
    ...places,
    active: active?.items ?? [],
    runs: runs?.items ?? [],
    changes: changes?.items ?? [],
  }
}

/** The nodes and lock groups that a task may name. */
export const readChoices = async (
  client: RecordClient,
): Promise<{ nodes: ClusterNode[]; locks: TaskLock[] }> => {
  const [nodes, locks] = await Promise.all([
    orNull(client.nodes.list({ limit: 1000 })),
    orNull(client.locks.list({})),
  ])
  return { nodes: nodes?.items ?? [], locks: locks?.items ?? [] }
}
