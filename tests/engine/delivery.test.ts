import { systemClock } from '../../src/main/platform/clock.ts'
import { momentOf } from '../../src/main/services/engine/moment.ts'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { findRun, runOutput } from '../../src/main/data/repos/runs.ts'
import { listResults, writeResult } from '../../src/main/exec/journal.ts'
import type { RunResult } from '../../src/main/exec/run-spec.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createEventBus, type EventBus } from '../../src/main/services/events.ts'
import { createDelivery } from '../../src/main/services/engine/delivery.ts'
import { createDispatcher } from '../../src/main/services/engine/dispatch.ts'
import { createLeaseLeft } from '../../src/main/services/engine/lease-left.ts'
import { declareLost } from '../../src/main/services/engine/lost.ts'
import { renewLeases } from '../../src/main/data/repos/leases.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { centreOnly } from '../../src/main/services/engine/run-home.ts'
import type { Packed } from '../../src/main/services/engine/stored-output.ts'
import { createMetrics } from '../../src/main/services/metrics.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { eventually } from '../support/eventually.ts'
import { tempDir } from '../support/node.ts'

const metrics = (events: EventBus) =>
  createMetrics({
    events,
    ...{ version: '0', running: () => 0, capacity: () => 0, tickAge: () => 0 },
    ...{ queued: () => Promise.resolve(0), databaseUp: () => Promise.resolve(true) },
    sync: null,
  })

/** A dispatcher on a real database that may be cut off; scripts end when the test says so. */
const openDispatcher = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const task = await engine.task({ schedule: '*/5 * * * *' })
  engine.clock.advance(300_000)
  await engine.tick()
  const [claimed] = await engine.claim()
  if (!claimed) throw new Error('nothing was claimed')
  let cut = false
  const db: Database = {
    ...engine.db,
    write: (context, work) =>
      cut ? Promise.reject(new Error('database away')) : engine.db.write(context, work),
  }
  const journalDir = join(await tempDir(), 'journal')
  const events = createEventBus(engine.clock)
  const common = { clock: engine.clock, log: memoryLog(), events, metrics: metrics(events) }
  let wrote: Packed | null = null
  const output = {
    read: (id: string) =>
      id === 'unstorable' ? Promise.reject(new Error('damaged')) : Promise.resolve(wrote),
    discard: () => undefined,
    discardAllBut: () => Promise.resolve(),
  }
  let closed = false
  let preparing: Promise<void> = Promise.resolve()
  const ends: ((result: RunResult) => void)[] = []
  const dispatcher = createDispatcher({
    ...common,
    delivery: createDelivery({ ...common, db, output, journalDir }),
    supervisor: {
      run: () => new Promise((resolve) => ends.push(resolve)),
      stop: () => ends.length > 0,
      isClosed: () => closed,
    },
    giveBack: createGiveBack({ ...common, db }),
    leaseMs: LEASE_MS,
    leaseLeft: createLeaseLeft(centreOnly(db)),
    prepare: async () => {
      await preparing
      return { spec: {} as never, scriptHash: 'a'.repeat(64) }
    },
    onChange: () => undefined,
    onEnd: () => undefined,
  })
  const { historyId, incarnation } = claimed.run
  return {
    ...engine,
    ...{ task, claimed, dispatcher, journalDir, historyId },
    metrics: common.metrics,
    ...{ events, log: common.log },
    close: () => (closed = true),
    /** How many scripts were started. */
    started: () => ends.length,
    /** The node stands still while it prepares a script, until the answer is called. */
    standStill: (): (() => void) => {
      let goOn = (): void => undefined
      preparing = new Promise((resolve) => (goOn = resolve))
      return goOn
    },
    cutOff: (away: boolean) => (cut = away),
    wrote: (packed: Packed) => (wrote = packed),
    /** The script ends. */
    end: async (error: string | null = null) => {
      const resolve = await eventually(() => ends.at(0))
      const at = isoOf(engine.clock.now())
      resolve({
        ...{
          historyId,
          incarnation: incarnation ?? '',
          state: 'Success',
          exitCode: 0,
          signal: null,
          error,
        },
        ...{ startTime: at, endTime: at, outputBytes: 0, outputTruncated: false },
      })
    },
  }
}

const LEASE_MS = 30_000
const LARGER_THAN_A_PACKET = 40 * 1024 * 1024

