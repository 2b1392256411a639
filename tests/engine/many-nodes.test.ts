import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { required } from '../../src/main/data/migrations/schema-step.ts'
import { createDatabase, type DatabaseOptions } from '../../src/main/data/orm.ts'
import { allNodes } from '../../src/main/data/repos/nodes.ts'
import { allLocks, updateLock } from '../../src/main/data/repos/task-locks.ts'
import { insertRun } from '../../src/main/data/repos/runs.ts'
import { claimWaiting, type Claimed } from '../../src/main/services/engine/claims.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createDueRuns } from '../../src/main/services/engine/slots.ts'
import { takerOf } from '../../src/main/services/engine/taker.ts'
import { createScheduleCache } from '../../src/main/services/tasks/schedule-of.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { queue } from '../support/queued.ts'
import { endingOf, openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

/** What several nodes do at the same moment on one server, each with its own pool. */

const CONTEXT = { actor: 'system' }
const NODES = 4
const SLOT = '2026-03-02T12:00:00.000Z'

interface Cluster {
  engine: EngineDatabase
  nodes: { db: OpenDatabase; self: EngineDatabase['self'] }[]
  /** One more program on it. */
  open: (program: Partial<DatabaseOptions>) => Promise<OpenDatabase>
}

/** A program of the next version, whose schema has a table more. */
const NEXT: Partial<DatabaseOptions> = {
  programVersion: '0.2.0',
  steps: [
    ...steps,
    {
      name: '9999_more',
      minProgram: '0.1.0',
      up: (schema) => schema.table('Extra_more', { ExtraID: required('key') }, ['ExtraID']),
    },
  ],
}

describe.each(serverDatabases())('$name: several nodes at once', ({ place }) => {
  const onCluster = async (use: (cluster: Cluster) => Promise<void>): Promise<void> => {
    const config = await place({ poolSize: 4 })
    const opened: OpenDatabase[] = []
    const open = async (program: Partial<DatabaseOptions> = {}): Promise<OpenDatabase> => {
      const db = await createDatabase({ ...databaseOptions(config), ...program })
      opened.push(db)
      return db
    }
    try {
      const engine = await openEngineDatabase(() => open(), SLOT)
      const nodes: Cluster['nodes'] = []
      for (let i = 0; i < NODES; i += 1) {
        const nodeId = `node-${i}`
        await engine.node({ nodeId, nodeName: nodeId })
        nodes.push({
          db: await open(),
          self: asNode(engine.self, nodeId),
        })
      }
      await use({ engine, nodes, open })
    } finally {
      for (const db of opened) await db.close()
    }
  }

  it('look again in a moment at what others had locked, and not where nothing waits for them', () =>
    onCluster(async ({ engine, nodes }) => {
      await engine.task({ schedule: '* * * * *', overlapPolicy: 'Parallel' })
      engine.clock.advance(60_000)
      const now = new Date(engine.clock.now()).toISOString()
      const [first, second] = nodes
      if (!first || !second) throw new Error('several nodes')
      const options = { now, capacity: 5, leaseMs: 30_000, keyAvailable: true }
      const look = ({ db, self }: Cluster['nodes'][number]) =>
        db.write(CONTEXT, (tx) => claimWaiting(tx, { ...options, self }))
      await createAll(first, now)
      let tell = (): void => undefined
      const locked = new Promise<void>((resolve) => (tell = resolve))
      const other = locked.then(() => look(second))
      await first.db.write({ ...CONTEXT, once: true }, async (tx) => {
        expect((await claimWaiting(tx, { ...options, self: first.self })).claimed).toHaveLength(1)
        tell()
        expect(await other).toMatchObject({ claimed: [], contended: true })
      })
      expect(await look(second)).toMatchObject({ claimed: [], contended: false })
    }))

  it('make each slot of a schedule once', { timeout: 60_000 }, () =>
    onCluster(async ({ engine, nodes }) => {
      for (let i = 0; i < 150; i += 1) await engine.task({ schedule: '* * * * *', overlapPolicy: 'Parallel' })
      for (let minute = 0; minute < 3; minute += 1) {
        engine.clock.advance(60_000)
        const now = new Date(engine.clock.now()).toISOString()
        const created = await Promise.all(nodes.map((node) => createAll(node, now)))
        expect(created.reduce((sum, count) => sum + count)).toBe(150)
      }
      const runs = await engine.db.read
        .selectFrom('Task_History')
        .select(['taskId', 'scheduledFor'])
        .execute()
      expect(new Set(runs.map(({ taskId, scheduledFor }) => `${taskId} ${scheduledFor}`)).size).toBe(450)
      expect(runs).toHaveLength(450)
    }),
  )

  it('of two versions share the work before the migration and after it', { timeout: 60_000 }, () =>
    onCluster(async ({ engine, nodes: [old, other], open }) => {
      if (!old || !other) throw new Error('there are four nodes')
      await engine.task({ schedule: '* * * * *' })
      const share = async (newer: OpenDatabase, schemaVersion: number): Promise<void> => {
        expect([old.db.schemaVersion, newer.schemaVersion]).toEqual([steps.length, schemaVersion])
        for (const [maker, taker] of [
          [old.db, newer],
          [newer, old.db],
        ] as const) {
          engine.clock.advance(60_000)
          const now = new Date(engine.clock.now()).toISOString()
          expect(await createAll({ db: maker, self: other.self }, now)).toBe(1)
          const [one, ...more] = await claimSome({ db: taker, self: other.self }, now)
          expect([one?.run.state, more]).toEqual(['Running', []])
          if (one) await taker.write(CONTEXT, (tx) => finishRun(tx, endingOf(one.run, 'Success', now), now))
        }
      }
      await share(await open(NEXT), steps.length)
      await share(await open({ ...NEXT, migrate: true }), steps.length + 1)
      const ended = await engine.db.read.selectFrom('Task_History').select('state').execute()
      expect(ended.map(({ state }) => state)).toEqual(Array(4).fill('Success'))
    }),
  )

  it('take each run once, and no more of a task than it lets run', { timeout: 60_000 }, () =>
    onCluster(async ({ engine, nodes }) => {
      const limited = await engine.task({ overlapPolicy: 'Parallel', limits: { maxConcurrent: 2 } })
      const serial = await engine.task({ overlapPolicy: 'Queue' })
      const free = await engine.task({ overlapPolicy: 'Parallel' })
      await engine.db.write(CONTEXT, async (tx) => {
        const origin = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const, now: SLOT }
        for (const task of [limited, serial, free])
          for (let i = 0; i < 40; i += 1)
            await insertRun(tx, newRun(task, { ...origin, scheduledFor: SLOT, notBefore: SLOT }))
      })
      const running = new Map<string, number>()
      const most = new Map<string, number>()
      const taken: string[] = []
      const started = ({ run }: Claimed): void => {
        taken.push(run.historyId)
        const count = (running.get(run.taskId) ?? 0) + 1
        running.set(run.taskId, count)
        most.set(run.taskId, Math.max(count, most.get(run.taskId) ?? 0))
      }
      const ended = (taskId: string): void => void running.set(taskId, (running.get(taskId) ?? 0) - 1)
      await Promise.all(
        // Two at once on each.
        [...nodes, ...nodes].map(async (node) => {
          while (taken.length < 120) {
            const claimed = await claimSome(node)
            claimed.forEach(started)
            for (const one of claimed) {
              // Before it is written: what is counted never is more than what runs.
              ended(one.run.taskId)
              await node.db.write(CONTEXT, (tx) => finishRun(tx, endingOf(one.run, 'Success', SLOT), SLOT))
            }
          }
        }),
      )
      expect(new Set(taken).size).toBe(120)
      expect(taken).toHaveLength(120)
      expect(most.get(serial.taskId)).toBe(1)
      expect(most.get(limited.taskId)).toBeLessThanOrEqual(2)
      const states = await engine.db.read.selectFrom('Task_History').select('state').distinct().execute()
      expect(states).toEqual([{ state: 'Success' }])
    }),
  )

  it('keep within a lock group, whichever tasks its runs are of', { timeout: 60_000 }, () =>
    onCluster(async ({ engine, nodes }) => {
      const locked = { overlapPolicy: 'Parallel' as const, limits: { locks: ['tape'] } }
      for (let i = 0; i < 24; i += 1) await queue(engine, await engine.task(locked), SLOT)
      await engine.db.write(CONTEXT, async (tx) => {
        for (const { lockId } of await allLocks(tx)) await updateLock(tx, lockId, { maxConcurrent: 3 })
      })
      let [running, most, taken] = [0, 0, 0]
      await Promise.all(
        nodes.map(async (node) => {
          while (taken < 24) {
            const claimed = await claimSome(node)
            taken += claimed.length
            running += claimed.length
            most = Math.max(most, running)
            for (const one of claimed) {
              // Before it is written: what is counted never is more than what runs.
              running -= 1
              await node.db.write(CONTEXT, (tx) => finishRun(tx, endingOf(one.run, 'Success', SLOT), SLOT))
            }
          }
        }),
      )
      expect(taken).toBe(24)
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(3)
    }),
  )
})

const asNode = (self: EngineDatabase['self'], nodeId: string): EngineDatabase['self'] => {
  const node = { ...self.node(), nodeId, nodeName: nodeId }
  return { nodeId, nodeName: nodeId, incarnation: nodeId, node: () => node }
}

/** Looks until nothing is due. @returns how many runs it made */
const createAll = async ({ db, self }: Cluster['nodes'][number], now: string): Promise<number> => {
  const schedules = createScheduleCache()
  const taker = takerOf(self.node(), await allNodes(db.read), true)
  let made = 0
  for (;;) {
    const { created, more, contended } = await db.write(CONTEXT, (tx) =>
      createDueRuns(tx, now, schedules, taker),
    )
    made += created.length
    if (!more && !contended) return made
  }
}

const claimSome = async ({ db, self }: Cluster['nodes'][number], now = SLOT): Promise<Claimed[]> => {
  const options = { now, self, capacity: 5, leaseMs: 30_000, keyAvailable: true }
  return (await db.write(CONTEXT, (tx) => claimWaiting(tx, options))).claimed
}
