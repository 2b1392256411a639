import type { Selectable } from 'kysely'
import { readInfo, writeInfo } from '../cluster-info.ts'
import { isoOf } from '../../platform/clock.ts'
import { knownColumns } from '../columns.ts'
import type { OpenDatabase, Query, Tx } from '../db.ts'
import { scheduleRowsOfTasks } from '../repos/schedules.ts'
import type { Tables } from '../entities/index.ts'

/*
 * What travels as it is now, not as changes: heartbeats and states of nodes, emergency stops, lock groups, runs without
 * their output, and where the schedule rows of those runs, and of the tasks that are pinned to the node, stand. Read
 * from the cluster database by what was written lately, laid over the replica.
 */

type RunRow = Selectable<Tables['Task_History']>
type ScheduleRow = Selectable<Tables['Task_Schedule']>

/** Runs of one look: more come with the next one. */
const RUNS_AT_ONCE = 500
/** Rows carry the time they were written at, not the one at which they could be seen. */
const OVERLAP_MS = 10_000

export interface LatestState {
  nodes: Selectable<Tables['Nodes']>[]
  states: Selectable<Tables['Node_State']>[]
  runs: RunRow[]
  schedules: ScheduleRow[]
  holds: Selectable<Tables['Cluster_Hold']>[]
  locks: Selectable<Tables['Task_Lock']>[]
  /** Where the next look begins. */
  since: string
  /** Whether there are more runs than one look takes. */
  more: boolean
}

/** Where the next look at runs begins, by the cluster's clock; null: there was none yet. */
export const runsSeenUntil = async (replica: Query): Promise<string | null> => {
  const until = await readInfo(replica, 'RunsSeenUntil')
  return until === undefined ? null : moved(until, -OVERLAP_MS)
}

/** What was written since then, which is what the look before answered; at first how far back runs are wanted. */
export const readLatestState = async (
  db: OpenDatabase,
  { since, nodeId }: { since: string; nodeId: string },
): Promise<LatestState> => {
  const [nodes, states, holds, locks, runs] = await Promise.all([
    db.read.selectFrom('Nodes').selectAll().execute(),
    db.read.selectFrom('Node_State').selectAll().execute(),
    db.read.selectFrom('Cluster_Hold').selectAll().where('releasedAt', 'is', null).execute(),
    db.read.selectFrom('Task_Lock').selectAll().execute(),
    readRuns(db, since),
  ])
  const taskIds = [...new Set(runs.map((run) => run.taskId))]
  const schedules = [
    ...(taskIds.length === 0 ? [] : await scheduleRowsOfTasks(db.read, taskIds)),
    ...(await pinnedRows(db.read, nodeId)),
  ]
  const last = runs.at(-1)?.updatedAt ?? since
  const isFull = runs.length >= RUNS_AT_ONCE
  return {
    nodes,
    states: states.map((row) => knownColumns('Node_State', row)),
    holds: holds.map((row) => knownColumns('Cluster_Hold', row)),
    locks: locks.map((row) => knownColumns('Task_Lock', row)),
    runs,
    schedules: schedules.map((row) => knownColumns('Task_Schedule', row)),
    // Of a moment that fills a look everything was read: the next one begins behind it.
    since: isFull && last === since ? moved(last, 1) : last,
    more: isFull,
  }
}

/** By these the node goes on without the cluster database. */
const pinnedRows = (db: Query, nodeId: string): Promise<ScheduleRow[]> =>
  db
    .selectFrom('Task_Schedule as s')
    .innerJoin('Tasks as t', 't.taskId', 's.taskId')
    .selectAll('s')
    .where('t.assignedNodeId', '=', nodeId)
    .execute()

const moved = (at: string, ms: number): string => isoOf(Date.parse(at) + ms)

const readRuns = async (db: OpenDatabase, since: string): Promise<RunRow[]> => {
  const runs = db.read.selectFrom('Task_History').select(RUN_COLUMNS)
  let rows = await runs.where('updatedAt', '>=', since).orderBy('updatedAt').limit(RUNS_AT_ONCE).execute()
  // So many are written in one moment when the waiting runs of a task are cancelled.
  if (rows.length === RUNS_AT_ONCE && rows.at(-1)?.updatedAt === since)
    rows = await runs.where('updatedAt', '=', since).execute()
  return rows.map((row) => ({ ...row, output: null }))
}

