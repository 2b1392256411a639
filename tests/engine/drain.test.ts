import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { findRun } from '../../src/main/data/repos/runs.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { createScheduler } from '../../src/main/services/engine/scheduler.ts'
import { createUnsureClaims } from '../../src/main/services/engine/unsure-claims.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createNodes } from '../../src/main/services/nodes.ts'
import { createPlacer } from '../../src/main/services/tasks/placements.ts'
import { databases, TEST_NODE_ID, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'
import { queue } from '../support/queued.ts'

const SLOT = '2026-03-02T11:00:00.000Z'

/** A scheduler that does not learn by itself that its node was drained from elsewhere. */
const openDrained = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  const events = createEventBus(clock)
  // What happens right after the scheduler's next writes.
  const turns: (() => Promise<unknown>)[] = []
  const write: Database['write'] = async (context, work) => {
    const result = await db.write(context, work)
    await turns.shift()?.()
    return result
  }
  const started: string[] = []
  const common = { ...{ db: { ...db, write }, clock, self, events, log: memoryLog() }, leaseMs: 30_000 }
  const scheduler = createScheduler({
    ...{ ...common, pollMs: 5_000, unsure: createUnsureClaims(createGiveBack(common)) },
    keyAvailable: () => true,
    identityTaken: () => null,
    onSetBack: () => Promise.resolve(),
    active: () => 0,
    dispatch: ({ run }) => started.push(run.historyId),
    stop: () => undefined,
  })
  const ownKey = { nodeId: self.nodeId, available: () => true }
  const nodes = createNodes({
    placer: createPlacer({ db, ownKey, awayAfterMs: 60_000 }),
    ...{ db, self, events, awayAfterMs: 60_000, wake: () => undefined },
    nodeChanged: () => Promise.resolve(),
  })
  const drain = (on: boolean) => nodes.drain(admin, TEST_NODE_ID, on)
  return { ...engine, scheduler, turns, started, drain }
}

describe.each(databases())('$name: a node whose drain request was answered', ({ open }) => {
  it('claims nothing and makes no slots, until it drains no more', async () => {
    const { scheduler, started, drain, ...node } = await openDrained(open)
    const task = await node.task({ schedule: '* * * * *', overlapPolicy: 'Parallel' })
    const waiting = await queue(node, task, SLOT)
    await drain(true)
    node.clock.advance(60_000)
    for (let looks = 0; looks < 3; looks += 1) await scheduler.tick()
    expect(started).toEqual([])
    expect(await node.runs(task.taskId)).toMatchObject([{ historyId: waiting, state: 'Queued' }])
    await drain(false)
    await scheduler.tick()
    expect(started).toContain(waiting)
    expect(started).toHaveLength(2)
  })

  it('starts nothing of a claim that went on meanwhile, and gives it back', async () => {
    const { scheduler, started, drain, turns, ...node } = await openDrained(open)
    const waiting = await queue(node, await node.task({}), SLOT)
    turns.push(
      () => Promise.resolve(),
      () => drain(true),
    )
    await scheduler.tick()
    expect(started).toEqual([])
    expect(await findRun(node.db.read, waiting)).toMatchObject({ state: 'Queued', nodeId: null })
  })
})
