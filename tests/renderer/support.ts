import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import type { ClusterNode, Placement } from '../../src/shared/domain/node.ts'
import type { Task } from '../../src/shared/domain/task.ts'

/** Records as the node answers them, for tests of what the window makes of them. */

const NOW = '2026-11-24T13:09:00.000Z'

export const node = (nodeName: string, part: Partial<ClusterNode> = {}): ClusterNode => ({
  ...{ nodeId: nodeName, nodeName, hostname: nodeName, ipAddress: null, port: null },
  ...{ nodeGroup: null, nodeRole: null, tags: [], isActive: true, isDraining: false, state: 'Active' },
  ...{ stateReason: null, stateSince: null, lastHeartbeat: NOW, maxConcurrentTasks: 4 },
  ...{ supportedTaskTypes: ['bash'], version: null, platform: null, running: 0, isThisNode: false },
  ...{ registeredAt: NOW, registeredBy: null, startedAt: null, addresses: [], clockOffset: null },
  ...{ missingScripts: [], holdsKey: true, isolation: [] },
  ...part,
})

export const placement = (nodeName: string, part: Partial<Placement> = {}): Placement => ({
  ...{ nodeId: nodeName, nodeName, state: 'Active', runs: true },
  ...{ reasons: [], reasonCodes: [], warnings: [] },
  ...part,
})

/** As much of a task as a list that is drawn needs. */
export const aTask = (part: Partial<Task> & { taskName: string }): Partial<Task> => ({
  ...{ taskId: part.taskName, enabled: true, isRunning: false, nextRun: null, schedule: null },
  ...part,
})

export type EventType = ClusterEvent['type']
export const event = (type: EventType): ClusterEvent => ({ type, at: NOW })

/** A client of which a test answers only what its store asks. */
export const clientOf = <Client>(answers: object): Client => answers as Client
