import { encodeCursor } from '../../../src/main/data/paging.ts'
import {
  changeIdsByOrigin,
  changeIdsByTransaction,
  findChange,
  laterChanges,
  listChanges,
  newestChangeTime,
} from '../../../src/main/data/repos/changes.ts'
import { listRuns } from '../../../src/main/data/repos/run-list.ts'
import { usualDurations } from '../../../src/main/data/repos/usual-durations.ts'
import { runStats } from '../../../src/main/data/repos/run-stats.ts'
import { listTasks, taskStates } from '../../../src/main/data/repos/task-list.ts'
import type { Answer } from './recorder.ts'
import type { Case } from './cases.ts'
import { CHANGE, LATER, NODE, NOW, RUN, TASK, TRANSACTION, OTHER_TASK } from './ids.ts'

/** Lists with their filters, orders and cursors. */

const limit = 50

/** One row with what lists go on by, whatever was asked for. */
const oneRow: Answer = () => [
  {
    ...{ TaskID: TASK, TaskName: 'Nightly', AppName: '', sortKey: '', HistoryID: RUN, SortTime: NOW },
    ...{ Seq: 41, LocalSeq: 42, count: 1 },
  },
]

export const taskListCases: Case[] = [
  { title: 'by name', run: ({ db }) => listTasks(db, { sort: 'name', limit }) },
  {
    title: 'by name, behind a cursor, with every filter',
    run: ({ db }) =>
      listTasks(db, {
        ...{ sort: 'name', limit, enabled: true, app: ['shop'], tag: ['web', 'night'], node: [NODE] },
        ...{ group: ['g'], role: ['r'], cursor: encodeCursor(['', 'Nightly', '', TASK]) },
      }),
  },
  {
    title: 'a search',
    run: ({ db }) => listTasks(db, { sort: 'name', limit, search: '50%_[a]!' }),
    answer: oneRow,
  },
  {
    title: 'by priority',
    run: ({ db }) => listTasks(db, { sort: 'priority', limit, cursor: encodeCursor([5, 'a', '', TASK]) }),
  },
  { title: 'by their next run', run: ({ db }) => listTasks(db, { sort: 'nextRun', limit }) },
  {
    title: 'by their last run, those of an app, behind a cursor',
    run: ({ db }) =>
      listTasks(db, { sort: 'lastRun', limit, app: ['shop'], cursor: encodeCursor([NOW, 'a', '', TASK]) }),
  },
  { title: 'by their state', run: ({ db }) => listTasks(db, { sort: 'state', limit }), answer: oneRow },
  {
    title: 'in these states',
    run: ({ db }) => listTasks(db, { sort: 'name', limit, state: ['Running', 'Failed', 'Queued'] }),
    answer: oneRow,
  },
  { title: 'never run', run: ({ db }) => listTasks(db, { sort: 'name', limit, state: ['Never'] }) },
  { title: 'what their schedule rows say', run: ({ db }) => taskStates(db, [TASK]) },
]

export const runListCases: Case[] = [
  { title: 'the newest', run: ({ db }) => listRuns(db, { limit }) },
  {
    title: 'with every filter, behind a cursor',
    run: ({ db }) =>
      listRuns(db, {
        ...{ limit, task: [TASK], node: [NODE], state: ['Failed', 'Lost'], from: NOW, to: LATER },
        cursor: encodeCursor([NOW, RUN]),
      }),
  },
  { title: 'a search', run: ({ db }) => listRuns(db, { limit, search: 'Ärger' }), answer: oneRow },
  {
    title: 'counts by the hour',
    run: ({ db }) => runStats(db, { from: NOW, to: LATER, task: [TASK], unit: 'hour' }),
  },
  {
    title: 'how long tasks usually take',
    run: ({ db }) => usualDurations(db, [TASK, OTHER_TASK], NOW),
  },
]

export const changeCases: Case[] = [
  { title: 'the newest', run: ({ db }) => listChanges(db, { limit }) },
  {
    title: 'with every filter, behind a cursor',
    run: ({ db }) =>
      listChanges(db, {
        ...{ limit, table: ['Tasks'], record: [TASK], actor: ['system'], action: ['UPDATE'], node: [NODE] },
        ...{ from: NOW, to: LATER, cursor: encodeCursor([41, 42]) },
      }),
    answer: oneRow,
  },
  { title: 'one change', run: ({ db }) => findChange(db, CHANGE) },
  { title: 'changes of transactions', run: ({ db }) => changeIdsByTransaction(db, [TRANSACTION]) },
  { title: 'changes that took others back', run: ({ db }) => changeIdsByOrigin(db, [`revert:${CHANGE}`]) },
  { title: 'later changes of a record', run: ({ db }) => laterChanges(db, 'Tasks', TASK, 42) },
  { title: 'when the newest was made', run: ({ db }) => newestChangeTime(db) },
]
