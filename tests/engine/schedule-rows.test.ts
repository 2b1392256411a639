import { describe, expect, it } from 'vitest'
import { scheduleRowsOf } from '../../src/main/data/repos/schedules.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { upkeepAllTargets } from '../../src/main/services/nodes/upkeep.ts'
import { removeInTx, updateInTx } from '../../src/main/services/tasks/save.ts'
import type { TaskPatch } from '../../src/shared/domain/task.ts'
import { databases, TEST_NODE_ID, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000

const openEditable = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db, clock } = engine
  const now = () => isoOf(clock.now())
  const inTask = (
    taskId: string,
    work: (
      context: Parameters<typeof updateInTx>[0],
      row: Parameters<typeof updateInTx>[1],
    ) => Promise<unknown>,
  ) =>
    db.write({ actor: 'test' }, async (tx) => {
      const row = await findTask(tx, taskId)
      const secrets = { sealValues: (_field: string, values: object) => ({ ...values }) }
      if (row) await work({ tx, actor: 'test', now: now(), secrets }, row)
    })
  return {
    ...engine,
    edit: (taskId: string, patch: TaskPatch) =>
      inTask(taskId, (context, row) => updateInTx(context, row, patch)),
    remove: (taskId: string) => inTask(taskId, removeInTx),
    rows: (taskId: string) => scheduleRowsOf(db.read, taskId),
    changeNode: (nodeId: string, fields: Parameters<typeof updateNode>[2]) =>
      db.write({ actor: 'test' }, async (tx) => {
        await updateNode(tx, nodeId, fields)
        await upkeepAllTargets(tx, { now: now(), actor: 'test' })
      }),
  }
}

describe.each(databases())('$name: edits in flight', ({ open }) => {
  it('of the schedule drop the queued slot, not the running one nor a retry', async () => {
    const node = await openEditable(open)
    const [queued, retried] = [
      await node.task({ schedule: '*/5 * * * *' }),
      await node.task({ schedule: '*/5 * * * *', maxRetries: 1, retryDelay: 60 }),
    ]
    node.clock.advance(5 * MINUTE)
    await node.tick()
    const claimed = await node.claim()
    for (const one of claimed) if (one.task.taskId === retried.taskId) await node.finish(one, 'Failed')
    await node.edit(queued.taskId, { overlapPolicy: 'Queue' })
    node.clock.advance(5 * MINUTE)
    await node.tick()
    for (const { taskId } of [queued, retried]) await node.edit(taskId, { schedule: '0 * * * *' })
    expect((await node.runs(queued.taskId)).map((run) => [run.state, run.error])).toEqual([
      ['Running', null],
      ['Stopped', 'the schedule was changed'],
    ])
    expect((await node.runs(retried.taskId)).map((run) => run.state)).toEqual(['Failed', 'Queued', 'Skipped'])
    expect((await node.row(queued.taskId)).nextRun).toBe('2026-03-02T13:00:00.000Z')
  })

  it('that disable cancel what waits, retries included, and the slot of a cancelled retry counts', async () => {
    const node = await openEditable(open)
    const task = await node.task({ schedule: '*/5 * * * *', maxRetries: 1, retryDelay: 60 })
    node.clock.advance(5 * MINUTE)
    await node.tick()
    for (const one of await node.claim()) await node.finish(one, 'Failed')
    await node.edit(task.taskId, { enabled: false })
    expect((await node.runs(task.taskId)).map((run) => run.state)).toEqual(['Failed', 'Stopped'])
    expect(await node.row(task.taskId)).toMatchObject({ nextRun: null, totalRuns: 1, failureCount: 1 })
    await node.edit(task.taskId, { enabled: true })
    expect((await node.row(task.taskId)).nextRun).toBe('2026-03-02T12:10:00.000Z')
  })

  it('that disable let the running one go on, and do not retry it', async () => {
    const node = await openEditable(open)
    const task = await node.task({ schedule: '*/5 * * * *', maxRetries: 1, retryDelay: 0 })
    node.clock.advance(5 * MINUTE)
    await node.tick()
    const claimed = await node.claim()
    await node.edit(task.taskId, { enabled: false })
    for (const one of claimed) expect(await node.finish(one, 'Failed')).toBe('stored')
    expect((await node.runs(task.taskId)).map((run) => run.state)).toEqual(['Failed'])
  })

  it('that delete keep the history and cancel what waits', async () => {
    const node = await openEditable(open)
    const task = await node.task({ schedule: '*/5 * * * *', overlapPolicy: 'Queue' })
    for (let slot = 0; slot < 2; slot += 1) {
      node.clock.advance(5 * MINUTE)
      await node.tick()
      await node.claim()
    }
    await node.remove(task.taskId)
    expect((await node.runs(task.taskId)).map((run) => run.state)).toEqual(['Running', 'Stopped'])
    expect(await node.rows(task.taskId)).toEqual([])
  })
})

