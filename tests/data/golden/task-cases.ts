import { lockCluster, lockFreeTasks, lockTasks } from '../../../src/main/data/repos/locks.ts'
import { allNodes, insertNode, runningCounts, updateNode } from '../../../src/main/data/repos/nodes.ts'
import {
  advanceNextRun,
  advanceNextRuns,
  countSlot,
  deleteScheduleRows,
  dueScheduleRows,
  earliestNextRun,
  insertScheduleRow,
  nextRowsFor,
  rowsDueBefore,
  rowsToPlan,
  rowsScheduledAfter,
  showOnRows,
  updateScheduleRow,
  upcomingRows,
} from '../../../src/main/data/repos/schedules.ts'
import {
  allLocks,
  deleteLock,
  deleteRunLocks,
  insertLock,
  insertRunLocks,
  lockFreeLocks,
  locksNamed,
  renameRunLocks,
  runsUnder,
  tasksWithLocks,
  updateLock,
} from '../../../src/main/data/repos/task-locks.ts'
import {
  claimRules,
  deleteTask,
  eachScript,
  findTaskByName,
  insertTask,
  tasksForAllNodes,
  updateTask,
} from '../../../src/main/data/repos/tasks.ts'
import { nodeRow, scheduleRow, taskRow } from '../rows.ts'
import type { Case } from './cases.ts'
import {
  INCARNATION,
  LATER,
  LOCK,
  NODE,
  NOW,
  OTHER_RUN,
  OTHER_SCHEDULE,
  OTHER_TASK,
  RUN,
  SCHEDULE,
  TAKER,
  TASK,
} from './ids.ts'

/** Tasks, the nodes they run on, and their schedule rows. */

const limits = {
  maxConcurrent: 1,
  memoryMb: 512,
  cpuSeconds: null,
  processes: null,
  outputBytes: null,
  locks: [],
}

export const taskCases: Case[] = [
  { title: 'a task is made', run: ({ db }) => insertTask(db, taskRow({ taskId: TASK, description: null })) },
  {
    title: 'a task is changed',
    run: ({ db }) => updateTask(db, TASK, 3, { enabled: false, schedule: null, limits, version: 4 }),
  },
  { title: 'a task is deleted', run: ({ db }) => deleteTask(db, TASK) },
  { title: 'a task by its name', run: ({ db }) => findTaskByName(db, 'Nightly export', '') },
  { title: 'tasks are locked', run: ({ db }) => lockTasks(db, [TASK, OTHER_TASK]) },
  { title: 'tasks that nobody has locked are locked', run: ({ db }) => lockFreeTasks(db, [TASK]) },
  { title: 'the cluster is locked', run: ({ db }) => lockCluster(db) },
  { title: 'what forbids runs side by side', run: ({ db }) => claimRules(db, [TASK, OTHER_TASK]) },
  { title: 'tasks of all nodes', run: ({ db }) => tasksForAllNodes(db, { after: TASK, limit: 100 }) },
  {
    title: 'scripts that tasks name',
    run: async ({ db }) => {
      for await (const _ of eachScript(db));
    },
  },
  { title: 'a node is made', run: ({ db }) => insertNode(db, nodeRow({ nodeId: NODE })) },
  {
    title: 'a node beats',
    run: ({ db }) => updateNode(db, NODE, { lastHeartbeat: NOW, incarnation: INCARNATION }),
  },
  { title: 'every node', run: ({ db }) => allNodes(db) },
  { title: 'running runs by node', run: ({ db }) => runningCounts(db) },
]

export const lockCases: Case[] = [
  { title: 'every lock group', run: ({ db }) => allLocks(db) },
  { title: 'lock groups by name', run: ({ db }) => locksNamed(db, ['backup', 'tape']) },
  { title: 'lock groups that nobody has locked', run: ({ db }) => lockFreeLocks(db, ['backup', 'tape']) },
  {
    title: 'a lock group is made',
    run: ({ db }) =>
      insertLock(db, { lockId: LOCK, lockName: 'tape', maxConcurrent: 2, description: null, version: 1 }),
  },
  {
    title: 'a lock group is changed',
    run: ({ db }) => updateLock(db, LOCK, { maxConcurrent: 3, version: 2 }),
  },
  { title: 'a lock group is deleted', run: ({ db }) => deleteLock(db, LOCK) },
  { title: 'runs under lock groups', run: ({ db }) => runsUnder(db, ['backup', 'tape']) },
  {
    title: 'runs are claimed under a lock group',
    run: ({ db }) => insertRunLocks(db, [{ lockName: 'tape', historyId: RUN }]),
  },
  { title: 'runs under a lock group have ended', run: ({ db }) => deleteRunLocks(db, 'tape', [RUN]) },
  { title: 'runs under a lock group follow its name', run: ({ db }) => renameRunLocks(db, 'tape', 'drive') },
  { title: 'tasks of lock groups', run: ({ db }) => tasksWithLocks(db) },
]

export const scheduleCases: Case[] = [
  {
    title: 'a schedule row is made',
    run: ({ db }) => insertScheduleRow(db, scheduleRow({ scheduleId: SCHEDULE, taskId: TASK, nextRun: NOW })),
  },
  {
    title: 'a schedule row is changed',
    run: ({ db }) =>
      updateScheduleRow(db, SCHEDULE, { isRunning: true, runningOnNode: NODE, startedAt: NOW }),
  },
  { title: 'schedule rows are deleted', run: ({ db }) => deleteScheduleRows(db, [SCHEDULE, OTHER_SCHEDULE]) },
  { title: 'due rows', run: ({ db }) => dueScheduleRows(db, NOW, 200, TAKER) },
  { title: 'rows due before', run: ({ db }) => rowsDueBefore(db, LATER, 100) },
  { title: 'rows to plan', run: ({ db }) => rowsToPlan(db, LATER, 100) },
  {
    title: 'rows to plan, of a task on a node',
    run: ({ db }) => rowsToPlan(db, LATER, 100, { taskId: TASK, taker: TAKER }),
  },
  { title: 'a slot is taken', run: ({ db }) => advanceNextRun(db, SCHEDULE, NOW, LATER) },
  { title: 'slots are taken', run: ({ db }) => advanceNextRuns(db, [SCHEDULE, OTHER_SCHEDULE], null) },
  {
    title: 'rows show other runs',
    run: ({ db }) =>
      showOnRows(
        db,
        new Map([
          [SCHEDULE, RUN],
          [OTHER_SCHEDULE, OTHER_RUN],
        ]),
        { isRunning: true, runningOnNode: NODE, startedAt: NOW, lastRun: NOW },
      ),
  },
  { title: 'a slot is counted', run: ({ db }) => countSlot(db, SCHEDULE, true) },
  { title: 'when the next slot is due', run: ({ db }) => earliestNextRun(db, TAKER) },
  {
    title: 'rows of later slots',
    run: ({ db }) => rowsScheduledAfter(db, { time: NOW, afterId: SCHEDULE, limit: 100 }),
  },
  { title: 'what a node runs next', run: ({ db }) => nextRowsFor(db, TAKER, 5) },
  { title: 'what comes next', run: ({ db }) => upcomingRows(db, NODE, 10) },
]
