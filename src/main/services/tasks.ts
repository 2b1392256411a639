import { AppError } from '../../shared/domain/errors.ts'
import type { TaskInput, TaskPatch } from '../../shared/domain/task.ts'
import type { Database } from '../data/db.ts'
import { lockTask } from '../data/repos/locks.ts'
import { scheduleRowsOf } from '../data/repos/schedules.ts'
import { listTasks } from '../data/repos/task-list.ts'
import { findTask, type TaskRow } from '../data/repos/tasks.ts'
import type { Tx } from '../data/db.ts'
import { requireRole, type Caller } from './caller.ts'
import type { EventBus } from './events.ts'
import type { Services } from './services.ts'
import { toScheduleRow, toTask, toTasks } from './tasks/records.ts'
import { createInTx, removeInTx, updateInTx, type SaveContext, type SecretValues } from './tasks/save.ts'
import type { Placer } from './tasks/placements.ts'
import type { ScriptChecks } from './tasks/script-checks.ts'
import type { Validator } from './tasks/validate.ts'

export interface TasksDeps {
  db: Database
  secrets: SecretValues
  scripts: ScriptChecks
  validator: Validator
  placer: Placer
  events: EventBus
  /** The zone a task gets when it names none: resolved now and stored. */
  timeZone: string
  /** Tells the scheduler that something may be due. */
  wake: () => void
  exportAll: Services['tasks']['exportAll']
}

/** @throws AppError NOT_FOUND */
export const taskOr404 = async (tx: Tx | Database['read'], taskId: string): Promise<TaskRow> => {
  const row = await findTask(tx, taskId)
  if (!row) throw new AppError('NOT_FOUND', `There is no task ${taskId}.`)
  return row
}

/** As `taskOr404`, with the task locked until the transaction ends. */
export const lockedTaskOr404 = async (tx: Tx, taskId: string): Promise<TaskRow> =>
  (await lockTask(tx, taskId)) ?? taskOr404(tx, taskId)

/** @throws AppError CONFLICT with the current record when the caller's edit is based on another version. */
export const refuseStale = async (tx: Tx, row: TaskRow, based: number | null | undefined): Promise<void> => {
  if (based === null || based === undefined || based === row.version) return
  throw new AppError(
    'CONFLICT',
    `The task is at version ${row.version}, the edit is based on ${based}; read it again and repeat the edit.`,
    { current: await toTask(tx, row) },
  )
}

export const createTasks = (deps: TasksDeps): Services['tasks'] => {
  const { db } = deps
  return {
    list: async (_caller, filter) => {
      const page = await listTasks(db.read, filter)
      return { items: await toTasks(db.read, page.items), nextCursor: page.nextCursor }
    },
    get: async (_caller, taskId) => toTask(db.read, await taskOr404(db.read, taskId)),
    ...edits(deps),
    validate: async (caller, draft) => {
      requireRole(caller, 'viewer')
      return deps.validator(draft)
    },
    scheduleRows: async (_caller, taskId) => {
      await taskOr404(db.read, taskId)
      return (await scheduleRowsOf(db.read, taskId)).map(toScheduleRow)
    },
    exportAll: deps.exportAll,
    placements: (_caller, taskId) => deps.placer.ofTask(taskId),
  }
}

const edits = (deps: TasksDeps): Pick<Services['tasks'], 'create' | 'update' | 'remove'> => ({
  create: async (caller, input: TaskInput) => {
    await deps.scripts.refuseOutside(input.scriptPath)
    const zoned = { ...input, timeZone: input.timeZone ?? deps.timeZone }
    const task = await save(deps, caller, async (context) =>
      toTask(context.tx, await createInTx(context, zoned)),
    )
    announce(deps, task.taskId)
    return task
  },
  update: async (caller, taskId, patch: TaskPatch) => {
    if (patch.taskId !== undefined && patch.taskId !== taskId) throw otherId(taskId)
    if (patch.scriptPath !== undefined) await deps.scripts.refuseOutside(patch.scriptPath)
    const task = await save(deps, caller, async (context) => {
      const row = await lockedTaskOr404(context.tx, taskId)
      await refuseStale(context.tx, row, caller.ifMatch ?? patch.version)
      return toTask(context.tx, await updateInTx(context, row, patch))
    })
    announce(deps, taskId)
    return task
  },
  remove: async (caller, taskId) => {
    await save(deps, caller, async (context) => {
      const row = await lockedTaskOr404(context.tx, taskId)
      await refuseStale(context.tx, row, caller.ifMatch)
      await removeInTx(context, row)
    })
    announce(deps, taskId)
  },
})

const save = <T>(
  { db, secrets }: TasksDeps,
  caller: Caller,
  work: (context: SaveContext) => Promise<T>,
): Promise<T> =>
  db.write({ actor: caller.actor, reason: caller.reason }, async (tx) =>
    work({ tx, actor: caller.actor, now: await db.now(), secrets }),
  )

const announce = (deps: TasksDeps, taskId: string): void => {
  deps.events.emit({ type: 'task.changed', id: taskId, taskId })
  deps.wake()
}

const otherId = (taskId: string): AppError =>
  new AppError('BAD_REQUEST', 'taskId: differs from the one in the address', {
    issues: [{ path: ['taskId'], message: `must be ${taskId} or left out` }],
  })
