import type { AssignableNode } from '../../src/shared/domain/assignment.ts'
import { taskInputSchema, type TaskInputRaw } from '../../src/shared/domain/task.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { insertNode } from '../../src/main/data/repos/nodes.ts'
import { RUN_COLUMNS, type RunRecord } from '../../src/main/data/repos/runs.ts'
import { scheduleRowsOf } from '../../src/main/data/repos/schedules.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { claimWaiting, type Claimed, type ClaimOptions } from '../../src/main/services/engine/claims.ts'
import { finishRun, type Delivered } from '../../src/main/services/engine/finish.ts'
import { createDueRuns } from '../../src/main/services/engine/slots.ts'
import { takerOf } from '../../src/main/services/engine/taker.ts'
import { createScheduleCache } from '../../src/main/services/tasks/schedule-of.ts'
import { createInTx } from '../../src/main/services/tasks/save.ts'
import type { Self } from '../../src/main/services/self.ts'
import { TEST_NODE_ID, type TestDatabases } from './databases.ts'
import { stillClock, type TestClock } from './clock.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'

/** The engine's decisions on a real database, without processes, by a clock that stands still: a server's too. */
export interface EngineDatabase {
  db: OpenDatabase
  clock: TestClock
  self: Self
  task(input: Partial<TaskInputRaw>): Promise<TaskRow>
  /** One look at the clock, by this node or another: slots become runs. */
  tick(by?: AssignableNode): Promise<string[]>
  claim(options?: Partial<ClaimOptions>): Promise<Claimed[]>
  finish(claimed: Claimed, state?: FinalState): Promise<Delivered>
  /** Oldest slot first, then by attempt. */
  runs(taskId: string): Promise<RunRecord[]>
  row(taskId: string): Promise<Awaited<ReturnType<typeof scheduleRowsOf>>[number]>
  node(fields: NodeFields): Promise<void>
}

export const INCARNATION = 'incarnation-1'
const LEASE_MS = 30_000
const context = { actor: 'test' }

type NodeFields = Partial<AssignableNode & { lastHeartbeat: string | null }>

const nodeRow = (fields: NodeFields) => ({
  nodeId: TEST_NODE_ID,
  nodeName: fields.nodeId ?? 'this',
  hostname: 'host',
  ipAddress: null,
  port: null,
  nodeGroup: null,
  nodeRole: null,
  tags: [],
  isActive: true,
  isDraining: false,
  lastHeartbeat: null,
  incarnation: INCARNATION,
  maxConcurrentTasks: 4,
  version: '0.1.0',
  platform: 'test',
  registeredAt: '2026-01-01T00:00:00.000Z',
  registeredBy: 'test',
  ...fields,
  supportedTaskTypes: [...(fields.supportedTaskTypes ?? ['bash'])],
})

export const openEngineDatabase = async (
  open: TestDatabases['open'],
  start = '2026-03-02T12:00:00.000Z',
): Promise<EngineDatabase> => {
  const clock = stillClock(start)
  const db = { ...(await open({ clock })), now: async () => isoOf(clock.now()) }
  const own = nodeRow({})
  const self = { nodeId: TEST_NODE_ID, nodeName: 'this', incarnation: INCARNATION, node: () => own }
  const schedules = createScheduleCache()
  const now = () => isoOf(clock.now())
  const nodes: AssignableNode[] = []
  const node = async (fields: NodeFields) => {
    nodes.push(nodeRow(fields))
    await db.write(context, (tx) => insertNode(tx, nodeRow(fields)))
  }
  await node({})
  let names = 0
  return {
    db,
    clock,
    self,
    node,
    task: (input) => {
      const name = `task ${(names += 1)}`
      const full = taskInputSchema.parse({ taskName: name, scriptPath: 'x.sh', timeZone: 'UTC', ...input })
      const secrets = { sealValues: (_field: string, values: object) => ({ ...values }) }
      return db.write(context, (tx) =>
        createInTx({ tx, ...context, now: now(), secrets }, { ...full, timeZone: full.timeZone ?? 'UTC' }),
      )
    },
    tick: async (by = self.node()) => {
      const { created } = await db.write(context, (tx) =>
        createDueRuns(tx, now(), schedules, takerOf(by, nodes, true)),
      )
      return created.map((run) => run.historyId)
    },
    claim: async (options = {}) => {
      const { claimed } = await db.write(context, (tx) =>
        claimWaiting(tx, {
          ...{ now: now(), self, capacity: 100, leaseMs: LEASE_MS, keyAvailable: true },
          ...options,
        }),
      )
      return claimed
    },
    finish: ({ run }, state = 'Success') =>
      db.write(context, (tx) => finishRun(tx, endingOf(run, state, now()), now())),
    runs: (taskId) =>
      db.read
        .selectFrom('Task_History')
        .select(RUN_COLUMNS)
        .where('taskId', '=', taskId)
        .orderBy('scheduledFor')
        .orderBy('attempt')
        .execute(),
    row: async (taskId) => {
      const [row] = await scheduleRowsOf(db.read, taskId)
      if (!row) throw new Error(`task ${taskId} has no schedule row`)
      return row
    },
  }
}

export const endingOf = (run: RunRecord, state: FinalState, endTime: string) => ({
  historyId: run.historyId,
  incarnation: run.incarnation ?? '',
  state,
  exitCode: state === 'Success' ? 0 : 1,
  error: null,
  startTime: run.startTime,
  endTime,
  output: null,
  outputBytes: 0,
})
