import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { lockRun } from '../../src/main/data/repos/locks.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { findRun, insertRun, updateRun } from '../../src/main/data/repos/runs.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createLeases, type Leases } from '../../src/main/services/engine/leases.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { databases, TEST_NODE_ID, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

const LEASE_MS = 30_000
const BEAT_MS = 10_000

interface Beating extends EngineDatabase {
  leases: Leases
  held: Set<string>
  stopped: string[]
  /** Done right before each write of this node: what others do between its look and its write. */
  meanwhile: { act: () => Promise<void> }
  /** Beats every ten seconds for so long. */
  beatFor(ms: number): Promise<void>
  /** A running row, as another process left it. */
  running(fields: { nodeId: string; incarnation: string; leaseUntil: string | null }): Promise<string>
  stateOf(historyId: string): Promise<string | undefined>
}

const openBeating = async (open: TestDatabases['open']): Promise<Beating> => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  const held = new Set<string>()
  const stopped: string[] = []
  const meanwhile = { act: () => Promise.resolve() }
  const contended: Database = {
    ...db,
    write: async (context, work) => {
      await meanwhile.act()
      return db.write(context, work)
    },
  }
  const leases = createLeases({
    ...{ db: contended, clock, self, log: memoryLog(), events: createEventBus(clock), leaseMs: LEASE_MS },
    output: { read: () => Promise.resolve(null) },
    stop: (historyId) => stopped.push(historyId),
    holds: (historyId) => held.has(historyId),
    unsure: { has: () => false },
  })
  const task = await engine.task({ overlapPolicy: 'Parallel', maxRetries: 1, retryDelay: 0 })
  return {
    ...engine,
    ...{ leases, held, stopped, meanwhile },
    beatFor: async (ms) => {
      for (let passed = 0; passed <= ms; passed += BEAT_MS) {
        if (passed > 0) clock.advance(BEAT_MS)
        await leases.renew()
        await leases.judge()
      }
    },
    running: async (fields) => {
      const now = isoOf(clock.now())
      const origin = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const }
      const state = { state: 'Running' as const, startTime: now, ...fields }
      const run = newRun(task, { ...origin, ...state, scheduledFor: now, notBefore: now, now })
      await db.write({ actor: 'test' }, (tx) => insertRun(tx, run))
      return run.historyId
    },
    stateOf: async (historyId) =>
      (await engine.runs(task.taskId)).find((run) => run.historyId === historyId)?.state,
  }
}

const other = { nodeId: 'other', incarnation: 'theirs' }

