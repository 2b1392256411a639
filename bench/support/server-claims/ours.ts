import { sql } from 'kysely'
import type { AssignableNode } from '../../../src/shared/domain/assignment.ts'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import type { ServerConfig } from '../../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../../src/main/data/orm.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import { claimWaiting } from '../../../src/main/services/engine/claims.ts'
import { createScheduler } from '../../../src/main/services/engine/scheduler.ts'
import { createUnsureClaims } from '../../../src/main/services/engine/unsure-claims.ts'
import { createDueRuns } from '../../../src/main/services/engine/slots.ts'
import { createEventBus } from '../../../src/main/services/events.ts'
import type { Self } from '../../../src/main/services/self.ts'
import { takerOf } from '../../../src/main/services/engine/taker.ts'
import { createScheduleCache } from '../../../src/main/services/tasks/schedule-of.ts'
import { nodeRow, scheduleRow, taskRow } from '../../../tests/data/rows.ts'
import { sourceProgram } from '../../../tests/support/program.ts'
import { makeDatabase } from './databases.ts'
import {
  countOnce,
  drain,
  DUE,
  NODES,
  same,
  type Contestant,
  type Field,
  type Joined,
  type NodeIds,
  type Place,
} from './contestant.ts'

/*
 * This program. `all`: each node's scheduler looks at the clock again and again, with room for `batch` more
 * runs each time. `slots` and `claims`: its two halves, one after the other.
 */

export const ours: Contestant = { prepare, join }

const nodeIdOf = (index: number): string => `01900000-0000-7000-8000-0000000000${10 + index}`

const nodeOf = (index: number, maxConcurrentTasks: number): AssignableNode => ({
  nodeId: nodeIdOf(index),
  nodeName: `node-${index}`,
  nodeGroup: 'production',
  nodeRole: 'primary',
  isActive: true,
  isDraining: false,
  maxConcurrentTasks,
  supportedTaskTypes: ['bash'],
})

const configOf = ({ server, database }: Place): ServerConfig => ({
  type: server.type,
  server: server.host,
  port: server.port,
  database,
  username: server.username,
  password: server.password,
  ssl: null,
  tls: { ca: null, cert: null, key: null },
  integratedSecurity: false,
  poolSize: 3,
  enableChangeTracking: true,
  timeoutSeconds: 60,
  urgentTimeoutSeconds: 5,
})

const openAs = (place: Place, index: number): Promise<OpenDatabase> =>
  createDatabase({
    config: configOf(place),
    readerEntry: sourceProgram.readerEntry,
    nodeId: () => nodeIdOf(index),
    clock: systemClock,
    programVersion: sourceProgram.version,
  })

async function prepare(place: Place): Promise<Field> {
  await makeDatabase(place)
  const db = await openAs(place, 0)
  const { schedule, nextRun } = slotAt(await db.now())
  await fill(db, schedule)
  return {
    reset: (phase) => reset(db, phase, nextRun),
    settle: () => settle(db),
    check: (phase, taken) => check(db, phase, taken),
    close: () => db.close(),
  }
}

const INSERTED_AT_ONCE = 100

/** A slot that came within the last minute; the next one lies an hour ahead, longer than the bench takes. */
const slotAt = (time: string): { schedule: string; nextRun: string } => ({
  schedule: `${Number(time.slice(14, 16))} * * * *`,
  nextRun: `${time.slice(0, 16)}:00.000Z`,
})

const fill = async (db: OpenDatabase, schedule: string): Promise<void> => {
  const tasks = Array.from({ length: DUE }, (_, n) =>
    taskRow({
      taskName: `task ${n}`,
      schedule,
      timeZone: 'UTC',
      priority: n % 5,
      assignedNodeGroup: n % 3 === 0 ? 'production' : null,
      runOn: 'One',
    }),
  )
  await db.write({ actor: 'system' }, async (tx) => {
    const nodes = Array.from({ length: NODES }, (_, index) => nodeOf(index, DUE))
    await tx
      .insertInto('Nodes')
      .values(nodes.map((node) => nodeRow({ ...node, supportedTaskTypes: [...node.supportedTaskTypes] })))
      .execute()
  })
  for (let from = 0; from < DUE; from += INSERTED_AT_ONCE) {
    const some = tasks.slice(from, from + INSERTED_AT_ONCE)
    await db.write({ actor: 'system' }, async (tx) => {
      await tx.insertInto('Tasks').values(some).execute()
      const rows = some.map(({ taskId }) => scheduleRow({ taskId }))
      await tx.insertInto('Task_Schedule').values(rows).execute()
    })
  }
}

