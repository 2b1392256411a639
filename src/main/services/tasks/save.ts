import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../shared/domain/errors.ts'
import { effectiveRunOn, type Target } from '../../../shared/domain/assignment.ts'
import type { Parameters } from '../../../shared/domain/secret.ts'
import {
  NODE_ZONE,
  taskFields,
  type TaskField,
  type TaskInput,
  type TaskPatch,
} from '../../../shared/domain/task.ts'
import type { Tx } from '../../data/db.ts'
import { deleteScheduleRows, scheduleRowsOf } from '../../data/repos/schedules.ts'
import {
  deleteTask,
  findTask,
  findTaskByName,
  insertTask,
  updateTask,
  type TaskRow,
} from '../../data/repos/tasks.ts'
import { newId } from '../../platform/ids.ts'
import { cancelQueued } from '../engine/cancel.ts'
import { endFailures } from '../engine/failures-over.ts'
import { ensureLocks } from './lock-names.ts'
import { toTask } from './records.ts'
import { scheduleOf } from './schedule-of.ts'
import { upkeepScheduleRows } from './schedule-rows.ts'

/** Writing tasks inside one transaction, for the API, the import and the undo of changes alike. */

/** Secret values in and out; services/keys.ts. */
export interface SecretValues {
  /** `{ secret: 'text' }` becomes sealed, `{ secret: true }` keeps what is stored under that name. */
  sealValues(field: string, values: Parameters, stored: Record<string, unknown>): Record<string, unknown>
}

export interface SaveContext {
  tx: Tx
  actor: string
  now: string
  secrets: SecretValues
}

const FIELDS = Object.keys(taskFields) as TaskField[]

/** @throws AppError BAD_REQUEST for what only the whole record can tell. */
export const checkTask = (task: Pick<TaskRow, 'schedule' | 'timeZone' | 'runOn'> & Target): void => {
  scheduleOf(task)
  if (task.timeZone === NODE_ZONE && effectiveRunOn(task) !== 'All') {
    const message = '"node" (each node’s own zone) needs runOn "All"; name an IANA zone instead'
    throw new AppError('BAD_REQUEST', `timeZone: ${message}`, { issues: [{ path: ['timeZone'], message }] })
  }
}

/** @throws AppError CONFLICT naming the task that has the name. */
export const refuseTakenName = async (
  tx: Tx,
  task: Pick<TaskRow, 'taskId' | 'taskName' | 'appName'>,
): Promise<void> => {
  const other = await findTaskByName(tx, task.taskName, task.appName)
  if (!other || other.taskId === task.taskId) return
  const message = `a task "${task.taskName}"${task.appName ? ` of ${task.appName}` : ''} exists already; choose another name`
  throw new AppError('CONFLICT', `taskName: ${message}`, {
    issues: [{ path: ['taskName'], message }],
    data: { taskId: other.taskId },
  })
}

export const createInTx = async (
  context: SaveContext,
  input: TaskInput & { timeZone: string },
  taskId: string = newId(),
): Promise<TaskRow> => {
  const { tx, secrets } = context
  const row: TaskRow = {
    ...input,
    taskId,
    parameters: secrets.sealValues('parameters', input.parameters, {}),
    environment: secrets.sealValues('environment', input.environment, {}),
    createdBy: context.actor,
    createdAt: context.now,
    modifiedBy: null,
    modifiedAt: null,
    version: 1,
  }
  checkTask(row)
  await refuseTakenName(tx, row)
  // Before the task: taken back in the other order, each is named by nothing then.
  await ensureLocks(context.tx, row.limits)
  await insertTask(tx, row)
  await upkeepScheduleRows(tx, row, { ...context, restart: true })
  return row
}