describe.each(databases())('$name: rows of an All target', ({ open }) => {
  it('follow the nodes of the group as they come, leave and retire', async () => {
    const node = await openEditable(open)
    await node.node({ nodeId: 'web-1', nodeGroup: 'web' })
    const task = await node.task({ schedule: '*/5 * * * *', assignedNodeGroup: 'web' })
    const nodes = async () => (await node.rows(task.taskId)).map((row) => row.nodeId)
    expect(await nodes()).toEqual(['web-1'])
    await node.node({ nodeId: 'web-2', nodeGroup: 'web' })
    await node.changeNode(TEST_NODE_ID, { nodeGroup: 'web' })
    expect(await nodes()).toEqual([TEST_NODE_ID, 'web-1', 'web-2'])
    await node.changeNode('web-1', { nodeGroup: 'db' })
    await node.changeNode('web-2', { isActive: false })
    expect(await nodes()).toEqual([TEST_NODE_ID])
  })

  it('stay due while their node drains, and then go by the misfire policy, with the reason', async () => {
    const node = await openEditable(open)
    const common = { schedule: '*/5 * * * *', runOn: 'All' as const }
    const last = await node.task(common)
    const skip = await node.task({ ...common, misfirePolicy: 'Skip' })
    node.clock.advance(5 * MINUTE)
    await node.tick()
    const claimed = await node.claim()
    await node.changeNode(TEST_NODE_ID, { isDraining: true })
    const draining = { ...node.self.node(), isDraining: true }
    for (const one of claimed) await node.finish(one)
    node.clock.advance(12 * MINUTE)
    expect(await node.tick(draining)).toEqual([])
    expect(await node.row(last.taskId)).toMatchObject({ nextRun: '2026-03-02T12:10:00.000Z', totalRuns: 1 })
    await node.changeNode(TEST_NODE_ID, { isDraining: false })
    await node.tick()
    const told = async (taskId: string) =>
      (await node.runs(taskId)).map((run) => [
        `${run.scheduledFor.slice(11, 16)} ${run.state}`,
        run.skippedCount,
        run.error,
      ])
    const reason = 'missed while this node was away or drained'
    expect(await told(last.taskId)).toEqual([
      ['12:05 Success', null, null],
      ['12:10 Skipped', 1, reason],
      ['12:15 Queued', null, null],
    ])
    expect(await told(skip.taskId)).toEqual([
      ['12:05 Success', null, null],
      ['12:10 Skipped', 2, reason],
    ])
    expect(await node.row(last.taskId)).toMatchObject({ nextRun: '2026-03-02T12:20:00.000Z', totalRuns: 1 })
  })

  it('of a task saved while their node drains start then, and follow its edits', async () => {
    const node = await openEditable(open)
    await node.changeNode(TEST_NODE_ID, { isDraining: true })
    const task = await node.task({ schedule: '*/5 * * * *', runOn: 'All' })
    expect(await node.row(task.taskId)).toMatchObject({
      nodeId: TEST_NODE_ID,
      nextRun: '2026-03-02T12:05:00.000Z',
    })
  })

  it('outside a new target go when their run has ended, and what waits there is cancelled', async () => {
    const node = await openEditable(open)
    const task = await node.task({
      schedule: '*/5 * * * *',
      runOn: 'All',
      overlapPolicy: 'Queue',
      maxRetries: 1,
    })
    let claimed: Awaited<ReturnType<typeof node.claim>> = []
    for (let slot = 0; slot < 2; slot += 1) {
      node.clock.advance(5 * MINUTE)
      await node.tick()
      claimed = [...claimed, ...(await node.claim())]
    }
    await node.node({ nodeId: 'web-1', nodeGroup: 'web' })
    await node.edit(task.taskId, { assignedNodeGroup: 'web' })
    expect((await node.runs(task.taskId)).map((run) => run.state)).toEqual(['Running', 'Stopped'])
    expect((await node.rows(task.taskId)).map((row) => [row.nodeId, row.nextRun])).toEqual([
      [TEST_NODE_ID, null],
      ['web-1', '2026-03-02T12:15:00.000Z'],
    ])
    for (const one of claimed) await node.finish(one, 'Failed')
    expect((await node.rows(task.taskId)).map((row) => row.nodeId)).toEqual(['web-1'])
    expect(await node.runs(task.taskId)).toHaveLength(2)
  })

  it('of a task whose stored schedule cannot be read do not stop a node from starting', async () => {
    const node = await openEditable(open)
    const task = await node.task({ schedule: '*/5 * * * *', runOn: 'All' })
    await node.db.write({ actor: 'test' }, (tx) =>
      tx.updateTable('Tasks').set({ schedule: 'nonsense' }).execute(),
    )
    await node.node({ nodeId: 'web-1' })
    await node.changeNode('web-1', { nodeGroup: 'web' })
    expect(await node.rows(task.taskId)).toHaveLength(2)
  })

  it('count overlap for each node', async () => {
    const node = await openEditable(open)
    await node.node({ nodeId: 'web-1' })
    const task = await node.task({ schedule: '*/5 * * * *', runOn: 'All' })
    node.clock.advance(5 * MINUTE)
    await node.tick()
    expect(await node.claim()).toHaveLength(1)
    const own = { ...node.self.node(), nodeId: 'web-1' }
    const second = { ...node.self, nodeId: 'web-1', node: () => own, incarnation: 'second' }
    // Its row waits for it.
    expect(await node.claim({ self: second })).toEqual([])
    await node.tick(own)
    expect(await node.claim({ self: second })).toHaveLength(1)
    expect((await node.runs(task.taskId)).map((run) => run.nodeId).sort()).toEqual(
      [TEST_NODE_ID, 'web-1'].sort(),
    )
  })
})
