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