describe.each(databases())('$name: delivery', ({ open }) => {
  it('of a result waits while the database is away, and the run counts as held until then', async () => {
    const node = await openDispatcher(open)
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    node.cutOff(true)
    await node.end()
    await node.dispatcher.idle()
    expect(node.dispatcher.active()).toBe(0)
    expect(node.dispatcher.holds(node.historyId)).toBe(true)
    expect(await listResults(node.journalDir)).toHaveLength(1)
    expect(await node.dispatcher.deliverJournal()).toBe(1)
    node.cutOff(false)
    expect(await node.dispatcher.deliverJournal()).toBe(0)
    expect(node.dispatcher.holds(node.historyId)).toBe(false)
    expect(await listResults(node.journalDir)).toEqual([])
    const run = await findRun(node.db.read, node.historyId)
    expect(run).toMatchObject({ state: 'Success', error: null, scriptHash: 'a'.repeat(64) })
  })

  it('leaves no result behind for a run that was stopped before its script was started', async () => {
    const node = await openDispatcher(open)
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    expect(node.dispatcher.stop(node.historyId, 'stop')).toBe(true)
    await node.dispatcher.idle()
    expect(await findRun(node.db.read, node.historyId)).toMatchObject({ state: 'Stopped' })
    expect(await node.runs(node.task.taskId)).toHaveLength(1)
  })

  it('gives back a run that the shutdown caught before its script was started', async () => {
    const node = await openDispatcher(open)
    node.close()
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    await node.dispatcher.idle()
    const run = await findRun(node.db.read, node.historyId)
    expect(run).toMatchObject({
      state: 'Queued',
      attempt: 1,
      nodeId: null,
      startTime: null,
      leaseUntil: null,
    })
    expect(await node.row(node.task.taskId)).toMatchObject({ isRunning: false, totalRuns: 0 })
    const [again] = await node.claim()
    expect(again?.run).toMatchObject({ historyId: node.historyId, attempt: 1 })
  })

  it('of one result that cannot be stored does not keep the others from theirs', async () => {
    const node = await openDispatcher(open)
    const result = {
      ...{ incarnation: 'other', state: 'Success' as const, exitCode: 0, signal: null, error: null },
      ...{ startTime: '2026-03-02T12:00:00.000Z', endTime: '2026-03-02T12:00:01.000Z' },
      ...{ outputBytes: 0, outputTruncated: false },
    }
    await writeResult(node.journalDir, { ...result, historyId: 'unstorable' })
    await writeResult(node.journalDir, { ...result, historyId: 'fine', endTime: '2026-03-02T12:00:02.000Z' })
    expect(await node.dispatcher.deliverJournal()).toBe(1)
    expect((await listResults(node.journalDir)).map(({ historyId }) => historyId)).toEqual(['unstorable'])
  })

  it('counts each end once, also of runs that never started', async () => {
    const node = await openDispatcher(open)
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    await node.end()
    await node.dispatcher.idle()
    const event = { type: 'run.finished' as const, id: 'x' }
    node.events.emit({ ...event, state: 'Lost' })
    node.events.emit({ ...event, state: 'Stopped' })
    const text = await node.metrics.text()
    for (const state of ['Success', 'Lost', 'Stopped'])
      expect(text).toContain(`pswebhost_runs_total{state="${state}"} 1`)
    expect(text).toContain('pswebhost_run_lateness_seconds_count 1')
  })
  it('stores a result without its output when that is too large for the server, and says so', async () => {
    const node = await openDispatcher(open)
    const refused = node.db.type === 'MySQL'
    // In one statement twice as many: more than any server of these tests takes.
    const gzip = Buffer.alloc(refused ? LARGER_THAN_A_PACKET : 1000, 'x')
    node.wrote({ gzip, bytes: 50_000_000 })
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    await node.end('said at the end')
    await node.dispatcher.idle()
    expect(node.dispatcher.holds(node.historyId)).toBe(false)
    expect(await listResults(node.journalDir)).toEqual([])
    const run = await findRun(node.db.read, node.historyId)
    expect(run).toMatchObject({ state: 'Success', exitCode: 0, leaseUntil: null })
    expect(run?.error).toMatch(
      refused
        ? /^said at the end · the output could not be stored: .* raise max_allowed_packet/
        : /^said at the end$/,
    )
    const stored = await runOutput(node.db.read, node.historyId)
    expect(stored?.byteLength ?? null).toBe(refused ? null : gzip.byteLength)
  })
})

describe.each(databases())('$name: a node that stands still between claim and start', ({ open }) => {
  const standingStill = async () => {
    const node = await openDispatcher(open)
    const goOn = node.standStill()
    node.dispatcher.dispatch(node.claimed, momentOf(node.clock))
    node.clock.advance(LEASE_MS + 1_000)
    return { ...node, goOn, found: () => findRun(node.db.read, node.historyId) }
  }

  it('starts nothing that was declared Lost meanwhile, though its heart beats again before', async () => {
    const { goOn, found, ...node } = await standingStill()
    const { db, log, events, self, clock } = node
    const loss = { run: node.claimed.run, reason: 'not renewed', stillLost: () => true }
    expect(await declareLost({ db, log, events }, loss)).toBe(true)
    const leaseUntil = isoOf(clock.now() + LEASE_MS)
    await db.write({ actor: 'test' }, (tx) => renewLeases(tx, self, { leaseUntil }))
    goOn()
    await node.dispatcher.idle()
    expect(node.started()).toBe(0)
    expect(await found()).toMatchObject({ state: 'Lost', error: 'not renewed' })
  })

  it('gives back what nobody took though its lease has ended', async () => {
    const { goOn, found, ...node } = await standingStill()
    goOn()
    await node.dispatcher.idle()
    expect(node.started()).toBe(0)
    expect(await found()).toMatchObject({ state: 'Queued', nodeId: null })
  })

  it('starts nothing while it cannot ask', async () => {
    const { goOn, ...node } = await standingStill()
    node.cutOff(true)
    goOn()
    await node.dispatcher.idle()
    expect(node.started()).toBe(0)
  })

  it('starts what was renewed all the time: its script only took long to be read', async () => {
    const { goOn, found, ...node } = await standingStill()
    const leaseUntil = isoOf(node.clock.now() + LEASE_MS)
    await node.db.write({ actor: 'test' }, (tx) => renewLeases(tx, node.self, { leaseUntil }))
    goOn()
    await node.end()
    await node.dispatcher.idle()
    expect(await found()).toMatchObject({ state: 'Success' })
  })
})
