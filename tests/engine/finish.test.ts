import { describe, expect, it } from 'vitest'
import { findRun } from '../../src/main/data/repos/runs.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { endingOf, openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000

/** The next slot's run, claimed. */
const runSlot = async (engine: EngineDatabase, minutes = 5) => {
  engine.clock.advance(minutes * MINUTE)
  await engine.tick()
  const [claimed] = await engine.claim()
  if (!claimed) throw new Error('nothing was claimed')
  return claimed
}

describe.each(databases())('$name: the end of a run', ({ open }) => {
  it('is not retried on a node that was retired meanwhile', async () => {
    const engine = await openEngineDatabase(open)
    const { db } = engine
    for (const target of [{ assignedNodeId: TEST_NODE_ID }, { runOn: 'All' as const }]) {
      const task = await engine.task({ schedule: '*/5 * * * *', maxRetries: 3, ...target })
      const claimed = await runSlot(engine)
      await db.write({ actor: 'test' }, (tx) => updateNode(tx, TEST_NODE_ID, { isActive: false }))
      await engine.finish(claimed, 'Lost')
      expect((await engine.runs(task.taskId)).map(({ state }) => state)).toEqual(['Lost'])
      await db.write({ actor: 'test' }, (tx) => updateNode(tx, TEST_NODE_ID, { isActive: true }))
      await db.write({ actor: 'test' }, (tx) =>
        tx.updateTable('Tasks').set({ enabled: false }).where('taskId', '=', task.taskId).execute(),
      )
    }
  })

  it('is retried with growing delays, as attempts of one slot, which counts once', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({
      schedule: '0 0 * * *',
      maxRetries: 2,
      retryDelay: 60,
      retryBackoff: 3,
    })
    const first = await runSlot(engine, 12 * 60)
    const failedAt = engine.clock.now()
    await engine.finish(first, 'Failed')
    engine.clock.set(failedAt + 59_000)
    expect(await engine.claim()).toEqual([])
    engine.clock.set(failedAt + 60_000)
    const [second] = await engine.claim()
    expect(second?.run).toMatchObject({
      attempt: 2,
      triggeredBy: 'Retry',
      scheduledFor: first.run.scheduledFor,
    })
    expect(await engine.row(task.taskId)).toMatchObject({ totalRuns: 0 })
    if (second) await engine.finish(second, 'Timeout')
    const [, , third] = await engine.runs(task.taskId)
    expect(third?.notBefore).toBe(isoOf(failedAt + 60_000 + 180_000))
    engine.clock.advance(180_000)
    for (const last of await engine.claim()) await engine.finish(last, 'Failed')
    expect(await engine.runs(task.taskId)).toHaveLength(3)
    expect(await engine.row(task.taskId)).toMatchObject({
      ...{ totalRuns: 1, successCount: 0, failureCount: 1 },
      ...{ lastState: 'Failed', isRunning: false },
    })
  })

  it('as Stopped is not retried; neither is a Lost run someone had asked to stop', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ schedule: '*/5 * * * *', maxRetries: 3, retryDelay: 0 })
    await engine.finish(await runSlot(engine), 'Stopped')
    expect(await engine.runs(task.taskId)).toHaveLength(1)
    const asked = await runSlot(engine)
    await engine.db.write({ actor: 'test' }, (tx) =>
      tx
        .updateTable('Task_History')
        .set({ stopRequestedAt: isoOf(engine.clock.now()) })
        .where('historyId', '=', asked.run.historyId)
        .execute(),
    )
    await engine.finish(asked, 'Failed')
    expect(await engine.runs(task.taskId)).toHaveLength(2)
  })

  it('delivered twice changes nothing', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ schedule: '*/5 * * * *' })
    const claimed = await runSlot(engine)
    const ending = endingOf(claimed.run, 'Success', isoOf(engine.clock.now()))
    const deliver = () =>
      engine.db.write({ actor: 'test' }, (tx) => finishRun(tx, ending, isoOf(engine.clock.now())))
    expect(await deliver()).toBe('stored')
    engine.clock.advance(MINUTE)
    expect(await deliver()).toBe('known')
    expect(await findRun(engine.db.read, ending.historyId)).toMatchObject({ state: 'Success', error: null })
    expect(await engine.row(task.taskId)).toMatchObject({ totalRuns: 1, successCount: 1 })
  })

  it('that comes late is kept as evidence, not as state, once', async () => {
    const engine = await openEngineDatabase(open)
    await engine.task({ schedule: '*/5 * * * *' })
    const claimed = await runSlot(engine)
    const { historyId } = claimed.run
    await engine.db.write({ actor: 'test' }, (tx) =>
      tx
        .updateTable('Task_History')
        .set({ state: 'Lost', error: 'gone' })
        .where('historyId', '=', historyId)
        .execute(),
    )
    expect(await engine.finish(claimed)).toBe('late')
    expect(await engine.finish(claimed)).toBe('late')
    const run = await findRun(engine.db.read, historyId)
    expect(run?.state).toBe('Lost')
    expect(run?.error).toMatch(/^gone · late result: Success, exit code 0 at [^·]+$/)
  })

  it('of one of two parallel runs leaves the other shown as running', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' })
    const [first, second] = [await runSlot(engine), await runSlot(engine)]
    await engine.finish(first, 'Failed')
    expect(await engine.row(task.taskId)).toMatchObject({
      ...{ isRunning: true, lastHistoryId: second.run.historyId, lastState: null, totalRuns: 1 },
      lastRun: second.run.startTime,
    })
    await engine.finish(second)
    expect(await engine.row(task.taskId)).toMatchObject({
      ...{ isRunning: false, runningOnNode: null, startedAt: null, lastState: 'Success', totalRuns: 2 },
    })
  })

  it('of a deleted task is kept, and not retried', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ schedule: '*/5 * * * *', maxRetries: 3 })
    const claimed = await runSlot(engine)
    await engine.db.write({ actor: 'test' }, async (tx) => {
      await tx.deleteFrom('Task_Schedule').execute()
      await tx.deleteFrom('Tasks').execute()
    })
    expect(await engine.finish(claimed, 'Failed')).toBe('stored')
    expect(await engine.runs(task.taskId)).toMatchObject([{ state: 'Failed' }])
  })
})
