import { groupBy } from '../../../shared/domain/group-by.ts'
import type { RunState } from '../../../shared/domain/run.ts'
import type { Tx } from '../../data/db.ts'
import { activeRunsOf, type RunRecord } from '../../data/repos/runs.ts'
import {
  scheduleRowsOf,
  scheduleRowsOfTasks,
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

/** These were claimed now. */
export const showRunning = async (tx: Tx, runs: readonly Shown[]): Promise<void> => {
  const rows = groupBy(
    await scheduleRowsOfTasks(tx, [...new Set(runs.map((run) => run.taskId))]),
    (row) => row.taskId,
  )
  const shown = runs.flatMap((run) => {
    const row = rowFor(rows.get(run.taskId) ?? [], run)
    return row ? [{ run, row }] : []
  })
  // In one order everywhere: runs of a task that may run side by side are claimed by several nodes at once.
  shown.sort((a, b) => (a.row.scheduleId < b.row.scheduleId ? -1 : 1))
  for (const { run, row } of shown) {
    await updateScheduleRow(tx, row.scheduleId, {
      isRunning: true,
      runningOnNode: run.nodeId,
      startedAt: run.startTime,
      lastRun: run.startTime,
      lastHistoryId: run.historyId,
    })
  }
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
