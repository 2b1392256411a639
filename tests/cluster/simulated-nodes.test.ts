import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { allNodes, updateNode } from '../../src/main/data/repos/nodes.ts'
import { renewLeases } from '../../src/main/data/repos/leases.ts'
import { claimWaiting, type Claimed } from '../../src/main/services/engine/claims.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { takerOf } from '../../src/main/services/engine/taker.ts'
import { createDueRuns } from '../../src/main/services/engine/slots.ts'
import { createScheduleCache } from '../../src/main/services/tasks/schedule-of.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { endingOf, openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

/** More nodes than a test can start: their decisions on the real server, several sharing a pool of connections. */

const CONTEXT = { actor: 'system' }
const LEASE_MS = 30_000
const SLOT = '2026-03-02T12:00:00.000Z'

interface Simulated {
  db: OpenDatabase
  self: EngineDatabase['self']
}

const onCluster = async (
  config: Parameters<typeof databaseOptions>[0],
  count: { nodes: number; pools: number },
  use: (engine: EngineDatabase, nodes: Simulated[]) => Promise<void>,
): Promise<void> => {
  const opened: OpenDatabase[] = []
  const open = async (): Promise<OpenDatabase> => {
    const db = await createDatabase(databaseOptions(config))
    opened.push(db)
    return db
  }
  try {
    const engine = await openEngineDatabase(open, SLOT)
    const pools = await Promise.all(Array.from({ length: count.pools }, open))
    const nodes: Simulated[] = []
    for (let i = 0; i < count.nodes; i += 1) {
      const nodeId = `node-${i}`
      await engine.node({ nodeId, nodeName: nodeId, maxConcurrentTasks: 20 })
      const [pool = engine.db] = pools.slice(i % pools.length)
      nodes.push({ db: pool, self: { ...engine.self, nodeId, nodeName: nodeId, incarnation: nodeId } })
    }
    await use(engine, nodes)
  } finally {
    for (const db of opened) await db.close()
  }
}

/** Creates due slots, claims, and ends what it claimed, until nothing is left. */
const work = async (
  { db, self }: Simulated,
  now: string,
  done: Claimed[],
  total: number,
): Promise<number> => {
  const schedules = createScheduleCache()
  let looks = 0
  while (done.length < total) {
    looks += 1
    await db.write(CONTEXT, async (tx) => {
      const taker = takerOf(self.node(), await allNodes(tx), true)
      return createDueRuns(tx, now, schedules, taker)
    })
    const options = { now, self, capacity: 20, leaseMs: LEASE_MS, keyAvailable: true }
    const { claimed } = await db.write(CONTEXT, (tx) => claimWaiting(tx, options))
    done.push(...claimed)
    for (const { run } of claimed)
      await db.write(CONTEXT, (tx) => finishRun(tx, endingOf(run, 'Success', now), now))
  }
  return looks
}

describe.each(serverDatabases())('$name: simulated nodes', ({ place }) => {
  it(
    'ten share 2,000 slots that are due at once: each has exactly one successful claim',
    { timeout: 120_000 },
    async () => {
      await onCluster(await place({ poolSize: 4 }), { nodes: 10, pools: 5 }, async (engine, nodes) => {
        for (let i = 0; i < 200; i += 1)
          await engine.task({
            schedule: { type: 'interval', everySeconds: 60 },
            ...{ overlapPolicy: 'Parallel', misfirePolicy: 'All' },
          })
        engine.clock.advance(10 * 60_000)
        const now = new Date(engine.clock.now()).toISOString()
        const done: Claimed[] = []
        await Promise.all(nodes.map((node) => work(node, now, done, 2_000)))
        expect(done).toHaveLength(2_000)
        expect(new Set(done.map(({ run }) => run.historyId)).size).toBe(2_000)
        expect(new Set(done.map(({ run }) => `${run.scheduleId} ${run.scheduledFor}`)).size).toBe(2_000)
        const states = await engine.db.read
          .selectFrom('Task_History')
          .select(['state', 'attempt'])
          .distinct()
          .execute()
        expect(states).toEqual([{ state: 'Success', attempt: 1 }])
      })
    },
  )

  it(
    'fifty beat and look at an empty queue without waiting for each other',
    { timeout: 60_000 },
    async () => {
      await onCluster(await place({ poolSize: 4 }), { nodes: 50, pools: 5 }, async (engine, nodes) => {
        const now = new Date(engine.clock.now()).toISOString()
        for (let i = 0; i < 20; i += 1) await engine.task({ schedule: '0 0 1 1 *' })
        const slowest: number[] = []
        const round = async ({ db, self }: Simulated): Promise<void> => {
          const began = performance.now()
          await db.write({ ...CONTEXT, urgent: true }, async (tx) => {
            await updateNode(tx, self.nodeId, { lastHeartbeat: now, incarnation: self.incarnation })
            await renewLeases(tx, { nodeId: self.nodeId, incarnation: self.nodeId }, { leaseUntil: now })
          })
          const options = { now, self, capacity: 4, leaseMs: LEASE_MS, keyAvailable: true }
          await db.write(CONTEXT, (tx) => claimWaiting(tx, options))
          slowest.push(performance.now() - began)
        }
        for (let beat = 0; beat < 3; beat += 1) await Promise.all(nodes.map(round))
        // All fifty at the same moment, thrice: nobody comes near the end of a lease, which a beat renews.
        expect(Math.max(...slowest)).toBeLessThan(LEASE_MS / 3)
      })
    },
  )
})
