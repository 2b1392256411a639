import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { findRun, updateRun } from '../../src/main/data/repos/runs.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import type { Claimed } from '../../src/main/services/engine/claims.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { createLeases } from '../../src/main/services/engine/leases.ts'
import { createScheduler, type SchedulerDeps } from '../../src/main/services/engine/scheduler.ts'
import { createUnsureClaims } from '../../src/main/services/engine/unsure-claims.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`
const LEASE_MS = 30_000

type Write = Database['write']

/** The scheduler on a real database whose writes go as the test says. */
const openScheduler = async (open: TestDatabases['open'], more: Partial<SchedulerDeps> = {}) => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  const real: Write = (context, work) => db.write(context, work)
  const way = { write: real }
  const given: Database = { ...db, write: (context, work) => way.write(context, work) }
  const dispatched: Claimed[] = []
  const common = {
    db: given,
    clock,
    self,
    log: memoryLog(),
    events: createEventBus(clock),
    leaseMs: LEASE_MS,
  }
  const unsure = createUnsureClaims(createGiveBack(common))
  const scheduler = createScheduler({
    ...{ ...common, unsure, pollMs: 5_000 },
    keyAvailable: () => false,
    identityTaken: () => null,
    onSetBack: () => Promise.resolve(),
    active: () => 0,
    dispatch: (claimed) => dispatched.push(claimed),
    stop: () => undefined,
    ...more,
  })
  const ids = (): string[] => dispatched.map(({ run }) => run.historyId)
  const leases = createLeases({
    ...{ ...common, db, unsure, output: { read: () => Promise.resolve(null) }, stop: () => undefined },
    holds: (historyId) => ids().includes(historyId),
  })
  return {
    ...{ ...engine, scheduler, real, way, ids },
    find: (historyId: string) => findRun(db.read, historyId),
    /** This node's heart beats, until what nobody holds would be Lost. */
    beat: async () => {
      for (let beats = 0; beats < 8; beats += 1) {
        await leases.renew()
        await leases.judge()
        clock.advance(LEASE_MS / 3)
      }
    },
  }
}

/** As the server does to one of two that wait for each other: the work is taken back, and done again. */
const replayed =
  (real: Write): Write =>
  async (context, work) => {
    const takenBack = new Error('taken back')
    await real(context, async (tx) => {
      await work(tx)
      throw takenBack
    }).catch((error: unknown) => {
      if (error !== takenBack) throw error
    })
    return real(context, work)
  }

const away: Write = () => Promise.reject(new Error('database away'))

/** The answer to a commit is lost: of the second write of a look, the claim. */
const unanswered = (real: Write): Write => {
  let writes = 0
  return async (context, work) => {
    const answer = await real(context, work)
    writes += 1
    if (writes === 2) throw new Error('connection lost')
    return answer
  }
}

/** The claim fails and is taken back. */
const refused = (real: Write): Write => {
  let writes = 0
  return (context, work) => {
    writes += 1
    if (writes !== 2) return real(context, work)
    return real(context, async (tx) => {
      await work(tx)
      throw new Error('connection lost')
    })
  }
}

