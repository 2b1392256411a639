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

/** What of these tasks forbids runs side by side: enough to know whose claims must not be decided at once. */
export const claimRules = (
  db: Query,
  taskIds: readonly string[],
): Promise<Pick<TaskRow, 'taskId' | 'overlapPolicy' | 'limits'>[]> =>
  taskIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('Tasks')
        .select(['taskId', 'overlapPolicy', 'limits'])
        .where('taskId', 'in', taskIds)
        .execute()

/** Rows read at once where all are wanted: a hundred thousand in one answer would hold the main loop. */
const PAGE = 500

/**
 * Every task, a page at a time, in the order they were made: an id never changes, so that none comes twice or
 * not at all when someone renames tasks meanwhile.
 */
export async function* eachTask(db: Query): AsyncGenerator<TaskRow, void> {
  let page: TaskRow[]
  let after = ''
  do {
    page = await tasksAfter(db, after, PAGE).execute()
    yield* page
    after = page.at(-1)?.taskId ?? ''
  } while (page.length === PAGE)
}

const tasksAfter = (db: Query, taskId: string, limit: number) =>
  db.selectFrom('Tasks').selectAll().where('taskId', '>', taskId).orderBy('taskId').limit(limit)

/** Tasks that run on every node of their target (`effectiveRunOn` as a condition), by id. */
export const tasksForAllNodes = (db: Query, page: { after: string; limit: number }): Promise<TaskRow[]> =>
  tasksAfter(db, page.after, page.limit)
    .where((where) =>
      where.or([
        where('runOn', '=', 'All'),
        where.and([
          where('runOn', 'is', null),
          // An empty name is none: written so by hand or by an import.
          where('assignedNodeGroup', '>', ''),
          where.or([where('assignedNodeId', 'is', null), where('assignedNodeId', '=', '')]),
        ]),
      ]),
    )
    .execute()

/** The script types that tasks name, and the paths of those that name none. */
export async function* eachScript(
  db: Query,
): AsyncGenerator<Pick<TaskRow, 'scriptType' | 'scriptPath'>, void> {
  const named = db.selectFrom('Tasks').select('scriptType').distinct().where('scriptType', 'is not', null)
  for (const { scriptType } of await named.execute()) yield { scriptType, scriptPath: '' }
  let page: { taskId: string; scriptPath: string }[]
  let after = ''
  do {
    page = await db
      .selectFrom('Tasks')
      .select(['taskId', 'scriptPath'])
      .where('scriptType', 'is', null)
      .where('taskId', '>', after)
      .orderBy('taskId')
      .limit(PAGE)
      .execute()
    for (const { scriptPath } of page) yield { scriptType: null, scriptPath }
    after = page.at(-1)?.taskId ?? ''
  } while (page.length === PAGE)
}

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
