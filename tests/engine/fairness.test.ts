import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import type { Claimed } from '../../src/main/services/engine/claims.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { createScheduler } from '../../src/main/services/engine/scheduler.ts'
import { createUnsureClaims } from '../../src/main/services/engine/unsure-claims.ts'
import type { Self } from '../../src/main/services/self.ts'
import { databaseOptions, serverDatabases, TEST_NODE_ID } from '../support/databases.ts'
import { endingOf, openEngineDatabase } from '../support/engine-database.ts'

/** Schedulers of three nodes at their own pace on one server, by the real clock. */

const NODES = ['a', 'b', 'c']
const TASKS = 200
const RUN_MS = 300

/** Every task has its slot at the same second, in two to three. */
const allDueSoon = async (db: OpenDatabase): Promise<void> => {
  const at = new Date(Math.ceil(Date.parse(await db.now()) / 1000) * 1000 + 2000)
  const schedule = `${at.getUTCSeconds()} ${at.getUTCMinutes()} * * * *`
  await db.write({ actor: 'test' }, async (tx) => {
    await tx.updateTable('Tasks').set({ schedule }).execute()
    await tx.updateTable('Task_Schedule').set({ nextRun: at.toISOString() }).execute()
  })
}

interface Member {
  taken: string[]
  stop: () => Promise<void>
}

const join = (db: OpenDatabase, self: Self): Member => {
  const taken: string[] = []
  const held = new Set<string>()
  const common = { db, clock: systemClock, self, events: createEventBus(systemClock), log: memoryLog() }
  let going = true
  let wake = new AbortController()
  const finish = async ({ run }: Claimed): Promise<void> => {
    await sleep(RUN_MS)
    const now = await db.now()
    await db.write({ actor: 'system' }, (tx) => finishRun(tx, endingOf({ ...run }, 'Success', now), now))
    held.delete(run.historyId)
    wake.abort()
  }
  const ends: Promise<void>[] = []
  const scheduler = createScheduler({
    ...{ ...common, leaseMs: 30_000, unsure: createUnsureClaims(createGiveBack(common)), pollMs: 5_000 },
    keyAvailable: () => true,
    identityTaken: () => null,
    onSetBack: () => Promise.resolve(),
    active: () => held.size,
    dispatch: (claimed) => {
      taken.push(claimed.run.historyId)
      held.add(claimed.run.historyId)
      ends.push(finish(claimed))
    },
  })
  const loop = async (): Promise<void> => {
    while (going) {
      wake = new AbortController()
      const wait = await scheduler.tick()
      await sleep(wait, undefined, { signal: wake.signal }).catch(() => undefined)
    }
  }
  const looping = loop()
  return {
    taken,
    stop: async () => {
      going = false
      wake.abort()
      await looping
      await Promise.all(ends)
    },
  }
}

describe.each(serverDatabases())('$name: three nodes of equal capacity', ({ place }) => {
  it(
    'share 200 tasks that are due at once: each runs once, no node has below half its share',
    {
      timeout: 60_000,
    },
    async () => {
      const config = await place({ poolSize: 4 })
      const opened: OpenDatabase[] = []
      const open = async (): Promise<OpenDatabase> => {
        const db = await createDatabase(databaseOptions(config))
        opened.push(db)
        return db
      }
      try {
        const engine = await openEngineDatabase(open)
        const db = await open()
        const now = await db.now()
        const nodeOf = (nodeId: string) => ({
          ...engine.self.node(),
          nodeId,
          nodeName: nodeId,
          maxConcurrentTasks: 100,
        })
        for (const nodeId of NODES) await engine.node({ ...nodeOf(nodeId), lastHeartbeat: now })
        for (let i = 0; i < TASKS; i += 1) await engine.task({ schedule: '0 0 1 1 *' })
        await allDueSoon(db)
        const members: Member[] = []
        for (const nodeId of NODES) {
          const node = nodeOf(nodeId)
          members.push(
            join(await open(), { nodeId, nodeName: nodeId, incarnation: nodeId, node: () => node }),
          )
        }
        const all = (): string[] => members.flatMap(({ taken }) => taken)
        for (let waited = 0; all().length < TASKS && waited < 20_000; waited += 50) await sleep(50)
        await Promise.all(members.map((member) => member.stop()))
        expect(new Set(all()).size).toBe(TASKS)
        expect(all()).toHaveLength(TASKS)
        const half = Math.ceil(TASKS / NODES.length / 2)
        for (const { taken } of members) expect(taken.length).toBeGreaterThanOrEqual(half)
        const states = await db.read.selectFrom('Task_History').select('state').distinct().execute()
        expect(states).toEqual([{ state: 'Success' }])
        expect(all()).not.toContain(TEST_NODE_ID)
      } finally {
        for (const db of opened) await db.close()
      }
    },
  )
})
