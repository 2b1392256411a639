import type { Tx } from '../../data/db.ts'
import { extendSkipped, lastRunOfRow, slotExists } from '../../data/repos/run-slots.ts'
import { insertRun } from '../../data/repos/runs.ts'
import { updateScheduleRow, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { newRun } from './new-run.ts'

export interface Skipped {
  task: TaskRow
  row: ScheduleRowRow
  now: string
  /** The first slot left out. */
  firstAt: string
  count: number
  reason: string
}

/** Consecutive skips of a schedule row fold into one `Skipped` run that counts them (DESIGN §5). */
export const foldSkipped = async (tx: Tx, skipped: Skipped): Promise<void> => {
  const { task, row, now } = skipped
  const last = await lastRunOfRow(tx, row.scheduleId)
  if (last?.state === 'Skipped' && last.error === skipped.reason) {
    await extendSkipped(tx, last.historyId, skipped.count, now)
    return
  }
  // A slot that has its run already (the clock was set back) is not also skipped.
  if (await slotExists(tx, row.scheduleId, skipped.firstAt)) return
  const run = newRun(task, {
    scheduleId: row.scheduleId,
    targetNodeId: row.nodeId || null,
    scheduledFor: skipped.firstAt,
    notBefore: skipped.firstAt,
    triggeredBy: 'Schedule',
    state: 'Skipped',
    endTime: now,
    skippedCount: skipped.count,
    error: skipped.reason,
    now,
  })
  await insertRun(tx, run)
  if (!row.isRunning)
    await updateScheduleRow(tx, row.scheduleId, { lastState: 'Skipped', lastHistoryId: run.historyId })
}
