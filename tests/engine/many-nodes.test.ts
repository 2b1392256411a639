import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { insertRun } from '../../src/main/data/repos/runs.ts'
import { claimWaiting, type Claimed } from '../../src/main/services/engine/claims.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createDueRuns } from '../../src/main/services/engine/slots.ts'
import { createScheduleCache } from '../../src/main/services/tasks/schedule-of.ts'
import { databaseOptions, serverDatabases } from '../support/databases.ts'
import { endingOf, openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

/** What several nodes do at the same moment on one server, each with its own pool. */

const CONTEXT = { actor: 'system' }
const NODES = 4
const SLOT = '2026-03-02T12:00:00.000Z'

interface Cluster {
  engine: EngineDatabase
  nodes: { db: OpenDatabase; self: EngineDatabase['self'] }[]
}

describe.each(serverDatabases())('$name: several nodes at once', ({ place }) => {
  const onCluster = async (use: (cluster: Cluster) => Promise<void>): Promise<void> => {
    const config = await place({ poolSize: 4 })
    const opened: OpenDatabase[] = []
    const open = async (): Promise<OpenDatabase> => {
      const db = await createDatabase(databaseOptions(config))
      opened.push(db)
      return db
    }
    try {
      const engine = await openEngineDatabase(open, SLOT)
      const nodes: Cluster['nodes'] = []
      for (let i = 0; i < NODES; i += 1) {
        const nodeId = `node-${i}`
        await engine.node({ nodeId, nodeName: nodeId })
        nodes.push({
          db: await open(),
          self: { ...engine.self, nodeId, nodeName: nodeId, incarnation: nodeId },
        })
      }
      await use({ engine, nodes })
    } finally {
      for (const db of opened) await db.close()
    }
  }

  it('make each slot of a schedule once', { timeout: 60_000 }, () =>
    onCluster(async ({ engine, nodes }) => {
      for (let i = 0; i < 150; i += 1) await engine.task({ schedule: '* * * * *', overlapPolicy: 'Parallel' })
      for (let minute = 0; minute < 3; minute += 1) {
        engine.clock.advance(60_000)
        const now = new Date(engine.clock.now()).toISOString()
        const created = await Promise.all(nodes.map(({ db }) => createAll(db, now)))
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
})

/** Looks until nothing is due. @returns how many runs it made */
const createAll = async (db: OpenDatabase, now: string): Promise<number> => {
  const schedules = createScheduleCache()
  let made = 0
  for (;;) {
    const { created, more, contended } = await db.write(CONTEXT, (tx) => createDueRuns(tx, now, schedules))
    made += created.length
    if (!more && !contended) return made
  }
}

const claimSome = async ({ db, self }: Cluster['nodes'][number]): Promise<Claimed[]> => {
  const options = { now: SLOT, self, capacity: 5, leaseMs: 30_000, keyAvailable: true }
  return (await db.write(CONTEXT, (tx) => claimWaiting(tx, options))).claimed
}
