import { systemClock } from '../../src/main/platform/clock.ts'
import { momentOf } from '../../src/main/services/engine/moment.ts'
import { describe, expect, it } from 'vitest'
import { findRun, runOutput } from '../../src/main/data/repos/runs.ts'
import { listResults, writeResult } from '../../src/main/exec/journal.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { declareLost } from '../../src/main/services/engine/lost.ts'
import { renewLeases } from '../../src/main/data/repos/leases.ts'
import { databases } from '../support/databases.ts'
import { openDispatcher, LEASE_MS } from './open-dispatcher.ts'

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

  it('says why a run was stopped where somebody gave a reason that no row has', async () => {
    const node = await openDispatcher(open)
    node.dispatcher.dispatch(node.claimed, momentOf(systemClock))
    node.dispatcher.stop(node.historyId, 'stop', 'stopped by ann while the database was away')
    await node.dispatcher.idle()
    expect(await findRun(node.db.read, node.historyId)).toMatchObject({
      state: 'Stopped',
      error: 'stopped by ann while the database was away · stopped before its script was started',
    })
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
