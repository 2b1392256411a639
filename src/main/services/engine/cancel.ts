import type { Tx } from '../../data/db.ts'
import { activeRuns, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import { countSlot } from '../../data/repos/schedules.ts'

/** Waiting runs that will not start: they end as `Stopped`, with the reason; nothing is retried. */

export interface Cancellation {
  tx: Tx
  now: string
  actor: string
}

/** @returns false when the run does not wait any more. */
export const cancelRun = async (
  { tx, now, actor }: Cancellation,
  run: RunRecord,
  reason: string,
): Promise<boolean> => {
  const cancelled = await updateRun(
    tx,
    run.historyId,
    { state: 'Queued' },
    {
      state: 'Stopped',
      endTime: now,
      error: reason,
      stopRequestedAt: now,
      stopRequestedBy: actor,
      updatedAt: now,
    },
  )
  // A slot whose earlier attempts ran counts, and counts as not done; one that never started does not.
  if (cancelled && run.scheduleId && run.attempt > 1) await countSlot(tx, run.scheduleId, false)
  return cancelled
}

/** The waiting runs of a task that `which` picks. */
export const cancelQueued = async (
  context: Cancellation,
  taskId: string,
  reason: string,
  which: (run: RunRecord) => boolean = () => true,
): Promise<void> => {
  for (const run of await activeRuns(context.tx, taskId))
    if (run.state === 'Queued' && which(run)) await cancelRun(context, run, reason)
}
