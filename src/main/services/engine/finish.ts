import { effectiveRunOn, targetRefusal } from '../../../shared/domain/assignment.ts'
import { retryDelayMs } from '../../../shared/domain/retry.ts'
import type { FinalState } from '../../../shared/domain/run.ts'
import type { Tx } from '../../data/db.ts'
import { lockRun, type LockedRun } from '../../data/repos/locks.ts'
import { insertRun, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import { countSlot, findScheduleRow } from '../../data/repos/schedules.ts'
import type { TaskRow } from '../../data/repos/tasks.ts'
import { findNode } from '../../data/repos/nodes.ts'
import { isoOf } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import { upkeepScheduleRows } from '../tasks/schedule-rows.ts'
import { newRun } from './new-run.ts'
import { noteOutcome, type Outcome } from './outcome.ts'
import { MAX_ERROR } from './oversize.ts'
import { showEnded } from './shown-state.ts'

/** The end of a run: its result, its schedule row, and the retry its policy asks for. */

export interface Ending {
  historyId: string
  incarnation: string
  state: FinalState
  exitCode: number | null
  error: string | null
  startTime: string | null
  endTime: string
  /** gzip */
  output: Uint8Array | null
  outputBytes: number | null
  scriptHash?: string | null
}

/**
 * What became of a result: the run's state; known already (delivered before a crash, or twice); late, for the
 * run has another state; or gone with its run.
 */
export type Delivered = 'stored' | 'known' | 'late' | 'gone'

/**
 * Stores the result if this incarnation still holds the run. A late result (someone declared the run Lost
 * meanwhile) is kept as evidence, never as state.
 */
export const finishRun = async (tx: Tx, given: Ending, now: string): Promise<Delivered> => {
  const ending = { ...given, error: given.error?.slice(0, MAX_ERROR) ?? null }
  const locked = await lockRun(tx, ending.historyId)
  if (!locked) return 'gone'
  const { run, task } = locked
  if (isStored(run, ending)) return 'known'
  const startTime = ending.startTime ?? run.startTime
  const finished = await updateRun(
    tx,
    ending.historyId,
    { state: 'Running', incarnation: ending.incarnation },
    {
      state: ending.state,
      exitCode: ending.exitCode,
      error: ending.error,
      startTime,
      // Lists are ordered by the true start; a claim knows only when it was made.
      ...(startTime ? { sortTime: startTime } : {}),
      endTime: ending.endTime,
      duration: startTime ? Math.max(0, Date.parse(ending.endTime) - Date.parse(startTime)) : null,
      output: ending.output,
      outputBytes: ending.outputBytes,
      leaseUntil: null,
      updatedAt: now,
      ...(ending.scriptHash === undefined ? {} : { scriptHash: ending.scriptHash }),
    },
  )
  if (finished) await settle(tx, { run: { ...run, startTime }, task }, { ...ending, now })
  else await keepEvidence(tx, run, ending, now)
  return finished ? 'stored' : 'late'
}

const isStored = (run: RunRecord, ending: Ending): boolean =>
  run.incarnation === ending.incarnation && run.state === ending.state && run.endTime === ending.endTime

const keepEvidence = async (tx: Tx, run: RunRecord, ending: Ending, now: string): Promise<void> => {
  const said = `late result: ${ending.state}${ending.exitCode === null ? '' : `, exit code ${ending.exitCode}`} at ${ending.endTime}`
  if (run.error?.includes('late result:')) return
  const evidence = { error: [run.error, said].filter(Boolean).join(' · '), updatedAt: now }
  await updateRun(
    tx,
    run.historyId,
    { state: run.state },
    run.outputBytes === null
      ? { ...evidence, output: ending.output, outputBytes: ending.outputBytes }
      : evidence,
  )
}

/** After the state of a run is final: retry or count the slot, show it on the schedule row, and note what it means. */
export const settle = async (
  tx: Tx,
  { run, task }: LockedRun,
  ended: Pick<Outcome, 'state' | 'error' | 'exitCode' | 'endTime' | 'now'>,
): Promise<void> => {
  const { state, endTime, now } = ended
  const retries = task && wantsRetry(task, run) && (await isTargeted(tx, task, run.targetNodeId))
  const delay = retries ? retryDelayMs(task, run.attempt, state) : null
  if (task && delay !== null) await insertRun(tx, retryOf(task, run, isoOf(Date.parse(endTime) + delay), now))
  const row = await showEnded(tx, run, state)
  if (delay === null && row && run.scheduleId === row.scheduleId)
    await countSlot(tx, row.scheduleId, state === 'Success')
  if (task && delay === null) await retireRow(tx, task, run.scheduleId, now)
  if (delay === null) await noteOutcome(tx, { ...ended, run, task })
}

/** A run that belongs to one node is tried again only while that node is there, and in the task's target. */
const isTargeted = async (tx: Tx, task: TaskRow, targetNodeId: string | null): Promise<boolean> => {
  const nodeId = targetNodeId ?? task.assignedNodeId
  if (nodeId === null) return true
  const node = await findNode(tx, nodeId)
  return node !== undefined && node.isActive && targetRefusal(task, node) === null
}

/** A row outside the target was kept for its last run only. */
const retireRow = async (tx: Tx, task: TaskRow, scheduleId: string | null, now: string): Promise<void> => {
  if (scheduleId === null || task.schedule === null) return
  const row = await findScheduleRow(tx, scheduleId)
  if (row?.nextRun === null)
    await upkeepScheduleRows(tx, task, { now, actor: systemCaller.actor, restart: false })
}

/** A disabled task's schedule is not retried, what someone started by hand is; nor is what someone stopped. */
const wantsRetry = (task: TaskRow, run: RunRecord): boolean =>
  run.stopRequestedAt === null && (task.enabled || run.scheduleId === null)

const retryOf = (task: TaskRow, run: RunRecord, notBefore: string, now: string) =>
  newRun(task, {
    scheduleId: run.scheduleId,
    // An All row's retry stays on its node; so does a manual run that named one.
    targetNodeId: run.targetNodeId ?? (effectiveRunOn(task) === 'All' ? run.nodeId : null),
    scheduledFor: run.scheduledFor,
    notBefore,
    attempt: run.attempt + 1,
    triggeredBy: 'Retry',
    requestedBy: run.requestedBy,
    parameters: run.parameters,
    sortTime: notBefore,
    now,
  })