const RUN_COLUMNS = [
  ...(['historyId', 'taskId', 'taskName', 'appName', 'scheduleId', 'nodeId', 'targetNodeId'] as const),
  ...(['scheduledFor', 'notBefore', 'startTime', 'endTime', 'sortTime', 'duration', 'state'] as const),
  ...(['exitCode', 'priority', 'attempt', 'triggeredBy', 'requestedBy', 'error', 'parameters'] as const),
  ...(['taskVersion', 'scriptHash', 'skippedCount', 'outputBytes', 'incarnation', 'leaseUntil'] as const),
  ...(['stopRequestedAt', 'stopRequestedBy', 'updatedAt'] as const),
]

/** Within a write that `applies`. What this node still has to deliver (Sync_Run) is newer here and stays. */
export const writeLatestState = async (tx: Tx, state: LatestState): Promise<void> => {
  for (const { nodeId, lastHeartbeat, incarnation } of state.nodes)
    await tx
      .updateTable('Nodes')
      .set({ lastHeartbeat, incarnation })
      .where('nodeId', '=', nodeId)
      .where((where) =>
        where.or([
          where('lastHeartbeat', 'is', null),
          where('lastHeartbeat', '!=', lastHeartbeat),
          where('incarnation', 'is', null),
        ]),
      )
      .execute()
  await replaceStates(tx, state.states)
  await writeRuns(tx, state.runs)
  await replaceHolds(tx, state.holds)
  await replaceLocks(tx, state.locks)
  await moveSchedules(tx, state.schedules)
  await writeInfo(tx, 'RunsSeenUntil', state.since)
}

const replaceHolds = async (tx: Tx, holds: LatestState['holds']): Promise<void> => {
  await tx.deleteFrom('Cluster_Hold').execute()
  if (holds.length > 0) await tx.insertInto('Cluster_Hold').values(holds).execute()
}

const replaceLocks = async (tx: Tx, locks: LatestState['locks']): Promise<void> => {
  await tx.deleteFrom('Task_Lock').execute()
  if (locks.length > 0) await tx.insertInto('Task_Lock').values(locks).execute()
}

/** Rows whose runs are not delivered yet have gone on here. */
const moveSchedules = async (tx: Tx, schedules: readonly ScheduleRow[]): Promise<void> => {
  const ahead = await tx
    .selectFrom('Sync_Run as s')
    .innerJoin('Task_History as h', 'h.historyId', 's.historyId')
    .select('h.scheduleId')
    .execute()
  const stays = new Set(ahead.map((row) => row.scheduleId))
  for (const { scheduleId, taskId: _task, nodeId: _node, ...moving } of schedules)
    if (!stays.has(scheduleId))
      await tx.updateTable('Task_Schedule').set(moving).where('scheduleId', '=', scheduleId).execute()
}

const replaceStates = async (tx: Tx, states: LatestState['states']): Promise<void> => {
  await tx.deleteFrom('Node_State').execute()
  if (states.length > 0) await tx.insertInto('Node_State').values(states).execute()
}

const ROWS_AT_ONCE = 50

const writeRuns = async (tx: Tx, runs: readonly RunRow[]): Promise<void> => {
  const own = await tx.selectFrom('Sync_Run').select('historyId').execute()
  const undelivered = new Set(own.map((row) => row.historyId))
  const rows = runs.filter((run) => !undelivered.has(run.historyId))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const piece = rows.slice(from, from + ROWS_AT_ONCE)
    const ids = piece.map((run) => run.historyId)
    await tx.deleteFrom('Task_History').where('historyId', 'in', ids).execute()
    for (const run of piece) await freeSlot(tx, run)
    await tx.insertInto('Task_History').values(piece).execute()
  }
}

/** Of a run that was made here and is evidence there (deliver-runs.ts) another one has the slot. */
const freeSlot = async (tx: Tx, { scheduleId, scheduledFor, attempt }: RunRow): Promise<void> => {
  if (scheduleId === null) return
  await tx
    .updateTable('Task_History')
    .set({ scheduleId: null })
    .where('scheduleId', '=', scheduleId)
    .where('scheduledFor', '=', scheduledFor)
    .where('attempt', '=', attempt)
    .execute()
}
