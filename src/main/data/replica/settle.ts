import { knownColumns } from '../columns.ts'
import type { OpenDatabase, Tx } from '../db.ts'

export interface SettleOptions {
  centre: OpenDatabase
  replica: OpenDatabase
  taskId: string
  /** Written with it: the edit waits no more. */
  done: (tx: Tx) => Promise<void>
}

/**
 * Lets a task and its schedule rows in the replica be what they are in the cluster database. What came of an offline
 * edit need not be a change there that the replica would see: others' values stood, or the task was kept from
 * deletion. Reading ahead of the log is harmless: what it brings later ends with the same record.
 */
export const settleTask = async ({ centre, replica, taskId, done }: SettleOptions): Promise<void> => {
  const task = await centre.look
    .selectFrom('Tasks')
    .selectAll()
    .where('taskId', '=', taskId)
    .executeTakeFirst()
  const rows = await centre.look
    .selectFrom('Task_Schedule')
    .selectAll()
    .where('taskId', '=', taskId)
    .execute()
  await replica.write({ actor: 'system', applies: true }, async (tx) => {
    await tx.deleteFrom('Task_Schedule').where('taskId', '=', taskId).execute()
    await tx.deleteFrom('Tasks').where('taskId', '=', taskId).execute()
    if (task) {
      // A record made here may have its name; it waits in Sync_Pending as a whole.
      const { taskName, appName } = task
      await tx.deleteFrom('Tasks').where('taskName', '=', taskName).where('appName', '=', appName).execute()
      await tx.insertInto('Tasks').values(knownColumns('Tasks', task)).execute()
      const known = rows.map((row) => knownColumns('Task_Schedule', row))
      if (known.length > 0) await tx.insertInto('Task_Schedule').values(known).execute()
    }
    await done(tx)
  })
}
