import { messageOf } from '../../../shared/domain/errors.ts'
import { isFinal, type FinalState } from '../../../shared/domain/run.ts'
import type { Log } from '../../platform/log.ts'
import type { OpenDatabase, Tx } from '../../data/db.ts'
import { findWholeRun, forgetOfflineRun, offlineRunIds } from '../../data/replica/offline-runs.ts'
import { lockRun, lockTask } from '../../data/repos/locks.ts'
import { findSlotRun, hasNextAttempt } from '../../data/repos/run-slots.ts'
import { insertRun, updateRun, type RunRow } from '../../data/repos/runs.ts'
import { findScheduleRow, updateScheduleRow, type ScheduleRowRow } from '../../data/repos/schedules.ts'
import { findTask, type TaskRow } from '../../data/repos/tasks.ts'
import { isoOf } from '../../platform/clock.ts'
import { noteOutcome } from '../engine/outcome.ts'
import { storingOutput, withLeftOut } from '../engine/oversize.ts'
import { isRefused } from './refused.ts'

/*
 * Runs of pinned tasks that this node made without the cluster database, with their true times. Each is delivered as it
 * is and once: what goes on is the cluster database's from then on, lease and all.
 */

export interface DeliverRunsDeps {
  centre: OpenDatabase
  replica: OpenDatabase
  leaseMs: number
  log: Log
}

const AT_ONCE = 50

/** @returns how many were delivered. @throws DatabaseFailure when the cluster database cannot be asked: they wait. */
export const deliverRuns = async (deps: DeliverRunsDeps, signal: AbortSignal): Promise<number> => {
  const { replica } = deps
  let delivered = 0
  for (;;) {
    const ids = await offlineRunIds(replica.look, AT_ONCE)
    if (ids.length === 0) break
    for (const historyId of ids) {
      signal.throwIfAborted()
      const run = await findWholeRun(replica.look, historyId)
      if (run) await deliverOrSay(deps, run)
      const isDone = await replica.write({ actor: 'system', applies: true }, (tx) =>
        forgetOfflineRun(tx, historyId, run),
      )
      if (isDone) delivered += 1
    }
  }
  return delivered
}

/** One that is refused must not keep the others, and the node, from their way back. */
const deliverOrSay = async (deps: DeliverRunsDeps, run: RunRow): Promise<void> => {
  const { output, outputBytes } = run
  const packed = output && { gzip: output, bytes: outputBytes ?? 0 }
  try {
    await storingOutput(packed, (kept, leftOut) =>
      deliverRun(deps, { ...run, output: kept, error: withLeftOut(run.error, leftOut) }),
    )
  } catch (error) {
    if (!isRefused(error)) throw error
    deps.log.error(`run ${run.historyId} is on the replica of this node only: ${messageOf(error)}`)
  }
}

const deliverRun = async ({ centre, replica, leaseMs }: DeliverRunsDeps, run: RunRow): Promise<void> => {
  const row = run.scheduleId ? await findScheduleRow(replica.look, run.scheduleId) : undefined
  const task = await findTask(replica.look, run.taskId)
  const isRetried = await hasNextAttempt(replica.look, run)
  await centre.write({ actor: 'system', durable: true }, async (tx) => {
    const now = await centre.now()
    // As claims and slots do: nobody decides by a task's runs meanwhile.
    const theirs = await lockTask(tx, run.taskId)
    const leaseUntil = run.state === 'Running' ? isoOf(Date.parse(now) + leaseMs) : null
    const isNews = await storeRun(tx, { ...run, leaseUntil, updatedAt: now })
    if (isNews && isFinal(run.state) && !isRetried)
      await noteOutcome(tx, { run, task: theirs, ...endOf(run, run.state), now })
    if (isNews && row) await moveRow(tx, run, { row, isSameSchedule: isSameSchedule(task, theirs) })
  })
}

const endOf = ({ error, exitCode, endTime, updatedAt }: RunRow, state: FinalState) => ({
  ...{ state, error, exitCode },
  endTime: endTime ?? updatedAt,
})

/**
 * One that was delivered before is brought up to date, unless it has gone on there: others gave it an end of their own,
 * or the replica was restored from an old copy. Answers whether there was anything to tell.
 */
const storeRun = async (tx: Tx, row: RunRow): Promise<boolean> => {
  const { historyId, ...fields } = row
  const there = (await lockRun(tx, historyId))?.run
  if (!there) return insertDelivered(tx, row)
  if (!isBehind(there, row)) return false
  const { stopRequestedAt, stopRequestedBy } = there
  // Somebody may have asked there to stop it: who asked first stands.
  const asked = stopRequestedAt === null ? {} : { stopRequestedAt, stopRequestedBy }
  await updateRun(tx, historyId, { state: there.state }, { ...fields, ...asked })
  return true
}

/**
 * A task that was moved to another node meanwhile had its slots there too. Then the run of this node is kept as
 * evidence, outside of the schedule: it counts for nothing. Answers whether the schedule is to be told of it.
 */
const insertDelivered = async (tx: Tx, row: RunRow): Promise<boolean> => {
  const other = row.scheduleId === null ? undefined : await findSlotRun(tx, row.scheduleId, row)
  if (!other) {
    await insertRun(tx, row)
    return true
  }
  const error = `its slot was also run as ${other.historyId}: this node was cut off, and the task was moved to another one`
  const waited = row.state === 'Queued' ? { state: 'Stopped' as const, endTime: row.updatedAt } : {}
  await insertRun(tx, {
    ...row,
    ...waited,
    scheduleId: null,
    error: [error, row.error].filter(Boolean).join('; '),
  })
  return false
}

type Stage = Pick<RunRow, 'state' | 'skippedCount' | 'incarnation'>

const isBehind = (there: Stage, here: Stage): boolean => {
  if (there.state === 'Queued') return true
  // Only who holds it knows of its end.
  if (there.state === 'Running') return here.state !== 'Queued' && here.incarnation === there.incarnation
  return there.state === 'Skipped' && (here.skippedCount ?? 1) > (there.skippedCount ?? 1)
}

const isSameSchedule = (here: TaskRow | undefined, there: TaskRow | undefined): boolean =>
  here !== undefined &&
  there !== undefined &&
  here.timeZone === there.timeZone &&
  JSON.stringify(here.schedule) === JSON.stringify(there.schedule)

/**
 * What the row shows, and its next slot: nobody else has made slots of a pinned task. A slot before the first one that
 * ran here was left to the cluster database (offline.ts): its misfire policy decides on it.
 */
const moveRow = async (
  tx: Tx,
  run: RunRow,
  { row, isSameSchedule }: { row: ScheduleRowRow; isSameSchedule: boolean },
): Promise<void> => {
  const there = await findScheduleRow(tx, row.scheduleId)
  if (!there) return
  const { lastRun, lastState, lastHistoryId, isRunning, runningOnNode, startedAt } = row
  const isFollowed = there.nextRun !== null && there.nextRun >= run.scheduledFor
  const nextRun = isSameSchedule && isFollowed ? later(row.nextRun, there.nextRun) : there.nextRun
  await updateScheduleRow(tx, row.scheduleId, {
    ...{ nextRun, lastRun, lastState, lastHistoryId, isRunning, runningOnNode, startedAt },
    totalRuns: Math.max(row.totalRuns, there.totalRuns),
    successCount: Math.max(row.successCount, there.successCount),
    failureCount: Math.max(row.failureCount, there.failureCount),
  })
}

/** A schedule that has no further slot is over. */
const later = (here: string | null, there: string | null): string | null =>
  here === null || there === null || here > there ? here : there
