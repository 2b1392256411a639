import type { Tx } from '../../data/db.ts'
import { activeRuns, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import { countSlot } from '../../data/repos/schedules.ts'
import { endWaiting } from '../../data/repos/stops.ts'

/** Waiting runs that will not start: they end as `Stopped`, with the reason; nothing is retried. */

export interface Cancellation {
  tx: Tx
  now: string
  actor: string
}

const ended = ({ now, actor }: Cancellation, reason: string) => ({
  state: 'Stopped' as const,
  ...{ endTime: now, error: reason, stopRequestedAt: now, stopRequestedBy: actor, updatedAt: now },
})

/** A slot whose earlier attempts ran counts, and counts as not done; one that never started does not. */
const countCancelled = async (tx: Tx, { scheduleId, attempt }: RunRecord): Promise<void> => {
  if (scheduleId !== null && attempt > 1) await countSlot(tx, scheduleId, false)
}

/** @returns false when the run does not wait any more. */
export const cancelRun = async (context: Cancellation, run: RunRecord, reason: string): Promise<boolean> => {
  const held = { state: 'Queued' } as const
  const cancelled = await updateRun(context.tx, run.historyId, held, ended(context, reason))
  if (cancelled) await countCancelled(context.tx, run)
  return cancelled
}

/** Waiting runs that this transaction has locked (`lockWaiting`), all at once. */
export const cancelLocked = async (
  context: Cancellation,
  waiting: readonly RunRecord[],
  reason: string,
): Promise<void> => {
  const ids = waiting.map((run) => run.historyId)
  await endWaiting(context.tx, ids, ended(context, reason))
  for (const run of waiting) await countCancelled(context.tx, run)
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