const reset = async (db: OpenDatabase, phase: string, nextRun: string): Promise<void> => {
  // The second half begins with what the first one made.
  if (phase === 'claims') return
  await db.write({ actor: 'system' }, async (tx) => {
    await tx.deleteFrom('Task_History').execute()
    await tx.updateTable('Task_Schedule').set({ nextRun, isRunning: false, runningOnNode: null }).execute()
  })
}

const settle = async (db: OpenDatabase): Promise<void> => {
  const tables = ['Tasks', 'Task_Schedule', 'Task_History', 'Data_Change']
  for (const table of tables)
    await (
      db.type === 'PostgreSQL'
        ? sql`vacuum analyze ${sql.table(table)}`
        : sql`analyze table ${sql.table(table)}`
    ).execute(db.read)
}

const check = async (db: OpenDatabase, phase: string, taken: readonly NodeIds[]): Promise<void> => {
  const count = countOnce(taken)
  const rows = await db.read
    .selectFrom('Task_History')
    .select(['historyId', 'scheduleId', 'state', 'nodeId'])
    .execute()
  same('slots with a run', new Set(rows.map((row) => row.scheduleId)).size, rows.length)
  if (phase === 'slots') return same('runs that were made', rows.length, count)
  same('runs that were claimed', rows.filter((row) => row.state === 'Running').length, count)
  const holders = new Map(rows.map((row) => [row.historyId, row.state === 'Running' ? row.nodeId : null]))
  for (const { index, ids } of taken)
    for (const id of ids)
      if (holders.get(id) !== nodeIdOf(index)) throw new Error(`run ${id} is not with the node that has it`)
}

async function join(place: Place, index: number): Promise<Joined> {
  const db = await openAs(place, index)
  const schedules = createScheduleCache()
  return {
    leave: () => db.close(),
    work: async (work, tally) => {
      const { phase, batch } = work
      const node = nodeOf(index, batch)
      const self: Self = {
        nodeId: node.nodeId,
        nodeName: node.nodeName,
        incarnation: `01900000-0000-7000-8000-0000000001${10 + index}`,
        node: () => node,
      }
      const take = {
        all: lookOf(db, self),
        claims: claimOf(db, self, batch),
        slots: slotsOf(db, self, schedules),
      }[phase]
      if (!take) throw new Error(`no phase ${phase}`)
      await drain(work, tally, take, phase === 'slots' ? () => isDue(db) : () => isLeft(db))
    },
  }
}

type Take = () => Promise<string[]>

/** The scheduler as it is, with what it asks to know when to look again. */
const lookOf = (db: OpenDatabase, self: Self): Take => {
  let claimed: string[] = []
  const scheduler = createScheduler({
    db,
    clock: systemClock,
    self,
    events: createEventBus(systemClock),
    leaseMs: 30_000,
    unsure: createUnsureClaims(() => Promise.resolve(true)),
    pollMs: 5_000,
    keyAvailable: () => true,
    identityTaken: () => null,
    onSetBack: async () => {},
    active: () => 0,
    dispatch: ({ run }) => void claimed.push(run.historyId),
  })
  return async () => {
    claimed = []
    await scheduler.tick()
    return claimed
  }
}

const claimOf =
  (db: OpenDatabase, self: Self, capacity: number): Take =>
  () =>
    db.write({ actor: 'system' }, async (tx) => {
      const now = await db.now()
      const { claimed } = await claimWaiting(tx, { now, self, capacity, leaseMs: 30_000, keyAvailable: true })
      return claimed.map(({ run }) => run.historyId)
    })

const slotsOf =
  (db: OpenDatabase, self: Self, schedules: ReturnType<typeof createScheduleCache>): Take =>
  () =>
    db.write({ actor: 'system' }, async (tx) => {
      const { created } = await createDueRuns(tx, await db.now(), schedules, takerOf(self.node(), [], true))
      return created.map((run) => run.historyId)
    })

const isDue = async (db: OpenDatabase): Promise<boolean> => {
  const row = await db.look
    .selectFrom('Task_Schedule')
    .select('scheduleId')
    .where('nextRun', '<=', await db.now())
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const isLeft = async (db: OpenDatabase): Promise<boolean> => {
  const queued = await db.look
    .selectFrom('Task_History')
    .select('historyId')
    .where('state', '=', 'Queued')
    .limit(1)
    .executeTakeFirst()
  return queued !== undefined || isDue(db)
}
