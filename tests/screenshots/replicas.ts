import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import type { Change } from '../../src/shared/domain/change.ts'
import type { ClusterNode } from '../../src/shared/domain/node.ts'
import type { PendingChange, SyncNode } from '../../src/shared/domain/sync.ts'
import { taskInputSchema, type Task } from '../../src/shared/domain/task.ts'
import { changeOf, NODE_ID, taskOf, thisNode } from '../support/memory-records.ts'
import { byRule, conflictField, conflictOf, pendingOf, syncNode } from '../support/sync-records.ts'
import { storyTasks } from './story.ts'

/* Replicas, conflicts and edits that wait, as the story of the pictures has them. */

export const HERE = 'desk-anna'

export const ago = (seconds: number): string => isoOf(systemClock.now() - seconds * 1000)
const minutes = (n: number): string => ago(n * 60)

const AWAY = { cursor: { seq: 48_000, changeId: null }, lags: [118, 86, 11], lagSeconds: 1706 }
const COPYING = { cursor: null, lags: [1007, 732, 92], lagSeconds: 41 }

/** Every replica of the company; the node that answers copies nothing anew, so another one tells of it. */
export const replicas = (): SyncNode[] => [
  syncNode('edge-fra-01', AWAY),
  syncNode('file-01'),
  syncNode('db-01'),
  syncNode('db-02'),
  syncNode(HERE, { nodeId: NODE_ID, isSelf: true }),
  syncNode('edge-muc-02', {
    cursor: { seq: 48_208, changeId: null },
    lags: [2, 1, 0],
    lagSeconds: 4.2,
    pending: 2,
  }),
  syncNode('ops-01'),
  syncNode('ops-02', { lags: [6, 3, 0], lagSeconds: 0.9, cursor: { seq: 48_202, changeId: null } }),
  syncNode('ops-03', { bootstrappedAt: minutes(14), bootstrapReason: 'the cluster database was restored' }),
  syncNode('web-01'),
  syncNode('web-02'),
  syncNode('web-03', COPYING),
]

const node = (nodeName: string, part: Partial<ClusterNode> = {}): ClusterNode => ({
  ...thisNode(),
  ...{ nodeId: nodeName, nodeName, isThisNode: false, stateSince: minutes(300), lastHeartbeat: ago(2) },
  ...part,
})

export const nodes = (): ClusterNode[] =>
  replicas().map(({ nodeId, nodeName }) =>
    node(nodeName, {
      nodeId,
      isThisNode: nodeName === HERE,
      ...(nodeName === 'edge-fra-01' && { state: 'Away', stateSince: ago(1706) }),
      ...(nodeName === 'file-01' && { state: 'Draining', isDraining: true }),
    }),
  )

export const conflicts = () => [
  conflictOf('0190cccc-0000-7000-8000-000000000001', {
    recordName: 'Import price list',
    ...{ changedAt: minutes(25), theirsAt: minutes(17), detectedAt: minutes(11) },
    fields: [
      conflictField('schedule', ['10 8 * * 1-5', '40 7 * * 1-5', '10 8 * * 1-6']),
      conflictField('timeout', [600, 900, 1200]),
      conflictField('parameters', [
        { endpoint: 'https://prices.example/v1', token: { secret: true } },
        { endpoint: 'https://prices.example/v2', token: { secret: true } },
        { endpoint: 'https://prices.example/v1', token: { secret: true }, currency: 'EUR' },
      ]),
    ],
  }),
  conflictOf('0190cccc-0000-7000-8000-000000000002', {
    recordName: 'Warm product cache',
    kind: 'DeletedHere',
    ...{ changedBy: 'j.novak', theirsBy: 'm.keller' },
    ...{ changedAt: minutes(31), theirsAt: minutes(20), detectedAt: minutes(12) },
    fields: [
      conflictField('schedule', ['*/30 * * * *', null, '*/10 6-20 * * *']),
      conflictField('priority', [0, null, 5]),
    ],
  }),
  byRule(
    conflictOf('0190cccc-0000-7000-8000-000000000003', {
      recordName: 'Fetch bank statements',
      ...{ theirsBy: 'a.weber', changedAt: minutes(70), theirsAt: minutes(64), detectedAt: minutes(60) },
      fields: [conflictField('maxRetries', [0, 2, 3])],
    }),
  ),
  byRule(
    conflictOf('0190cccc-0000-7000-8000-000000000004', {
      recordName: 'Rotate service accounts',
      ...{ changedAt: minutes(71), theirsAt: minutes(80), detectedAt: minutes(60) },
      fields: [
        conflictField('tags', [['identity'], ['identity', 'sla'], ['identity', 'audit']], { taken: 'mine' }),
      ],
    }),
  ),
  byRule(
    conflictOf('0190cccc-0000-7000-8000-000000000005', {
      recordName: 'Ping external endpoints (2)',
      kind: 'NameTaken',
      ...{ changedAt: minutes(72), theirsAt: minutes(90), detectedAt: minutes(60) },
      fields: [
        conflictField('taskName', [null, 'Ping external endpoints', 'Ping external endpoints'], {
          taken: 'merged',
          value: 'Ping external endpoints (2)',
        }),
      ],
    }),
  ),
  {
    ...conflictOf('0190cccc-0000-7000-8000-000000000006', {
      recordName: 'Scan uploads for malware',
      ...{ detectedAt: minutes(1500), changedAt: minutes(1600), theirsAt: minutes(1550) },
      fields: [conflictField('timeout', [60, 120, 90])],
    }),
    ...{
      resolvedAt: minutes(1400),
      resolvedBy: 'm.keller',
      resolution: 'mine' as const,
      current: { timeout: 120 },
    },
  },
]

const OUTCOMES = [
  'Success',
  'Success',
  'Failed',
  'Success',
  'Success',
  'Timeout',
  'Success',
  'Lost',
  'Success',
] as const

/** The tasks of the story as the replica holds them. */
export const tasks = (): Task[] =>
  storyTasks()
    .slice(0, 40)
    .map(({ input }, i) => ({
      ...taskOf(`task-${i}`, taskInputSchema.parse(input), 'm.keller'),
      lastState: OUTCOMES[i % OUTCOMES.length] ?? 'Success',
      lastRun: minutes(9 + i * 7),
      nextRun: isoOf(systemClock.now() + (i + 1) * 420_000),
    }))

export const pending = (all: readonly Task[]): PendingChange[] =>
  [
    { of: 4, changedFields: ['schedule', 'timeout'], at: 5, changedBy: 'anna' },
    { of: 6, changedFields: ['tags'], at: 3, changedBy: 'anna' },
    { of: 9, changedFields: [], at: 2, changedBy: 'anna', action: 'DELETE' as const },
  ].map(({ of, at, ...part }, i) => {
    const task = all[of]
    return pendingOf(`0190dddd-0000-7000-8000-00000000000${i}`, {
      ...part,
      ...{ recordId: task?.taskId ?? '', recordName: task?.taskName ?? null, changedAt: minutes(at) },
    })
  })

export const recent = (all: readonly Task[]): Change[] =>
  all.slice(0, 14).map((task, i) =>
    changeOf(`0190eeee-0000-7000-8000-00000000001${i.toString(16)}`, {
      ...{ recordId: task.taskId, recordName: task.taskName, changedBy: i % 3 ? 'm.keller' : 'a.weber' },
      ...{
        changedAt: minutes(11 + i * 23),
        changedFields: i % 4 ? ['timeout'] : ['schedule', 'tags', 'priority'],
      },
    }),
  )
