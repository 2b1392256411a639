import { AppError } from '../../src/shared/domain/errors.ts'
import type { Change } from '../../src/shared/domain/change.ts'
import type { ImportItem, ImportResult } from '../../src/shared/domain/import-result.ts'
import type { ClusterNode } from '../../src/shared/domain/node.ts'
import type { Run } from '../../src/shared/domain/run.ts'
import type { Finding, SystemInfo } from '../../src/shared/domain/system.ts'
import type { Task, TaskInput } from '../../src/shared/domain/task.ts'

/** Records as a node would answer them, for the in-memory services of the transport tests. */

export const NOW = '2026-11-24T14:00:00.000Z'
export const NODE_ID = '0190aaaa-0000-7000-8000-000000000001'

export const taskOf = (taskId: string, input: TaskInput, actor: string): Task => ({
  ...input,
  taskId,
  timeZone: input.timeZone ?? 'UTC',
  createdBy: actor,
  createdAt: NOW,
  modifiedBy: null,
  modifiedAt: null,
  version: 1,
  nextRun: null,
  lastRun: null,
  lastState: null,
  lastHistoryId: null,
  lastError: null,
  isRunning: false,
})

export const runOf = (historyId: string, task: Task, triggeredBy: Run['triggeredBy']): Run => ({
  historyId,
  taskId: task.taskId,
  taskName: task.taskName,
  appName: task.appName,
  scheduleId: null,
  nodeId: NODE_ID,
  targetNodeId: null,
  scheduledFor: NOW,
  notBefore: NOW,
  startTime: NOW,
  endTime: null,
  duration: null,
  state: 'Running',
  exitCode: null,
  attempt: 1,
  triggeredBy,
  error: null,
  parameters: null,
  taskVersion: task.version,
  scriptHash: null,
  skippedCount: null,
  outputBytes: null,
  stopRequestedAt: null,
  stopRequestedBy: null,
})

export const changeOf = (changeId: string, record: Partial<Change>): Change => ({
  changeId,
  seq: null,
  tableName: 'Tasks',
  recordId: '',
  recordName: null,
  action: 'UPDATE',
  changedBy: null,
  changedAt: NOW,
  nodeId: NODE_ID,
  changeReason: null,
  transactionId: null,
  changedFields: [],
  revertOf: null,
  relatedChanges: [],
  syncedNodes: [],
  ...record,
})

export const thisNode = (): ClusterNode => ({
  nodeId: NODE_ID,
  nodeName: 'desk',
  hostname: 'desk',
  ipAddress: null,
  port: null,
  nodeGroup: null,
  nodeRole: null,
  tags: [],
  isActive: true,
  isDraining: false,
  state: 'Active',
  lastHeartbeat: NOW,
  maxConcurrentTasks: 4,
  supportedTaskTypes: ['bash'],
  version: '0.1.0',
  platform: 'linux',
  running: 0,
  isThisNode: true,
  registeredAt: NOW,
  registeredBy: null,
  stateReason: null,
  stateSince: null,
  startedAt: NOW,
  addresses: [],
  clockOffset: 0,
  missingScripts: [],
  holdsKey: true,
  isolation: [],
})

export const systemInfo = (actor: string, role: string): SystemInfo => ({
  version: '0.1.0',
  nodeId: NODE_ID,
  nodeName: 'desk',
  startedAt: NOW,
  dataDir: '/data',
  platform: 'linux',
  runtime: 'node',
  databaseType: 'SQLite',
  clusterId: 'cluster',
  databaseId: 'database',
  schemaVersion: 1,
  changeTracking: true,
  database: { away: null },
  timeZone: 'UTC',
  scriptRoots: [],
  interpreters: [],
  tls: null,
  scheduler: { lastTick: NOW, lastError: null, running: 0, queued: 0, capacity: 4, draining: false },
  role,
  actor,
})

export const importResult = (items: ImportItem[]): ImportResult => {
  const count = (action: ImportItem['action']): number =>
    items.filter((item) => item.action === action).length
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    skipped: count('skipped'),
    items,
  }
}

export const itemOf = (source: string, action: ImportItem['action'] = 'created'): ImportItem => ({
  source,
  name: source.replace(/\W+/g, ' ').trim(),
  appName: '',
  action,
  warnings: [],
})

/** A disk that is fine and a trigger that can be repaired. */
export const findings = (fix: boolean): Finding[] => [
  { id: 'disk', ok: true, severity: 'info', what: 'Disk', detail: '10 GB free' },
  {
    id: 'triggers',
    ok: false,
    severity: 'error',
    what: 'Triggers',
    detail: 'one is missing',
    fix: 'install it',
    fixable: true,
    fixed: fix,
  },
]

const notFound = (what: string, id: string): AppError =>
  new AppError('NOT_FOUND', `There is no ${what} ${id}.`)

export const must = <T>(found: T | undefined, what: string, id: string): T => {
  if (found === undefined) throw notFound(what, id)
  return found
}

export const page = <T>(all: T[], { limit }: { limit: number }) => ({
  items: all.slice(0, limit),
  nextCursor: all.length > limit ? String(limit) : null,
})
