import { isFinal } from '../../../shared/domain/run.ts'
import type { Tx } from '../../data/db.ts'
import { activeRuns, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import { attemptBefore } from '../../data/repos/run-slots.ts'
import { countSlot } from '../../data/repos/schedules.ts'
import { endWaiting } from '../../data/repos/stops.ts'
import { findTask } from '../../data/repos/tasks.ts'
import { noteOutcome } from './outcome.ts'

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

/** A slot whose earlier attempts ran has failed, for nothing tries it again; one that never started has not. */
const settleCancelled = async ({ tx, now }: Cancellation, run: RunRecord): Promise<void> => {
  if (run.attempt === 1) return
  if (run.scheduleId !== null) await countSlot(tx, run.scheduleId, false)
  const failed = await attemptBefore(tx, run)
  if (!failed || !isFinal(failed.state)) return
  const { state, error, exitCode, updatedAt } = failed
  const task = await findTask(tx, run.taskId)
  const endTime = failed.endTime ?? updatedAt
  await noteOutcome(tx, { run: failed, task, state, error, exitCode, endTime, now })
}

/** @returns false when the run does not wait any more. */
export const cancelRun = async (context: Cancellation, run: RunRecord, reason: string): Promise<boolean> => {
  const held = { state: 'Queued' } as const
  const cancelled = await updateRun(context.tx, run.historyId, held, ended(context, reason))
  if (cancelled) await settleCancelled(context, run)
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
  for (const run of waiting) await settleCancelled(context, run)
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
