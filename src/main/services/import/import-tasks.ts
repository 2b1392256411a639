import type { ExistingTask } from '../../../shared/domain/import/types.ts'
import type { Database } from '../../data/db.ts'
import { eachTask, findTaskByName } from '../../data/repos/tasks.ts'
import type { EventBus } from '../events.ts'
import { taskOr404 } from '../tasks.ts'
import { storedTask } from '../tasks/records.ts'
import { createInTx, updateInTx, type SecretValues } from '../tasks/save.ts'
import type { ImportBatch } from './write-plan.ts'

export interface ImportTasks {
  /** By name. */
  list: () => Promise<ExistingTask[]>
  find: (taskName: string, appName: string) => Promise<ExistingTask | null>
  batch: ImportBatch
}

export interface ImportTasksDeps {
  db: Database
  secrets: SecretValues
  events: EventBus
  /** The zone a task gets when its source names none: the importing node's. */
  timeZone: string
  wake: () => void
}

/**
 * The tasks of the cluster as the import reads and writes them. Unlike an edit, an import may create a task
 * whose script lies outside every root (DESIGN §13): the plan warns, the run says why it failed.
 */
export const createImportTasks = (deps: ImportTasksDeps): ImportTasks => ({
  list: async () => {
    const tasks: ExistingTask[] = []
    for await (const row of eachTask(deps.db.read)) tasks.push(storedTask(row))
    return tasks.sort(byName)
  },
  find: async (taskName, appName) => {
    const row = await findTaskByName(deps.db.read, taskName, appName)
    return row ? storedTask(row) : null
  },
  batch: async (caller, changeSet, work) => {
    const touched: string[] = []
    const result = await deps.db.write(
      { actor: caller.actor, reason: caller.reason ?? 'import', transactionId: changeSet },
      async (tx) => {
        const context = {
          tx,
          actor: caller.actor,
          now: await deps.db.now(),
          secrets: deps.secrets,
        }
        return work({
          create: async (input) => {
            const row = await createInTx(context, { ...input, timeZone: input.timeZone ?? deps.timeZone })
            touched.push(row.taskId)
            return row
          },
          update: async (taskId, patch) => {
            touched.push(taskId)
            await updateInTx(context, await taskOr404(tx, taskId), patch)
          },
        })
      },
    )
    for (const taskId of touched) deps.events.emit({ type: 'task.changed', id: taskId, taskId })
    if (touched.length > 0) deps.wake()
    return result
  },
})

/** By code units: the same order on every machine, whatever its language. */
const byName = (a: ExistingTask, b: ExistingTask): number =>
  compare(a.taskName, b.taskName) || compare(a.appName, b.appName)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
