import { gzipSync } from 'node:zlib'
import { tableColumns } from '../../src/main/data/columns.ts'
import type { TableName } from '../../src/main/data/entities/index.ts'

/*
 * The rows of a cluster that was busy for two years. Everything derives from the row's number, so that two
 * seeds of one scale are the same database.
 */

export interface LargeCounts {
  tasks: number
  runs: number
  changes: number
}

export type Values = Record<string, string | number | null | Buffer>

export const START = Date.parse('2024-06-01T00:00:00.000Z')
const SPAN_MS = 2 * 366 * 86_400_000

/** A reproducible scatter of `n` over 0..limit-1 (Knuth's multiplicative hash). */
export const scatter = (n: number, limit: number): number =>
  Math.floor((((n + 1) * 2_654_435_761) % 4_294_967_296) * (limit / 4_294_967_296))

/** One of `list`, the first ones far more often: real clusters have few busy things and many quiet ones. */
const skewed = <T>(list: readonly T[], n: number): T => {
  const share = scatter(n, 1_000_000) / 1_000_000
  // The index is below the length: share is below 1.
  return list[Math.floor(share ** 3 * list.length)] as T
}

const hex = (value: number, width: number): string => Math.floor(value).toString(16).padStart(width, '0')

/** Shaped like a UUIDv7 of that instant; `kind` keeps the ids of two tables apart. */
export const idOf = (kind: number, n: number, at: number): string => {
  const time = hex(at, 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(kind, 3)}-8${hex(scatter(n, 4096), 3)}-${hex(n, 12)}`
}

export const taskId = (n: number): string => idOf(1, n, START - 86_400_000 + n)
const historyId = (n: number): string => idOf(2, n, START + n)
const scheduleId = (n: number): string => idOf(3, n, START - 86_400_000 + n)
export const changeId = (n: number): string => idOf(4, n, START + n)

export const named = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${word}-${String(index + 1).padStart(3, '0')}`)

export const APPS = ['', ...named('app', 49)]
export const GROUPS = named('group', 20)
export const ROLES = named('role', 5)
export const TAGS = named('tag', 200)
export const NODES = Array.from({ length: 8 }, (_, index) => idOf(5, index, START))
export const ACTORS = ['token:ci', 'local:root', 'system', ...named('token:user', 60)]

const timeOf = (n: number, count: number): string => new Date(START + (n / count) * SPAN_MS).toISOString()

/** Final states as a healthy cluster has them: mostly fine, a few rare ones. */
const stateOf = (n: number): string => {
  const share = scatter(n * 7 + 3, 10_000)
  if (share < 9500) return 'Success'
  if (share < 9850) return 'Failed'
  if (share < 9900) return 'Timeout'
  if (share < 9930) return 'Stopped'
  return share < 9940 ? 'Lost' : 'Skipped'
}

const assignmentOf = (n: number) => {
  const kind = scatter(n * 13 + 5, 10)
  return {
    AssignedNodeID: kind < 2 ? skewed(NODES, n) : null,
    AssignedNodeGroup: kind >= 2 && kind < 5 ? skewed(GROUPS, n) : null,
    AssignedNodeRole: kind >= 4 && kind < 6 ? skewed(ROLES, n) : null,
  }
}

export const taskValues = (n: number, edit = 0): Values => ({
  TaskID: taskId(n),
  TaskName: `${['Backup', 'Report', 'Cleanup', 'Sync', 'Check'][n % 5] ?? ''} ${hex(scatter(n, 2 ** 32), 8)} ${n}`,
  AppName: skewed(APPS, n * 3 + 1),
  Description: n % 4 === 0 ? `Keeps the data of customer ${scatter(n, 5000)} in order, every day.` : null,
  ScriptPath: `jobs/${hex(scatter(n * 5, 4096), 3)}/run-${n % 900}.sh`,
  ScriptType: null,
  ScriptHash: null,
  Schedule: `${(n + edit) % 60} ${(n * 7) % 24} * * *`,
  TimeZone: 'Europe/Berlin',
  Enabled: n % 10 === 9 ? 0 : 1,
  ...assignmentOf(n),
  RunOn: null,
  Priority: scatter(n, 5),
  Timeout: 3600 + edit,
  MaxRetries: edit % 4,
  RetryDelay: 60,
  RetryBackoff: '1',
  OverlapPolicy: 'Skip',
  MisfirePolicy: 'Last',
  MisfireWindow: 86_400,
  OnLeaseLost: 'Finish',
  Limits: null,
  Tags: JSON.stringify([...new Set(Array.from({ length: n % 4 }, (_, i) => skewed(TAGS, n * 4 + i)))]),
  Parameters: JSON.stringify({ target: `/srv/data/${scatter(n, 100_000)}`, keep: edit % 30, verbose: false }),
  Environment: '{}',
  CreatedBy: 'local:root',
  CreatedAt: new Date(START).toISOString(),
  ModifiedBy: edit > 0 ? skewed(ACTORS, n + edit) : null,
  ModifiedAt: edit > 0 ? new Date(START + edit * 60_000).toISOString() : null,
  Version: 1 + edit,
})

