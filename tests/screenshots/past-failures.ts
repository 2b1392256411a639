import type Sqlite from 'better-sqlite3'
import type { Task } from '../../src/shared/domain/task.ts'

/** A run of the past, as far as it says whether its task fails. */
export interface Ended {
  historyId: string
  endedAt: string
  state: string
  error: string | null
}

interface Fold {
  first: Ended
  /** The first since it last succeeded. */
  since: Ended
  last: Ended
  count: number
  recovered: Ended | null
}

/** As the program folds them (services/engine/outcome.ts): until it succeeds, and on while nobody has seen it. */
const foldsOf = (runs: readonly Ended[], isSeen: (fold: Fold) => boolean): Fold[] => {
  const folds: Fold[] = []
  for (const run of runs) {
    const current = folds.at(-1)
    const isBad = /^(Failed|Timeout|Lost)$/.test(run.state)
    if (current && current.recovered === null) {
      if (run.state === 'Success') current.recovered = run
      if (isBad) Object.assign(current, { last: run, count: current.count + 1 })
    } else if (isBad && current && !isSeen(current))
      Object.assign(current, { since: run, last: run, count: current.count + 1, recovered: null })
    else if (isBad) folds.push({ first: run, since: run, last: run, count: 1, recovered: null })
  }
  return folds
}

const COLUMNS = [
  ...['FailureID', 'TaskID', 'TaskName', 'AppName', 'FirstAt', 'FirstHistoryID', 'FailingSince'],
  ...['LastAt', 'LastHistoryID', 'LastScheduledFor'],
  ...['LastState', 'LastError', 'FailureCount', 'RecoveredAt', 'RecoveredHistoryID', 'AcknowledgedAt'],
  ...['AcknowledgedBy', 'Note', 'UpdatedAt', 'Version'],
]

const DAY_MS = 86_400_000
const NOTES = ['known: the supplier restarts at night', null, 'ticket 4711, waits for the network team']

/** What failed, and what somebody has seen of it: all that recovered more than half a day ago. */
export const writeFailures = (
  db: Sqlite.Database,
  { task, runs, now }: { task: Task; runs: readonly Ended[]; now: number },
): void => {
  const insert = db.prepare(
    `insert into Task_Failure (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`,
  )
  const isSeen = ({ last }: Fold): boolean => now - Date.parse(last.endedAt) > DAY_MS / 2
  foldsOf(runs, isSeen).forEach((fold, index) => {
    const { first, since, last, count, recovered } = fold
    const seen =
      recovered !== null && isSeen(fold)
        ? [recovered.endedAt, 'token:a.weber', NOTES[index % NOTES.length]]
        : [null, null, null]
    insert.run(
      ...[first.historyId, task.taskId, task.taskName, task.appName, first.endedAt, first.historyId],
      ...[since.endedAt, last.endedAt, last.historyId, last.endedAt, last.state, last.error, count],
      ...[recovered?.endedAt ?? null, recovered?.historyId ?? null, ...seen, last.endedAt, 1],
    )
  })
}
