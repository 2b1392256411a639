import { sql, type ExpressionBuilder, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { Query, Tx } from '../db.ts'
import { mayTake, type Taker } from './taker.ts'

export type ScheduleRowRow = Selectable<Tables['Task_Schedule']>

export const scheduleRowsOf = (db: Query, taskId: string): Promise<ScheduleRowRow[]> =>
  db.selectFrom('Task_Schedule').selectAll().where('taskId', '=', taskId).orderBy('nodeId').execute()

export const insertScheduleRow = async (tx: Tx, row: Insertable<Tables['Task_Schedule']>): Promise<void> => {
  await tx.insertInto('Task_Schedule').values(row).execute()
}

export const updateScheduleRow = async (
  tx: Tx,
  scheduleId: string,
  fields: Updateable<Tables['Task_Schedule']>,
): Promise<void> => {
  await tx.updateTable('Task_Schedule').set(fields).where('scheduleId', '=', scheduleId).execute()
}

/**
 * Rows that each show another run now; `fields` are the same for all.
 * @param shown the run of each row: HistoryID by ScheduleID
 * @returns how many of the rows there are.
 */
export const showOnRows = async (
  tx: Tx,
  shown: ReadonlyMap<string, string>,
  fields: Updateable<Tables['Task_Schedule']>,
): Promise<number> => {
  // In one order everywhere: runs of a task that may run side by side are claimed by several nodes at once.
  const [first, ...rest] = [...shown].sort(([a], [b]) => (a < b ? -1 : 1))
  if (!first) return 0
  const result = await tx
    .updateTable('Task_Schedule')
    .set((eb) => {
      let run = eb.case('scheduleId').when(first[0]).then(first[1])
      for (const [scheduleId, historyId] of rest) run = run.when(scheduleId).then(historyId)
      return { ...fields, lastHistoryId: run.end() }
    })
    .where(
      'scheduleId',
      'in',
      [first, ...rest].map(([scheduleId]) => scheduleId),
    )
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export const deleteScheduleRows = async (tx: Tx, scheduleIds: readonly string[]): Promise<void> => {
  if (scheduleIds.length === 0) return
  await tx.deleteFrom('Task_Schedule').where('scheduleId', 'in', scheduleIds).execute()
}

/**
 * A test and not a join: a join would begin with every enabled task (SQLite, without statistics), at each look
 * at the clock.
 */
const ofEnabledTask = (where: ExpressionBuilder<Tables & { s: Tables['Task_Schedule'] }, 's'>) =>
  where.exists(
    where
      .selectFrom('Tasks as t')
      .select('t.taskId')
      .whereRef('t.taskId', '=', 's.taskId')
      .where('t.enabled', '=', true),
  )

/** As `ofEnabledTask`, of those that the taker may run. */
const ofTaskFor =
  (taker: Taker) => (where: ExpressionBuilder<Tables & { s: Tables['Task_Schedule'] }, 's'>) =>
    where.exists(
      where
        .selectFrom('Tasks as t')
        .select('t.taskId')
        .whereRef('t.taskId', '=', 's.taskId')
        .where('t.enabled', '=', true)
        .where((task) => mayTake(task, taker)),
    )

/** A row for any node, or its own. */
const ofAnyOr = (taker: Taker): string[] => ['', taker.nodeId]

/**
 * Rows whose next slot has come, of enabled tasks that this node may run, earliest first; locked, without those that
 * others have locked. Others stay due until a node that may run them looks.
 */
export const dueScheduleRows = (
  tx: Tx,
  now: string,
  limit: number,
  taker: Taker,
): Promise<ScheduleRowRow[]> =>
  tx
    .selectFrom('Task_Schedule as s')
    .selectAll('s')
    .where('s.nextRun', '<=', now)
    .where('s.nodeId', 'in', ofAnyOr(taker))
    .where(ofTaskFor(taker))
    .orderBy('s.nextRun')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()

/** Rows of enabled tasks that fall due before `until`, earliest first, with what their slots are computed from. */
export const rowsDueBefore = (db: Query, until: string, limit: number) =>
  db
    .selectFrom('Task_Schedule as s')
    .innerJoin('Tasks as t', 't.taskId', 's.taskId')
    .select(['t.taskId', 't.taskName', 't.schedule', 't.timeZone', 's.nextRun'])
    .where('s.nextRun', '<', until)
    .where(ofEnabledTask)
    .orderBy('s.nextRun')
    .limit(limit)
    .execute()

/** Of which tasks rows are asked for: of one, of those that a node may run (its own rows and those of any). */
export interface AskedRows {
  taskId?: string | undefined
  taker?: Taker | undefined
}

/** As `rowsDueBefore`, with what tells where their runs go and what they may run beside. */
export const rowsToPlan = (db: Query, until: string, limit: number, { taskId, taker }: AskedRows = {}) => {
  let rows = db
    .selectFrom('Task_Schedule as s')
    .innerJoin('Tasks as t', 't.taskId', 's.taskId')
    .select(['s.nodeId', 't.taskId', 't.taskName', 't.appName', 't.schedule', 't.timeZone'])
    .select(['t.assignedNodeId', 't.assignedNodeGroup', 't.assignedNodeRole', 't.runOn'])
    .select(['t.scriptType', 't.scriptPath', 't.overlapPolicy', 't.limits'])
    .where('s.nextRun', '<', until)
    .where(taker ? ofTaskFor(taker) : ofEnabledTask)
    .orderBy('s.nextRun')
    .limit(limit)
  if (taskId !== undefined) rows = rows.where('s.taskId', '=', taskId)
  if (taker) rows = rows.where('s.nodeId', 'in', ofAnyOr(taker))
  return rows.execute()
}
export type RowToPlan = Awaited<ReturnType<typeof rowsToPlan>>[number]

/** Moves NextRun on if nobody else did: whoever gets `true` creates the slot. */
export const advanceNextRun = async (
  tx: Tx,
  scheduleId: string,
  from: string,
  to: string | null,
): Promise<boolean> => {
  const result = await tx
    .updateTable('Task_Schedule')
    .set({ nextRun: to })
    .where('scheduleId', '=', scheduleId)
    .where('nextRun', '=', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Moves NextRun of rows on that this transaction has locked. */
export const advanceNextRuns = async (
  tx: Tx,
  scheduleIds: readonly string[],
  to: string | null,
): Promise<void> => {
  await tx.updateTable('Task_Schedule').set({ nextRun: to }).where('scheduleId', 'in', scheduleIds).execute()
}

export const scheduleRowsOfTasks = (db: Query, taskIds: readonly string[]): Promise<ScheduleRowRow[]> =>
  taskIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('Task_Schedule').selectAll().where('taskId', 'in', taskIds).orderBy('nodeId').execute()

/** Rows with a next slot, of enabled tasks that this node may run, soonest first. */
const nextRows = (db: Query, taker: Taker, limit: number) =>
  db
    .selectFrom('Task_Schedule as s')
    .where('s.nextRun', 'is not', null)
    .where('s.nodeId', 'in', ofAnyOr(taker))
    .where(ofTaskFor(taker))
    .orderBy('s.nextRun')
    .limit(limit)

/** When the next slot of an enabled task that this node may run is due, for the loop's sleep. */
export const earliestNextRun = async (db: Query, taker: Taker): Promise<string | null> => {
  const row = await nextRows(db, taker, 1).select('s.nextRun').executeTakeFirst()
  return row?.nextRun ?? null
}

/** Which tasks that this node may run are due next, and when; one for which two rows stand comes twice. */
export const nextRowsFor = (
  db: Query,
  taker: Taker,
  limit: number,
): Promise<Pick<ScheduleRowRow, 'taskId' | 'nextRun'>[]> =>
  nextRows(db, taker, limit).select(['s.taskId', 's.nextRun']).execute()

/** Counts one settled slot: its last attempt ended and no retry follows. */
export const countSlot = async (tx: Tx, scheduleId: string, success: boolean): Promise<void> => {
  const column = success ? 'successCount' : 'failureCount'
  await tx
    .updateTable('Task_Schedule')
    .set({ totalRuns: sql`${sql.ref('totalRuns')} + 1`, [column]: sql`${sql.ref(column)} + 1` })
    .where('scheduleId', '=', scheduleId)
    .execute()
}

export const findScheduleRow = (db: Query, scheduleId: string): Promise<ScheduleRowRow | undefined> =>
  db.selectFrom('Task_Schedule').selectAll().where('scheduleId', '=', scheduleId).executeTakeFirst()

/** Rows of enabled tasks whose next slot lies after `time`, by id, with what tells their slots. */
export const rowsScheduledAfter = (db: Query, options: { time: string; afterId: string; limit: number }) =>
  db
    .selectFrom('Task_Schedule as s')
    .innerJoin('Tasks as t', 't.taskId', 's.taskId')
    .select(['s.scheduleId', 's.nextRun', 't.taskId', 't.schedule', 't.timeZone'])
    .where('s.nextRun', '>', options.time)
    .where('s.scheduleId', '>', options.afterId)
    .where('t.enabled', '=', true)
    .orderBy('s.scheduleId')
    .limit(options.limit)
    .execute()

/** The schedule rows whose slots come next, of enabled tasks, for any node or for this one. */
export const upcomingRows = (
  db: Query,
  nodeId: string,
  limit: number,
): Promise<Pick<ScheduleRowRow, 'taskId' | 'nextRun' | 'isRunning'>[]> =>
  db
    .selectFrom('Task_Schedule as s')
    .innerJoin('Tasks as t', 't.taskId', 's.taskId')
    .select(['s.taskId', 's.nextRun', 's.isRunning'])
    .where('s.nextRun', 'is not', null)
    .where('s.nodeId', 'in', ['', nodeId])
    .where('t.enabled', '=', true)
    .orderBy('s.nextRun')
    .limit(limit)
    .execute()
