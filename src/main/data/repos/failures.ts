import type { ExpressionBuilder, Insertable, Selectable, Updateable } from 'kysely'
import type { Page } from '../../../shared/domain/fields.ts'
import type { FailureFilter } from '../../../shared/domain/failure.ts'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { beyond, decodeCursor, pageOf } from '../paging.ts'

/** Task_Failure: what fails since when, folded by task. */

export type FailureRow = Selectable<Tables['Task_Failure']>
export type FailureFields = Updateable<Tables['Task_Failure']>

export const insertFailure = async (tx: Tx, row: Insertable<Tables['Task_Failure']>): Promise<void> => {
  await tx.insertInto('Task_Failure').values(row).execute()
}

export const updateFailure = async (tx: Tx, failureId: string, fields: FailureFields): Promise<void> => {
  await tx.updateTable('Task_Failure').set(fields).where('failureId', '=', failureId).execute()
}

export const findFailure = (db: Query, failureId: string): Promise<FailureRow | undefined> =>
  db.selectFrom('Task_Failure').selectAll().where('failureId', '=', failureId).executeTakeFirst()

/** Waits for whoever writes one of them; in the order of their ids. */
export const lockFailures = (tx: Tx, failureIds: readonly string[]): Promise<FailureRow[]> =>
  tx
    .selectFrom('Task_Failure')
    .selectAll()
    .where('failureId', 'in', failureIds)
    .orderBy('failureId')
    .forUpdate()
    .execute()

/** That goes on, or that nobody has seen. */
export const isUnsettled = (where: ExpressionBuilder<Tables, 'Task_Failure'>) =>
  where.or([where('recoveredAt', 'is', null), where('acknowledgedAt', 'is', null)])

/**
 * The one that goes on, else one that has recovered and that nobody has seen; whoever asks has the task locked
 * (locks.ts).
 */
export const failureOf = async (
  tx: Tx,
  { taskId, nodeId }: Pick<FailureRow, 'taskId' | 'nodeId'>,
): Promise<FailureRow | undefined> => {
  const rows = await tx
    .selectFrom('Task_Failure')
    .selectAll()
    .where('taskId', '=', taskId)
    .where('nodeId', nodeId === null ? 'is' : '=', nodeId)
    .where(isUnsettled)
    .orderBy('lastAt', 'desc')
    .execute()
  return rows.find((row) => row.recoveredAt === null) ?? rows[0]
}

/** All that go on of a task, in the order of their ids. */
export const lockFailing = (tx: Tx, taskId: string): Promise<FailureRow[]> =>
  tx
    .selectFrom('Task_Failure')
    .selectAll()
    .where('taskId', '=', taskId)
    .where('recoveredAt', 'is', null)
    .orderBy('failureId')
    .forUpdate()
    .execute()

/** The same for several that are locked. */
export const updateFailures = async (
  tx: Tx,
  failureIds: readonly string[],
  fields: Omit<FailureFields, 'version'>,
): Promise<void> => {
  if (failureIds.length === 0) return
  await tx
    .updateTable('Task_Failure')
    .set((row) => ({ ...fields, version: row('version', '+', 1) }))
    .where('failureId', 'in', failureIds)
    .execute()
}

/** The latest first. */
export const listFailures = async (db: Query, filter: FailureFilter): Promise<Page<FailureRow>> => {
  const { show, task, node, cursor, limit } = filter
  let query = db.selectFrom('Task_Failure').selectAll()
  if (show === 'open') query = query.where('acknowledgedAt', 'is', null)
  if (show === 'acknowledged') query = query.where('acknowledgedAt', 'is not', null)
  if (show === 'failing') query = query.where('recoveredAt', 'is', null)
  if (task?.length) query = query.where('taskId', 'in', task)
  if (node?.length) query = query.where('nodeId', 'in', node)
  if (cursor) query = query.where(beyond(['lastAt', 'failureId'], '<', decodeCursor(cursor, 2).map(String)))
  const rows = await query
    .orderBy('lastAt', 'desc')
    .orderBy('failureId', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, (row) => [row.lastAt, row.failureId])
}

/** @param since from when on acknowledged ones are counted. */
export const countFailures = async (
  db: Query,
  since: string,
): Promise<{ open: number; failing: number; acknowledged: number }> => {
  const counted = db.selectFrom('Task_Failure').select(({ fn }) => fn.countAll<number | string>().as('count'))
  const open = counted.where('acknowledgedAt', 'is', null)
  const row = await db
    .selectNoFrom([
      open.as('open'),
      open.where('recoveredAt', 'is', null).as('failing'),
      counted.where('acknowledgedAt', '>=', since).as('acknowledged'),
    ])
    .executeTakeFirstOrThrow()
  return {
    open: Number(row.open),
    failing: Number(row.failing),
    acknowledged: Number(row.acknowledged),
  }
}
