import { AppError } from '../../../shared/domain/errors.ts'
import type { ChangeAction, Image } from '../../../shared/domain/change.ts'
import type { Tx } from '../../data/db.ts'
import { toImage } from './images.ts'
import { findNode, updateNode } from '../../data/repos/nodes.ts'
import { findScheduleRow, insertScheduleRow } from '../../data/repos/schedules.ts'
import { lockCluster, lockTask } from '../../data/repos/locks.ts'
import { findLock, insertLock, type LockRow } from '../../data/repos/task-locks.ts'
import { findTask, insertTask, type TaskRow } from '../../data/repos/tasks.ts'
import { findToken, updateToken } from '../../data/repos/tokens.ts'
import { changeLock, refuseTaken, removeLock } from '../locks.ts'
import { upkeepAllTargets } from '../nodes/upkeep.ts'
import { ensureLocks } from '../tasks/lock-names.ts'
import { refuseTakenName, removeInTx, updateInTx, type SaveContext } from '../tasks/save.ts'
import { emptyScheduleRow, upkeepScheduleRows } from '../tasks/schedule-rows.ts'

/** How each captured table takes a change back: through the same rules as an edit, never around them. */
export interface RestorableTable {
  /** Why this undo is never done, in words; null when it may be. Asked before anything is promised or written. */
  refuses(action: ChangeAction, fields: readonly string[]): string | null
  /** The record as it stands, as an image; null when it is gone. */
  read(tx: Tx, recordId: string): Promise<Image | null>
  update(context: SaveContext, recordId: string, fields: Image): Promise<void>
  remove(context: SaveContext, recordId: string): Promise<void>
  restore(context: SaveContext, recordId: string, image: Image): Promise<void>
}

/** Refused before it comes to this. */
const never = (): Promise<never> => Promise.reject(new Error('an undo that its table refuses'))

/** Images hold secrets as they are stored: they go back as they are. */
const stored = (context: SaveContext): SaveContext => ({
  ...context,
  secrets: { sealValues: (_field, values) => values },
})

const taskRow = async (tx: Tx, taskId: string): Promise<TaskRow> => {
  const row = await lockTask(tx, taskId)
  if (!row) throw new AppError('CONFLICT', `Task ${taskId} does not exist any more.`)
  return row
}

const tasks: RestorableTable = {
  refuses: () => null,
  read: async (tx, taskId) => toImage('Tasks', await findTask(tx, taskId)),
  update: async (context, taskId, fields) => {
    // An image's fields are a task's fields: decoded by the same column types.
    await updateInTx(stored(context), await taskRow(context.tx, taskId), fields)
  },
  remove: async (context, taskId) => removeInTx(context, await taskRow(context.tx, taskId)),
  restore: async (context, _taskId, image) => {
    const before = image as unknown as TaskRow
    const audit = { version: before.version + 1, modifiedBy: context.actor, modifiedAt: context.now }
    const row = { ...before, ...audit }
    await refuseTakenName(context.tx, row)
    await ensureLocks(context.tx, row.limits)
    await insertTask(context.tx, row)
    await upkeepScheduleRows(context.tx, row, { ...context, restart: true })
  },
}

const nodes: RestorableTable = {
  read: async (tx, nodeId) => toImage('Nodes', await findNode(tx, nodeId)),
  update: async (context, nodeId, fields) => {
    await updateNode(context.tx, nodeId, fields)
    await upkeepAllTargets(context.tx, context)
  },
  refuses: (action) => {
    if (action === 'DELETE') return 'A node’s registration is not taken back; drain the node instead.'
    return action === 'INSERT' ? 'A deleted node registers again by itself when it starts.' : null
  },
  remove: never,
  restore: never,
}

const tokens: RestorableTable = {
  read: async (tx, tokenId) => toImage('Api_Token', await findToken(tx, tokenId)),
  refuses: (action, fields) => {
    if (action === 'DELETE') return 'A token’s creation is not taken back; revoke the token instead.'
    if (action === 'INSERT')
      return 'A deleted token cannot come back: its secret was never in the change log.'
    return fields.includes('revokedAt') ? 'A revoked token stays revoked; create a new one.' : null
  },
  update: async (context, tokenId, fields) => updateToken(context.tx, tokenId, fields),
  remove: never,
  restore: never,
}

const lockRow = async (tx: Tx, lockId: string): Promise<LockRow> => {
  await lockCluster(tx)
  const row = await findLock(tx, lockId)
  if (!row) throw new AppError('CONFLICT', `Lock group ${lockId} does not exist any more.`)
  return row
}

const locks: RestorableTable = {
  refuses: () => null,
  read: async (tx, lockId) => toImage('Task_Lock', await findLock(tx, lockId)),
  update: async ({ tx }, lockId, fields) => changeLock(tx, await lockRow(tx, lockId), fields),
  remove: async ({ tx }, lockId) => removeLock(tx, await lockRow(tx, lockId)),
  restore: async ({ tx }, _lockId, image) => {
    const before = image as unknown as LockRow
    await lockCluster(tx)
    await refuseTaken(tx, before.lockName)
    await insertLock(tx, { ...before, version: before.version + 1 })
  },
}

const textOf = (value: Image[string] | undefined): string => (typeof value === 'string' ? value : '')

/** Schedule rows follow their task; only their identity is captured. A restored task brings them back. */
const scheduleRows: RestorableTable = {
  read: async (tx, scheduleId) => toImage('Task_Schedule', await findScheduleRow(tx, scheduleId)),
  refuses: (action) =>
    action === 'INSERT' ? null : 'Schedule rows follow their task; take back the change of the task.',
  update: never,
  remove: never,
  restore: async (context, scheduleId, image) => {
    const row = emptyScheduleRow(textOf(image['taskId']), textOf(image['nodeId']), null)
    await insertScheduleRow(context.tx, { ...row, scheduleId })
  },
}

const tables: Record<string, RestorableTable> = {
  Tasks: tasks,
  Nodes: nodes,
  Api_Token: tokens,
  Task_Schedule: scheduleRows,
  Task_Lock: locks,
}

/** @throws AppError CONFLICT for a table nothing can be taken back in. */
export const restorable = (tableName: string): RestorableTable => {
  const table = tables[tableName]
  if (!table) throw new AppError('CONFLICT', `Changes of ${tableName} cannot be taken back.`)
  return table
}
