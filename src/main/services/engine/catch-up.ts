import { jitterMs } from '../../../shared/domain/schedule.ts'
import type { RunRow } from '../../data/repos/runs.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'

/**
 * Caught-up slots are told by their times, without a column of their own: a slot on time may start at its
 * jitter exactly, one that was missed at its creation, which is later.
 */

type Jittered = Pick<TaskRow, 'taskId' | 'schedule'>

/** When the slot at `at` may start if it is on time, milliseconds since the epoch. */
export const jittered = ({ taskId, schedule }: Jittered, at: number): number => {
  const seconds = typeof schedule === 'object' ? (schedule?.jitterSeconds ?? 0) : 0
  return at + jitterMs(taskId, at, seconds)
}

/** When a missed slot may start: now, or where its jitter lies still ahead, right after that. */
export const caughtUpAt = (task: Jittered, at: number, now: number): number =>
  Math.max(now, jittered(task, at) + 1)

type Slotted = Pick<RunRow, 'scheduleId' | 'attempt' | 'scheduledFor' | 'notBefore'>

/** Whether a run is the first attempt of a slot that was missed. */
export const isCatchUp = (run: Slotted, task: Jittered): boolean =>
  run.scheduleId !== null &&
  run.attempt === 1 &&
  Date.parse(run.notBefore) > jittered(task, Date.parse(run.scheduledFor))
