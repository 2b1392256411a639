import { hideSecrets } from '../../../shared/domain/secret.ts'
import { groupBy } from '../../../shared/domain/group-by.ts'
import type { ScheduleRow, StoredTask, Task } from '../../../shared/domain/task.ts'
import type { Query } from '../../data/db.ts'
import type { ScheduleRowRow } from '../../data/repos/schedules.ts'
import { taskStates } from '../../data/repos/task-list.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'

/** Rows as records: secrets hidden, running state joined. */

type State = Awaited<ReturnType<typeof taskStates>>[number]

const isLater = (a: string | null, b: string | null): boolean => (a ?? '') > (b ?? '')

/** Of a task's schedule rows: the next run of any, the last run of all. */
const derive = (states: readonly State[]) => {
  const upcoming = states.map((row) => row.nextRun).filter((at) => at !== null)
  const last = states.reduce<State | null>(
    (best, row) => (best === null || isLater(row.lastRun, best.lastRun) ? row : best),
    null,
  )
  return {
    nextRun: upcoming.sort()[0] ?? null,
    lastRun: last?.lastRun ?? null,
    lastState: last?.lastState ?? null,
    lastHistoryId: last?.lastHistoryId ?? null,
    lastError: last?.lastError ?? null,
    isRunning: states.some((row) => row.isRunning),
  }
}

/** The stored part of a row as the API names it, with secrets as `{ "secret": true }`. */
export const storedTask = (row: TaskRow): StoredTask => ({
  ...row,
  parameters: hideSecrets(row.parameters) as StoredTask['parameters'],
  environment: hideSecrets(row.environment) as StoredTask['environment'],
})

export const toTasks = async (db: Query, rows: readonly TaskRow[]): Promise<Task[]> => {
  const states = await taskStates(
    db,
    rows.map((row) => row.taskId),
  )
  const byTask = groupBy(states, (state) => state.taskId)
  return rows.map((row) => ({ ...storedTask(row), ...derive(byTask.get(row.taskId) ?? []) }))
}

export const toTask = async (db: Query, row: TaskRow): Promise<Task> => {
  const [task] = await toTasks(db, [row])
  if (!task) throw new Error('a row becomes a record')
  return task
}

export const toScheduleRow = ({ lastHistoryId: _last, ...row }: ScheduleRowRow): ScheduleRow => row
