import { groupBy } from '../../../shared/domain/group-by.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { Tx } from '../../data/db.ts'
import { activeRunsOf, type RunRecord } from '../../data/repos/runs.ts'
import {
  scheduleRowsOf,
  scheduleRowsOfTasks,
  showOnRows,
  updateScheduleRow,
  type ScheduleRowRow,
} from '../../data/repos/schedules.ts'

/** What schedule rows show of runs; nothing decides by it. */

type Shown = Pick<RunRecord, 'historyId' | 'taskId' | 'scheduleId' | 'nodeId' | 'startTime'>

/** A manual run has no schedule row of its own: it is shown on the node's, else on the task's. */
const rowFor = (rows: readonly ScheduleRowRow[], run: Shown): ScheduleRowRow | undefined =>
  rows.find((row) => row.scheduleId === run.scheduleId) ??
  rows.find((row) => row.nodeId === run.nodeId) ??
  rows.find((row) => row.nodeId === '')

/** These were claimed now, together and by one node. */
export const showRunning = async (tx: Tx, runs: readonly Shown[]): Promise<void> => {
  const [first] = runs
  if (!first) return
  const started = {
    isRunning: true,
    runningOnNode: first.nodeId,
    startedAt: first.startTime,
    lastRun: first.startTime,
  }
  const own = new Map<string, string>()
  for (const run of runs) if (run.scheduleId !== null) own.set(run.scheduleId, run.historyId)
  const written = await showOnRows(tx, own, started)
  // A row may have gone since its slot came.
  const others = written < own.size ? runs : runs.filter((run) => run.scheduleId === null)
  if (others.length > 0) await showOnRows(tx, await rowsFor(tx, others), started)
}

/** @returns which of the runs each row shows: of several the last one. */
const rowsFor = async (tx: Tx, runs: readonly Shown[]): Promise<Map<string, string>> => {
  const rows = groupBy(
    await scheduleRowsOfTasks(tx, [...new Set(runs.map((run) => run.taskId))]),
    (row) => row.taskId,
  )
  const shown = new Map<string, string>()
  for (const run of runs) {
    const row = rowFor(rows.get(run.taskId) ?? [], run)
    if (row) shown.set(row.scheduleId, run.historyId)
  }
  return shown
}

/**
 * This one runs no more; `state` null: it waits again.
 * @returns the row it is shown on.
 */
export const showEnded = async (
  tx: Tx,
  run: Shown,
  state: RunState | null,
): Promise<ScheduleRowRow | undefined> => {
  const row = rowFor(await scheduleRowsOf(tx, run.taskId), run)
  if (!row) return undefined
  const [other] = (await activeRunsOf(tx, [run.taskId])).filter(
    (one) => one.state === 'Running' && isOn(row, one),
  )
  const isNewest = row.lastHistoryId === run.historyId || row.lastHistoryId === null
  const ended = { lastState: state, lastHistoryId: run.historyId, lastRun: run.startTime }
  await updateScheduleRow(tx, row.scheduleId, {
    isRunning: other !== undefined,
    runningOnNode: other?.nodeId ?? null,
    startedAt: other?.startTime ?? null,
    ...(isNewest && state !== null ? ended : {}),
  })
  return row
}

const isOn = (row: ScheduleRowRow, run: { targetNodeId: string | null; nodeId: string | null }): boolean =>
  row.nodeId === '' || run.targetNodeId === row.nodeId || run.nodeId === row.nodeId
