import { canRun } from '../../../shared/domain/assignment.ts'
import type { CachedTask, Snapshot } from '../../../shared/domain/runtime.ts'
import type { Database } from '../../data/db.ts'
import { allNodes } from '../../data/repos/nodes.ts'
import { upcomingRows } from '../../data/repos/schedules.ts'
import { findTasks } from '../../data/repos/tasks.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Self } from '../self.ts'
import { assignable } from '../tasks/script-type.ts'

/** The third cache of DESIGN §9: what this node may run next, read by nobody's request. */
export interface CachedTasks {
  refresh(): Promise<void>
  tasks(): Snapshot<CachedTask>
}

/** As many as a page of a list: the next ones are what a reader of a cache asks for. */
const LARGEST = 1000

export interface CachedTasksDeps {
  db: Pick<Database, 'read'>
  clock: Clock
  self: Self
  keyAvailable: () => boolean
}

export const createCachedTasks = ({ db, clock, self, keyAvailable }: CachedTasksDeps): CachedTasks => {
  let snapshot: Snapshot<CachedTask> = { lastUpdate: isoOf(clock.now()), data: [] }
  return {
    refresh: async () => {
      const rows = await upcomingRows(db.read, self.nodeId, LARGEST)
      const nodes = await allNodes(db.read)
      const found = await findTasks(db.read, [...new Set(rows.map((row) => row.taskId))])
      const tasks = new Map(found.map((task) => [task.taskId, task]))
      const data = rows.flatMap((row): CachedTask[] => {
        const task = tasks.get(row.taskId)
        if (!task || !canRun(assignable(task, nodes), self.node(), keyAvailable())) return []
        const { taskId, taskName, appName, priority } = task
        return [{ taskId, taskName, appName, priority, nextRun: row.nextRun, isRunning: row.isRunning }]
      })
      snapshot = { lastUpdate: isoOf(clock.now()), data }
    },
    tasks: () => snapshot,
  }
}