describe.each(databases())('$name: the scheduler', ({ open }) => {
  it('makes no slots of pinned tasks while the replica is filled, and those of others', async () => {
    let isFilling = true
    const node = await openScheduler(open, { withoutPinned: () => isFilling })
    const schedule = '*/5 * * * *'
    const pinned = await node.task({ schedule, assignedNodeId: node.self.nodeId })
    const other = await node.task({ schedule })
    node.clock.advance(5 * 60_000)
    await node.scheduler.tick()
    expect(await node.runs(other.taskId)).toHaveLength(1)
    expect(await node.runs(pinned.taskId)).toHaveLength(0)
    isFilling = false
    await node.scheduler.tick()
    expect(await node.runs(pinned.taskId)).toHaveLength(1)
    expect(await node.runs(other.taskId)).toHaveLength(1)
  })

  it('passes over nothing when the server takes a look back and it is done again', async () => {
    const node = await openScheduler(open)
    const blocked = await node.task({ priority: 9, overlapPolicy: 'Parallel' })
    const sealed = { parameters: { password: { $sealed: 'v1:key:nonce:text' } } }
    for (let i = 0; i < 40; i += 1) await queue(node, blocked, at(0), sealed)
    const waiting = await queue(node, await node.task({ priority: 8 }), at(1))
    const last = await node.task({ priority: 1, overlapPolicy: 'Parallel' })
    for (let i = 0; i < 100; i += 1) await queue(node, last, at(2), sealed)
    node.way.write = replayed(node.real)
    await node.scheduler.tick()
    expect(node.ids()).toEqual([waiting])
  })
  it.each([
    ['was committed', unanswered],
    ['was not', refused],
  ])(
    'runs what it claimed when it cannot know whether the claim was made, and it %s',
    async (_what, fail) => {
      const node = await openScheduler(open)
      const historyId = await queue(node, await node.task({}), at(1))
      node.way.write = fail(node.real)
      await expect(node.scheduler.tick()).rejects.toThrow('connection lost')
      expect(node.ids()).toEqual([])
      await node.scheduler.tick()
      expect(node.ids()).toEqual([historyId])
      await node.beat()
      await node.scheduler.tick()
      expect(node.ids()).toEqual([historyId])
      expect(await node.find(historyId)).toMatchObject({ state: 'Running', attempt: 1 })
    },
  )

  it('does not let a run be Lost that it claimed unawares and cannot give back yet', async () => {
    const node = await openScheduler(open)
    const historyId = await queue(node, await node.task({}), at(1))
    node.way.write = unanswered(node.real)
    await expect(node.scheduler.tick()).rejects.toThrow('connection lost')
    node.way.write = away
    await expect(node.scheduler.tick()).rejects.toThrow('database away')
    await node.beat()
    expect(await node.find(historyId)).toMatchObject({ state: 'Running' })
    node.way.write = node.real
    await node.scheduler.tick()
    expect(node.ids()).toEqual([historyId])
  })

  it('gives back when it stops, for another start or node', async () => {
    const node = await openScheduler(open)
    const historyId = await queue(node, await node.task({}), at(1))
    node.way.write = unanswered(node.real)
    await expect(node.scheduler.tick()).rejects.toThrow('connection lost')
    await node.scheduler.stopClaiming()
    expect(await node.find(historyId)).toMatchObject({ state: 'Queued', nodeId: null, startTime: null })
  })

  it('gives nothing back that was started, nor what another node has claimed or ended since', async () => {
    const node = await openScheduler(open)
    const started = await queue(node, await node.task({}), at(1))
    await node.scheduler.tick()
    const taken = await queue(node, await node.task({}), at(1))
    node.way.write = unanswered(node.real)
    await expect(node.scheduler.tick()).rejects.toThrow('connection lost')
    await node.db.write({ actor: 'other' }, (tx) =>
      updateRun(tx, taken, { state: 'Running' }, { nodeId: 'other', incarnation: 'theirs' }),
    )
    await node.scheduler.tick()
    expect(node.ids()).toEqual([started])
    expect(await node.find(started)).toMatchObject({ state: 'Running' })
    expect(await node.find(taken)).toMatchObject({ state: 'Running', incarnation: 'theirs' })
    expect(await node.find(started)).toMatchObject({ startTime: isoOf(node.clock.now()) })
  })

  it('sleeps until its poll though slots of other nodes are due and their runs wait', async () => {
    const node = await openScheduler(open)
    await node.node({ nodeId: 'web', nodeGroup: 'web' })
    const forWeb = { schedule: '* * * * *', assignedNodeGroup: 'web', overlapPolicy: 'Parallel' as const }
    await node.task({ ...forWeb, runOn: 'All' })
    const one = await node.task({ ...forWeb, runOn: 'One' })
    for (let i = 0; i < 30; i += 1) await queue(node, one, at(i))
    node.clock.advance(60_000)
    const wait = await node.scheduler.tick()
    expect(wait).toBeGreaterThan(5_000 * 0.7)
    expect(wait).toBeLessThanOrEqual(5_000)
    expect(node.ids()).toEqual([])
  })
})