export const scheduleValues = (n: number, runs: number): Values => {
  const never = n % 25 === 24
  return {
    ScheduleID: scheduleId(n),
    TaskID: taskId(n),
    NodeID: '',
    NextRun: new Date(Date.parse('2035-01-01T00:00:00.000Z') + scatter(n, 86_400_000)).toISOString(),
    LastRun: never ? null : timeOf(runs - 1 - scatter(n, Math.ceil(runs / 50)), runs),
    LastState: never ? null : stateOf(n),
    LastHistoryID: never ? null : historyId(scatter(n * 17, runs)),
    IsRunning: n % 25_000 === 17 ? 1 : 0,
    RunningOnNode: null,
    StartedAt: null,
    TotalRuns: 10,
    SuccessCount: 9,
    FailureCount: 1,
  }
}

const OUTPUT = gzipSync('copied 1,204 files, 3 changed, 0 failed\n'.repeat(8))

export const runValues = (n: number, { tasks, runs }: LargeCounts): Values => {
  const at = timeOf(n, runs)
  const queued = n >= runs - 3
  const running = !queued && n >= runs - 7
  const state = queued ? 'Queued' : running ? 'Running' : stateOf(n)
  const failed = state === 'Failed' || state === 'Timeout'
  const task = scatter(n * 3 + 1, tasks)
  return {
    HistoryID: historyId(n),
    TaskID: taskId(task),
    TaskName: String(taskValues(task)['TaskName']),
    AppName: skewed(APPS, task * 3 + 1),
    ScheduleID: scheduleId(task),
    NodeID: queued ? null : skewed(NODES, n),
    TargetNodeID: null,
    ScheduledFor: at,
    NotBefore: at,
    StartTime: queued ? null : at,
    EndTime: queued || running ? null : at,
    SortTime: at,
    Duration: queued || running ? null : scatter(n, 60_000),
    State: state,
    ExitCode: failed ? 1 : 0,
    Priority: 0,
    Attempt: 1,
    TriggeredBy: 'Schedule',
    RequestedBy: null,
    Error: failed ? `the script ended with exit code 1 (host ${scatter(n, 3000)} did not answer)` : null,
    Parameters: null,
    TaskVersion: 1,
    ScriptHash: hex(task, 64),
    SkippedCount: state === 'Skipped' ? 2 : null,
    OutputBytes: OUTPUT.length,
    Incarnation: idOf(6, 1, START),
    LeaseUntil: null,
    StopRequestedAt: null,
    StopRequestedBy: null,
    UpdatedAt: at,
    Output: OUTPUT,
  }
}

/** A row as capture writes it: its captured columns as JSON, gzipped. */
const imageOf = (table: TableName, values: Values): Buffer =>
  gzipSync(
    JSON.stringify(Object.fromEntries(tableColumns(table).map(({ column }) => [column, values[column]]))),
    { level: 6 },
  )

/** Real images are made once and dealt out: gzip alone would take the better part of an hour. */
export const imagePool = (size: number): { before: Buffer; after: Buffer }[] =>
  Array.from({ length: size }, (_, n) => ({
    before: imageOf('Tasks', taskValues(n, 1)),
    after: imageOf('Tasks', taskValues(n, 2)),
  }))

const nodeImage = (n: number): Buffer =>
  gzipSync(JSON.stringify({ NodeID: NODES[n % NODES.length] ?? '', NodeName: `node-${n % 8}`, Tags: '[]' }))

/** Transactions of one to three changes, and each 50,000th change the beginning of an import of 400. */
const transactionOf = (n: number): string => {
  const inImport = n % 50_000 < 400
  return idOf(7, inImport ? n - (n % 50_000) : n - (n % 3), START)
}

export const changeValues = (n: number, counts: LargeCounts, pool: ReturnType<typeof imagePool>): Values => {
  const share = scatter(n * 11 + 7, 1000)
  const action = share < 880 ? 'UPDATE' : share < 950 ? 'INSERT' : 'DELETE'
  const ofNode = share % 100 === 50
  // The pool is not empty.
  const images = pool[n % pool.length] as { before: Buffer; after: Buffer }
  return {
    LocalSeq: n + 1,
    Seq: n + 1,
    ChangeID: changeId(n),
    TableName: ofNode ? 'Nodes' : 'Tasks',
    RecordID: ofNode ? (NODES[n % NODES.length] ?? '') : taskId(scatter(n * 3 + 1, counts.tasks)),
    Action: action,
    OldData: action === 'INSERT' ? null : ofNode ? nodeImage(n) : images.before,
    NewData: action === 'DELETE' ? null : ofNode ? nodeImage(n) : images.after,
    ChangedBy: skewed(ACTORS, n),
    ChangedAt: timeOf(n, counts.changes),
    NodeID: skewed(NODES, n * 3 + 2),
    ChangeReason: n % 20 === 0 ? 'new retention rules' : null,
    TransactionID: transactionOf(n),
    Origin: null,
    SchemaVersion: 1,
    Digest: hex(n, 64),
  }
}
