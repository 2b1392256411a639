import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'

export type TaskRow = Selectable<Tables['Tasks']>
export type NewTaskRow = Insertable<Tables['Tasks']>

export const findTask = (db: Query, taskId: string): Promise<TaskRow | undefined> =>
  db.selectFrom('Tasks').selectAll().where('taskId', '=', taskId).executeTakeFirst()

export const findTasks = (db: Query, taskIds: readonly string[]): Promise<TaskRow[]> =>
  taskIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('Tasks').selectAll().where('taskId', 'in', taskIds).execute()

export const findTaskByName = (db: Query, taskName: string, appName: string): Promise<TaskRow | undefined> =>
  db
    .selectFrom('Tasks')
    .selectAll()
    .where('taskName', '=', taskName)
    .where('appName', '=', appName)
    .executeTakeFirst()

/** Every task by name: for export, import plans and validation of a whole cluster. */
export const allTasks = (db: Query): Promise<TaskRow[]> =>
  db.selectFrom('Tasks').selectAll().orderBy('taskName').orderBy('appName').execute()

export const insertTask = async (tx: Tx, row: NewTaskRow): Promise<void> => {
  await tx.insertInto('Tasks').values(row).execute()
}

/** Writes over exactly the version that was read; false means that someone else was faster. */
export const updateTask = async (
  tx: Tx,
  taskId: string,
  version: number,
  fields: Updateable<Tables['Tasks']>,
): Promise<boolean> => {
  const result = await tx
    .updateTable('Tasks')
    .set(fields)
    .where('taskId', '=', taskId)
    .where('version', '=', version)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export const deleteTask = async (tx: Tx, taskId: string): Promise<void> => {
  await tx.deleteFrom('Tasks').where('taskId', '=', taskId).execute()
}
