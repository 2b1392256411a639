import { defineEntity } from '@mikro-orm/core'
import { key, longText, name, whole } from './columns.ts'

/** A lock group: how many runs of all the tasks that name it may go on at once, on all nodes together. */
export const TaskLockEntity = defineEntity({
  name: 'TaskLock',
  tableName: 'Task_Lock',
  properties: {
    lockId: key('LockID').primary(),
    lockName: name('LockName', 100),
    maxConcurrent: whole('MaxConcurrent'),
    description: longText('Description').nullable(),
    version: whole('Version'),
  },
  uniques: [{ name: 'uq_lock_name', properties: ['lockName'] }],
})

/**
 * A lock group that a run was claimed under, whatever becomes of its task. By name: the group begins the key, for a
 * claim reads those of its groups. Of a run that does not run it means nothing, and goes with the next claim.
 */
export const RunLockEntity = defineEntity({
  name: 'RunLock',
  tableName: 'Run_Lock',
  properties: {
    lockName: name('LockName', 100).primary(),
    historyId: key('HistoryID').primary(),
  },
})