describe.each(databases())('$name: leases', ({ open, server }) => {
  it('of this incarnation are renewed by each beat, and stop requests are passed on', async () => {
    const node = await openBeating(open)
    const historyId = await node.running({
      nodeId: TEST_NODE_ID,
      incarnation: node.self.incarnation,
      leaseUntil: null,
    })
    node.held.add(historyId)
    await node.db.write({ actor: 'test' }, (tx) =>
      updateRun(tx, historyId, { state: 'Running' }, { stopRequestedAt: isoOf(node.clock.now()) }),
    )
    await node.beatFor(120_000)
    const [run] = await node.runs(
      (await node.db.read.selectFrom('Tasks').select('taskId').executeTakeFirstOrThrow()).taskId,
    )
    expect(run).toMatchObject({ state: 'Running', leaseUntil: isoOf(node.clock.now() + LEASE_MS) })
    expect(node.stopped).toContain(historyId)
  })

  it.runIf(server)('wait for no run that is being finished; it has its turn with the next beat', async () => {
    const node = await openBeating(open)
    const mine = { nodeId: TEST_NODE_ID, incarnation: node.self.incarnation, leaseUntil: null }
    const [finishing, going] = [await node.running(mine), await node.running(mine)]
    const leaseOf = async (historyId: string) => (await findRun(node.db.read, historyId))?.leaseUntil
    // Over a slow line: meanwhile the heart beats, which is no part of this write.
    const beside = AsyncLocalStorage.snapshot()
    await node.db.write({ actor: 'test' }, async (tx) => {
      await lockRun(tx, finishing)
      await beside(() => node.leases.renew())
    })
    const renewed = isoOf(node.clock.now() + LEASE_MS)
    expect([await leaseOf(finishing), await leaseOf(going)]).toEqual([null, renewed])
    await node.leases.renew()
    expect(await leaseOf(finishing)).toBe(renewed)
  })

  it('that ended while their node’s heart beats missed a renewal only: those runs are not Lost', async () => {
    const node = await openBeating(open)
    const historyId = await node.running({ ...other, leaseUntil: isoOf(node.clock.now() - 1) })
    const beat = () => ({ incarnation: other.incarnation, lastHeartbeat: isoOf(node.clock.now()) })
    await node.node({ nodeId: other.nodeId, ...beat() })
    for (let beats = 0; beats < 6; beats += 1) {
      await node.beatFor(0)
      node.clock.advance(BEAT_MS)
      await node.db.write({ actor: 'other' }, (tx) => updateNode(tx, other.nodeId, beat()))
    }
    expect(await node.stateOf(historyId)).toBe('Running')
    await node.beatFor(LEASE_MS + BEAT_MS)
    expect(await node.stateOf(historyId)).toBe('Lost')
  })

  it('of another node that ended are Lost only after our own renewals succeeded for a whole lease', async () => {
    const node = await openBeating(open)
    const historyId = await node.running({ ...other, leaseUntil: isoOf(node.clock.now() - 1) })
    await node.beatFor(LEASE_MS - BEAT_MS)
    expect(await node.stateOf(historyId)).toBe('Running')
    await node.beatFor(2 * BEAT_MS)
    expect(await node.stateOf(historyId)).toBe('Lost')
  })

  it('are not judged right after a gap of our own, by either clock', async () => {
    const node = await openBeating(open)
    await node.beatFor(2 * LEASE_MS)
    const historyId = await node.running({ ...other, leaseUntil: isoOf(node.clock.now() + LEASE_MS) })
    // A sleeping machine: the time of day goes on, the monotonic clock may stand still.
    node.clock.set(node.clock.now() + 3_600_000)
    await node.beatFor(2 * BEAT_MS)
    expect(await node.stateOf(historyId)).toBe('Running')
    await node.beatFor(2 * BEAT_MS)
    expect(await node.stateOf(historyId)).toBe('Lost')
  })

  it('that their node renews meanwhile are left alone', async () => {
    const node = await openBeating(open)
    const historyId = await node.running({ ...other, leaseUntil: isoOf(node.clock.now()) })
    for (let beat = 0; beat < 8; beat += 1) {
      await node.beatFor(0)
      node.clock.advance(BEAT_MS)
      await node.db.write({ actor: 'test' }, (tx) =>
        updateRun(tx, historyId, { state: 'Running' }, { leaseUntil: isoOf(node.clock.now() + LEASE_MS) }),
      )
    }
    expect(await node.stateOf(historyId)).toBe('Running')
  })

  it('renewed between our look and our write are not lost', async () => {
    const node = await openBeating(open)
    await node.beatFor(2 * LEASE_MS)
    const historyId = await node.running({ ...other, leaseUntil: isoOf(node.clock.now() - 1) })
    let writes = 0
    node.meanwhile.act = async () => {
      writes += 1
      const leaseUntil = isoOf(node.clock.now() + LEASE_MS)
      // The first write is our own renewal, the second would declare the run Lost.
      if (writes === 2)
        await node.db.write({ actor: 'other' }, (tx) =>
          updateRun(tx, historyId, { state: 'Running' }, { leaseUntil }),
        )
    }
    await node.beatFor(0)
    expect(writes).toBe(2)
    expect(await node.stateOf(historyId)).toBe('Running')
  })

  it('of a run that no process of this node has are found, while an undelivered result is not lost', async () => {
    const node = await openBeating(open)
    const mine = { nodeId: TEST_NODE_ID, incarnation: node.self.incarnation, leaseUntil: null }
    const [forgotten, undelivered] = [await node.running(mine), await node.running(mine)]
    node.held.add(undelivered)
    await node.beatFor(LEASE_MS)
    expect(await node.stateOf(forgotten)).toBe('Running')
    await node.beatFor(2 * BEAT_MS)
    expect(await node.stateOf(forgotten)).toBe('Lost')
    expect(await node.stateOf(undelivered)).toBe('Running')
  })

  it('of an earlier start whose result waits here are not lost, nor does one bad row spare the others', async () => {
    const node = await openBeating(open)
    const leaseUntil = isoOf(node.clock.now() - 1)
    const before = { nodeId: TEST_NODE_ID, incarnation: 'before', leaseUntil }
    const [undelivered, gone] = [await node.running(before), await node.running({ ...other, leaseUntil })]
    const second = await node.running({ ...other, leaseUntil })
    node.held.add(undelivered)
    await node.beatFor(LEASE_MS - BEAT_MS)
    node.clock.advance(BEAT_MS)
    await node.leases.renew()
    let writes = 0
    node.meanwhile.act = () => {
      writes += 1
      return writes === 1 ? Promise.reject(new Error('cannot be written')) : Promise.resolve()
    }
    await node.leases.judge()
    expect([await node.stateOf(second), await node.stateOf(gone)].sort()).toEqual(['Lost', 'Running'])
    expect(await node.stateOf(undelivered)).toBe('Running')
  })

  it('of an earlier start of this node are Lost at once, and their retry waits', async () => {
    const node = await openBeating(open)
    const historyId = await node.running({ nodeId: TEST_NODE_ID, incarnation: 'before', leaseUntil: null })
    expect(await node.leases.reclaim()).toBe(1)
    expect(await node.stateOf(historyId)).toBe('Lost')
    const [retry] = await node.claim()
    expect(retry?.run).toMatchObject({ attempt: 2, triggeredBy: 'Retry' })
  })

  it('of an earlier start name the processes that could not be killed', async () => {
    const node = await openBeating(open)
    const mine = { nodeId: TEST_NODE_ID, incarnation: 'before', leaseUntil: null }
    const [stuck, gone] = [await node.running(mine), await node.running(mine)]
    await node.leases.reclaim(new Map([[stuck, [4711, 4712]]]))
    const errorOf = async (historyId: string) => (await findRun(node.db.read, historyId))?.error
    expect(await errorOf(stuck)).toBe(
      'the node ended while the script ran; these processes could not be killed and may still work: 4711, 4712',
    )
    expect(await errorOf(gone)).toBe('the node ended while the script ran; its processes are gone')
  })
})
