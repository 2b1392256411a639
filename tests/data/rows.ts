import type { Insertable } from 'kysely'
import type { Tables } from '../../src/main/data/entities/index.ts'
import { newId } from '../../src/main/platform/ids.ts'

/** Rows with everything they need; a test names what it is about. */

const AT = '2026-03-01T08:00:00.000Z'

export const taskRow = (fields: Partial<Insertable<Tables['Tasks']>> = {}): Insertable<Tables['Tasks']> => ({
  taskId: newId(),
  taskName: 'Nightly export',
  appName: '',
  scriptPath: 'export.sh',
  timeZone: 'Europe/Berlin',
  enabled: true,
  priority: 0,
  maxRetries: 0,
  retryDelay: 60,
  retryBackoff: 1.5,
  overlapPolicy: 'Skip',
  misfirePolicy: 'Last',
  misfireWindow: 86_400,
  onLeaseLost: 'Finish',
  tags: ['a', 'b'],
  parameters: { path: '/srv', nested: { deep: [1, null] } },
  environment: {},
  createdAt: AT,
  version: 1,
  ...fields,
})

export const scheduleRow = (
  fields: Partial<Insertable<Tables['Task_Schedule']>> = {},
): Insertable<Tables['Task_Schedule']> => ({
  scheduleId: newId(),
  taskId: newId(),
  nodeId: '',
  isRunning: false,
  totalRuns: 0,
  successCount: 0,
  failureCount: 0,
  ...fields,
})

export const runRow = (
  fields: Partial<Insertable<Tables['Task_History']>> = {},
): Insertable<Tables['Task_History']> => ({
  historyId: newId(),
  taskId: newId(),
  taskName: 'Nightly export',
  appName: '',
  scheduledFor: AT,
  notBefore: AT,
  sortTime: AT,
  state: 'Queued',
  priority: 0,
  attempt: 1,
  triggeredBy: 'Schedule',
  updatedAt: AT,
  ...fields,
})

export const nodeRow = (fields: Partial<Insertable<Tables['Nodes']>> = {}): Insertable<Tables['Nodes']> => ({
  nodeId: newId(),
  nodeName: 'node-1',
  hostname: 'host-1',
  tags: [],
  isActive: true,
  isDraining: false,
  maxConcurrentTasks: 4,
  supportedTaskTypes: ['bash'],
  registeredAt: AT,
  ...fields,
})

export const tokenRow = (
  fields: Partial<Insertable<Tables['Api_Token']>> = {},
): Insertable<Tables['Api_Token']> => ({
  tokenId: newId(),
  tokenName: 'ci',
  role: 'viewer',
  tokenHash: newId(),
  createdAt: AT,
  version: 1,
  ...fields,
})