/** The fields of `patch` that differ from the row, secrets sealed. */
const differing = (row: TaskRow, patch: TaskPatch, secrets: SecretValues): Partial<TaskRow> => {
  const wanted: Record<string, unknown> = {}
  for (const field of FIELDS) if (patch[field] !== undefined) wanted[field] = patch[field]
  if (patch.parameters)
    wanted['parameters'] = secrets.sealValues('parameters', patch.parameters, row.parameters)
  if (patch.environment)
    wanted['environment'] = secrets.sealValues('environment', patch.environment, row.environment)
  const entries = Object.entries(wanted).filter(
    ([field, value]) => !isDeepStrictEqual(value, row[field as TaskField]),
  )
  return Object.fromEntries(entries)
}

/** Audit fields may be sent back as they were read, not altered. */
const refuseAuditEdits = (row: TaskRow, patch: TaskPatch): void => {
  const issues = (['createdBy', 'createdAt', 'modifiedBy', 'modifiedAt'] as const)
    .filter((field) => patch[field] !== undefined && patch[field] !== row[field])
    .map((field) => ({ path: [field], message: 'is kept by the node and cannot be written; leave it out' }))
  if (issues.length > 0)
    throw new AppError(
      'BAD_REQUEST',
      `${issues.map((issue) => issue.path[0]).join(', ')} cannot be written`,
      { issues },
    )
}

/** Writes what differs; a row that is as wanted already stays untouched, without a new version. */
export const updateInTx = async (context: SaveContext, row: TaskRow, patch: TaskPatch): Promise<TaskRow> => {
  refuseAuditEdits(row, patch)
  const fields = differing(row, patch, context.secrets)
  if (Object.keys(fields).length === 0) return row
  const audit = { version: row.version + 1, modifiedBy: context.actor, modifiedAt: context.now }
  const next: TaskRow = { ...row, ...fields, ...audit }
  checkTask(next)
  if (fields.taskName !== undefined || fields.appName !== undefined) await refuseTakenName(context.tx, next)
  if (fields.limits) await ensureLocks(context.tx, fields.limits)
  const written = await updateTask(context.tx, row.taskId, row.version, { ...fields, ...audit })
  if (!written) throw await staleWrite(context.tx, row.taskId)
  await afterUpdate(context, row, next)
  return next
}

const staleWrite = async (tx: Tx, taskId: string): Promise<AppError> => {
  const current = await findTask(tx, taskId)
  return new AppError('CONFLICT', 'The task was changed meanwhile; read it again and repeat the edit.', {
    current: current && (await toTask(tx, current)),
  })
}

/** Edits in flight (DESIGN §5): the running one goes on, what waits follows the new definition. */
const afterUpdate = async (context: SaveContext, before: TaskRow, after: TaskRow): Promise<void> => {
  const changed = (...fields: (keyof TaskRow)[]) =>
    fields.some((field) => !isDeepStrictEqual(before[field], after[field]))
  const rescheduled = changed('schedule', 'timeZone', 'enabled')
  if (before.enabled && !after.enabled) await cancelQueued(context, after.taskId, 'the task was disabled')
  else if (changed('schedule', 'timeZone'))
    await cancelQueued(
      context,
      after.taskId,
      'the schedule was changed',
      (run) => run.scheduleId !== null && run.attempt === 1,
    )
  if (
    rescheduled ||
    changed('assignedNodeId', 'assignedNodeGroup', 'assignedNodeRole', 'runOn', 'scriptType', 'scriptPath')
  )
    await upkeepScheduleRows(context.tx, after, { ...context, restart: rescheduled })
}

/** The history stays; a running one goes on and is not retried, for there is no task any more. */
export const removeInTx = async (context: SaveContext, row: TaskRow): Promise<void> => {
  await cancelQueued(context, row.taskId, 'the task was deleted')
  await endFailures(context.tx, row.taskId, context.now)
  const rows = await scheduleRowsOf(context.tx, row.taskId)
  await deleteScheduleRows(
    context.tx,
    rows.map((one) => one.scheduleId),
  )
  await deleteTask(context.tx, row.taskId)
}
