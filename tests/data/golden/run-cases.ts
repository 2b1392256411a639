import { lockRun } from '../../../src/main/data/repos/locks.ts'
import {
  existingSlots,
  extendSkipped,
  lastRunOfRow,
  slotExists,
} from '../../../src/main/data/repos/run-slots.ts'
import {
  claimCandidates,
  claimRuns,
  countQueued,
  earliestNotBefore,
  runningOf,
  waitingUntilAfter,
} from '../../../src/main/data/repos/claims.ts'
import { expiredRuns, renewLeases, shortenLeases } from '../../../src/main/data/repos/leases.ts'
import {
  activeRuns,
  findRun,
  insertRun,
  insertRuns,
  runOutput,
  updateRun,
} from '../../../src/main/data/repos/runs.ts'
import { runRow } from '../rows.ts'
import type { Case } from './cases.ts'
import { INCARNATION, LATER, NODE, NOW, OTHER_RUN, OTHER_TASK, RUN, SCHEDULE, TAKER, TASK } from './ids.ts'

/** Runs: the queue, its claims and leases, and how they end. */

const run = runRow({
  historyId: RUN,
  taskId: TASK,
  scheduleId: SCHEDULE,
  nodeId: null,
  parameters: { path: '/srv' },
})
const after = { priority: 5, scheduledFor: NOW, historyId: RUN }
const lease = {
  nodeId: NODE,
  incarnation: INCARNATION,
  leaseUntil: LATER,
  startTime: NOW,
  sortTime: NOW,
  updatedAt: NOW,
}
const claim = { now: NOW, nodeId: NODE, taker: null, skipTasks: [], limit: 4 }

export const runCases: Case[] = [
  { title: 'a run is queued', run: ({ db }) => insertRun(db, run) },
  {
    title: 'runs are queued',
    run: ({ db }) =>
      insertRuns(db, [run, { ...run, historyId: OTHER_RUN, taskId: OTHER_TASK, parameters: null }]),
  },
  { title: 'candidates of a claim', run: ({ db }) => claimCandidates(db, { ...claim, after: null }) },
  {
    title: 'candidates of a claim beside other nodes',
    run: ({ db }) => claimCandidates(db, { ...claim, taker: TAKER, after: null }),
  },
  {
    title: 'candidates behind others, without blocked tasks',
    run: ({ db }) => claimCandidates(db, { ...claim, skipTasks: [OTHER_TASK], after }),
  },
  { title: 'what runs of these tasks', run: ({ db }) => runningOf(db, [TASK]) },
  { title: 'a claim', run: ({ db }) => claimRuns(db, [RUN, OTHER_RUN], lease) },
  {
    title: 'a run is locked, its task before it',
    run: ({ db }) => lockRun(db, RUN),
    answer: (sql) => (sql.includes('Task_History') ? [{ TaskID: TASK }] : []),
  },
  {
    title: 'a run ends',
    run: ({ db }) =>
      updateRun(
        db,
        RUN,
        { state: 'Running', incarnation: INCARNATION },
        {
          state: 'Success',
          endTime: LATER,
          exitCode: 0,
          error: null,
          output: Buffer.from('1f8b', 'hex'),
          leaseUntil: null,
          updatedAt: LATER,
        },
      ),
  },
  { title: 'a run by its id', run: ({ db }) => findRun(db, RUN) },
  { title: 'its output', run: ({ db }) => runOutput(db, RUN) },
  {
    title: 'leases are renewed',
    run: ({ db }) => renewLeases(db, { nodeId: NODE, incarnation: INCARNATION }, { leaseUntil: LATER }),
    answer: () => [{ HistoryID: RUN }, { HistoryID: OTHER_RUN }],
  },
  { title: 'leases are shortened', run: ({ db }) => shortenLeases(db, { after: LATER, to: NOW }) },
  { title: 'expired leases', run: ({ db }) => expiredRuns(db, NOW) },
  { title: 'runs of a task that have not ended', run: ({ db }) => activeRuns(db, TASK, NODE) },
  { title: 'runs that wait', run: ({ db }) => waitingUntilAfter(db, NOW, 100) },
  {
    title: 'when the next run may start',
    run: ({ db }) => earliestNotBefore(db, { nodeId: NODE, now: NOW }),
  },
  { title: 'how many wait', run: ({ db }) => countQueued(db) },
  { title: 'the newest run of a schedule row', run: ({ db }) => lastRunOfRow(db, SCHEDULE) },
  { title: 'whether a slot has its run', run: ({ db }) => slotExists(db, SCHEDULE, NOW) },
  { title: 'which slots have their runs', run: ({ db }) => existingSlots(db, [SCHEDULE], [NOW, LATER]) },
  { title: 'skipped slots are counted', run: ({ db }) => extendSkipped(db, RUN, 3, NOW) },
]
