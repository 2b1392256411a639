import { sql } from 'kysely'
import type { Query, Tx } from '../db.ts'
import { RUN_COLUMNS, type RunRecord, type RunRow } from './runs.ts'

/** What became of the slots of schedule rows. */

/** The newest row of a schedule row, whatever became of it. */
export const lastRunOfRow = (
  db: Query,
  scheduleId: string,
): Promise<Pick<RunRow, 'historyId' | 'state' | 'error'> | undefined> =>
  db
    .selectFrom('Task_History')
    .select(['historyId', 'state', 'error'])
    .where('scheduleId', '=', scheduleId)
    .orderBy('scheduledFor', 'desc')
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Whether a slot of a schedule row has its run already, whatever became of it. */
export const slotExists = async (tx: Tx, scheduleId: string, scheduledFor: string): Promise<boolean> => {
  const row = await tx
    .selectFrom('Task_History')
    .select('historyId')
    .where('scheduleId', '=', scheduleId)
    .where('scheduledFor', '=', scheduledFor)
    .where('attempt', '=', 1)
    .executeTakeFirst()
  return row !== undefined
}

/** Those of `times` whose slots have their run already, for one or several schedule rows. */
export const existingSlots = async (
  tx: Tx,
  scheduleIds: readonly string[],
  times: readonly string[],
): Promise<{ scheduleId: string | null; scheduledFor: string }[]> =>
  scheduleIds.length === 0 || times.length === 0
    ? []
    : tx
        .selectFrom('Task_History')
        .select(['scheduleId', 'scheduledFor'])
        .where('scheduleId', 'in', scheduleIds)
        .where('scheduledFor', 'in', times)
        .where('attempt', '=', 1)
        .execute()

/** Whether a retry followed the run. */
export const hasNextAttempt = async (
  db: Query,
  { scheduleId, scheduledFor, attempt }: Pick<RunRow, 'scheduleId' | 'scheduledFor' | 'attempt'>,
): Promise<boolean> =>
  scheduleId !== null &&
  (await findSlotRun(db, scheduleId, { scheduledFor, attempt: attempt + 1 })) !== undefined

/** The attempt that a retry followed. */
export const attemptBefore = (
  db: Query,
  { taskId, scheduleId, scheduledFor, attempt }: RunRecord,
): Promise<RunRecord | undefined> =>
  db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('taskId', '=', taskId)
    .where('scheduleId', scheduleId === null ? 'is' : '=', scheduleId)
    .where('scheduledFor', '=', scheduledFor)
    .where('attempt', '=', attempt - 1)
    .executeTakeFirst()

/** The run of a slot, by which a schedule row has one for each attempt only. */
export const findSlotRun = (
  db: Query,
  scheduleId: string,
  { scheduledFor, attempt }: Pick<RunRow, 'scheduledFor' | 'attempt'>,
): Promise<{ historyId: string } | undefined> =>
  db
    .selectFrom('Task_History')
    .select('historyId')
    .where('scheduleId', '=', scheduleId)
    .where('scheduledFor', '=', scheduledFor)
    .where('attempt', '=', attempt)
    .executeTakeFirst()

/** Counts further slots into a `Skipped` row. */
export const extendSkipped = async (tx: Tx, historyId: string, count: number, now: string): Promise<void> => {
  await tx
    .updateTable('Task_History')
    .set({ skippedCount: sql`${sql.ref('skippedCount')} + ${count}`, endTime: now, updatedAt: now })
    .where('historyId', '=', historyId)
    .execute()
}
