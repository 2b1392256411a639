import { describe, expect, it, onTestFinished } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { insertHold, releaseHolds } from '../../src/main/data/repos/holds.ts'
import { findRun, insertRun } from '../../src/main/data/repos/runs.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createCluster } from '../../src/main/services/cluster.ts'
import { endEverything } from '../../src/main/services/cluster/end-everything.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createScheduler } from '../../src/main/services/engine/scheduler.ts'
import { createUnsureClaims } from '../../src/main/services/engine/unsure-claims.ts'
import { createWatch } from '../../src/main/services/engine/watch.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'

/** An emergency stop and the scheduler of a node, at every moment at which they can meet. */

const CONTEXT = { actor: 'test' }

const openHeld = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  // What happens right after the scheduler's next writes.
  const turns: (() => Promise<unknown>)[] = []
  const write: Database['write'] = async (context, work) => {
    const result = await db.write(context, work)
    await turns.shift()?.()
    return result
  }
  const events = createEventBus(clock)
  const seen = { started: [] as string[], stopped: [] as string[] }
  const common = { ...{ db: { ...db, write }, clock, self, events, log: memoryLog() }, leaseMs: 30_000 }
  const scheduler = createScheduler({
    ...{ ...common, pollMs: 5_000, unsure: createUnsureClaims(createGiveBack(common)) },
    keyAvailable: () => true,
    identityTaken: () => null,
    onSetBack: () => Promise.resolve(),
    active: () => 0,
    dispatch: ({ run }) => seen.started.push(run.historyId),
    stop: (historyId) => seen.stopped.push(historyId),
  })
  const task = await engine.task({ schedule: '* * * * *', overlapPolicy: 'Parallel' })
  const now = (): string => isoOf(clock.now())
  return {
    ...{ engine, db, scheduler, seen, turns, task },
    ends: { db, events, stopHere: () => false, tellOthers: () => undefined },
    hold: () =>
      db.write(CONTEXT, (tx) =>
        insertHold(tx, {
          ...{ holdId: 'h1', heldAt: now(), heldBy: 'ann', reason: null },
          ...{ releasedAt: null, releasedBy: null },
        }),
      ),
    release: () => db.write(CONTEXT, (tx) => releaseHolds(tx, { releasedAt: now(), releasedBy: 'ann' })),
    queue: async (more: object = {}, delay = 0): Promise<string> => {
      const origin = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const, now: now() }
      const notBefore = isoOf(clock.now() + delay)
      const run = newRun(task, { ...origin, scheduledFor: now(), notBefore, ...more })
      await db.write(CONTEXT, (tx) => insertRun(tx, run))
      return run.historyId
    },
  }
}

describe.each(databases())('$name: a held cluster', ({ open }) => {
  it('makes no slots and claims nothing, and goes on where it was', async () => {
    const { engine, scheduler, seen, hold, release, queue, task } = await openHeld(open)
    const waiting = await queue()
    await hold()
    engine.clock.advance(60_000)
    // Not again at once, though something is due.
    expect(await scheduler.tick()).toBe(5_000)
    expect(seen.started).toEqual([])
    expect((await engine.runs(task.taskId)).map((run) => run.historyId)).toEqual([waiting])
    await release()
    await scheduler.tick()
    expect(seen.started).toHaveLength(2)
    expect(seen.stopped).toEqual([])
  })

  it('that is held between the slots and the claim claims nothing', async () => {
    const { engine, scheduler, seen, turns, hold, queue } = await openHeld(open)
    await queue()
    engine.clock.advance(60_000)
    turns.push(hold)
    await scheduler.tick()
    expect(seen.started).toEqual([])
  })

  it('that is held between the claim and the start starts nothing', async () => {
    const { db, scheduler, seen, turns, hold, queue, ends } = await openHeld(open)
    const id = await queue()
    turns.push(() => Promise.resolve(), hold)
    await scheduler.tick()
    expect(seen).toEqual({ started: [id], stopped: [id] })
    // And who made the hold finds it too.
    expect(await endEverything(ends, admin, null)).toEqual({ stopping: 1, cancelled: 0 })
    expect(await findRun(db.read, id)).toMatchObject({ state: 'Running', stopRequestedBy: admin.actor })
  })

  it('that is resumed starts nothing late but what the misfire policies let in', async () => {
    const { engine, db, scheduler, seen, queue, ends, task } = await openHeld(open)
    const cluster = createCluster({
      ...{ ...ends, clusterId: 'c1', awayAfterMs: 30_000, log: memoryLog(), wake: () => undefined },
    })
    await cluster.stop({ ...admin, reason: 'fire' }, null)
    // Their transactions began before the hold, and ended after everything was cancelled.
    const beside = [await queue(), await queue({ attempt: 2, triggeredBy: 'Retry' }, 5 * 60_000)]
    engine.clock.advance(10 * 60_000)
    await cluster.resume(admin)
    await scheduler.tick()
    const late = await Promise.all(beside.map((id) => findRun(db.read, id)))
    expect(late.map((run) => [run?.state, run?.error])).toEqual(
      beside.map(() => ['Stopped', `the cluster was stopped by ${admin.actor} (fire)`]),
    )
    const runs = await engine.runs(task.taskId)
    const started = runs.filter(({ historyId }) => seen.started.includes(historyId))
    expect(started.map(({ scheduledFor }) => scheduledFor.slice(11, 16))).toEqual(['12:10'])
    expect(runs.find(({ state }) => state === 'Skipped')).toMatchObject({ skippedCount: 9 })
  })

  it('starts nothing at resume that was claimed and given back while it was to stop', async () => {
    const { engine, db, ends, queue } = await openHeld(open)
    const id = await queue()
    const [claimed] = await engine.claim()
    await endEverything(ends, admin, null)
    const events = createEventBus(engine.clock)
    if (claimed) await createGiveBack({ db, log: memoryLog(), events })(claimed)
    expect(await findRun(db.read, id)).toMatchObject({
      ...{ state: 'Stopped', error: 'stopped before its script was started', leaseUntil: null },
    })
    expect(await engine.claim()).toEqual([])
  })

  it('ends a long queue in slices, each waiting run once', { timeout: 60_000 }, async () => {
    const { queue, ends, engine, task } = await openHeld(open)
    for (let i = 0; i < 450; i += 1) await queue()
    expect(await endEverything(ends, { ...admin, reason: null }, 'fire')).toEqual({
      stopping: 0,
      cancelled: 450,
    })
    const states = new Set((await engine.runs(task.taskId)).map(({ state, error }) => `${state}: ${error}`))
    expect([...states]).toEqual([`Stopped: the cluster was stopped by ${admin.actor} (fire)`])
  })
})

describe.each(databases())('$name: a cluster of the schema before', ({ open }) => {
  it('works on, is watched, and can be held', async () => {
    const { db, engine, scheduler, seen, queue, ends } = await openHeld((options) =>
      open({ ...options, steps: steps.slice(0, -1) }),
    )
    expect(db.schemaVersion).toBe(steps.length - 1)
    const id = await queue()
    await scheduler.tick()
    expect(seen).toEqual({ started: [id], stopped: [] })
    const watch = createWatch({
      ...{
        db,
        clock: engine.clock,
        self: engine.self,
        events: ends.events,
        awayAfterMs: 30_000,
        isAlone: false,
      },
      ...{ live: () => [id], stop: () => undefined, wake: () => undefined },
      ...{ ownRow: () => undefined, followed: () => undefined },
    })
    onTestFinished(() => watch.close())
    await watch.look()
    const cluster = createCluster({
      ...{ ...ends, clusterId: 'c1', awayAfterMs: 30_000, log: memoryLog(), wake: () => undefined },
    })
    expect(await cluster.get(admin)).toMatchObject({ clusterId: 'c1', running: 1, hold: null })
    expect(await cluster.stop(admin, null)).toMatchObject({ hold: { heldBy: admin.actor }, stopping: 1 })
    expect(await cluster.resume(admin)).toMatchObject({ hold: null })
  })
})
