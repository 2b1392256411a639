import { describe, expect, it } from 'vitest'
import type { Tx } from '../../src/main/data/db.ts'
import type { QueuePosition } from '../../src/main/data/repos/claims.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { claimWaiting } from '../../src/main/services/engine/claims.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`

/** The transaction, in which `act` is done once: right after the first query that names `column`. */
const afterReading = (tx: Tx, column: string, act: () => Promise<unknown>): Tx => {
  const asked = new WeakSet<object>()
  let done = false
  return tx.withPlugin({
    transformQuery: ({ node, queryId }) => {
      if (JSON.stringify(node).includes(column)) asked.add(queryId)
      return node
    },
    transformResult: async ({ result, queryId }) => {
      if (asked.has(queryId) && !done) {
        done = true
        await act()
      }
      return result
    },
    // A transaction with one more plugin is the same transaction.
  }) as Tx
}

const makeSerial = (tx: Tx, { taskId }: TaskRow): Promise<unknown> =>
  tx.updateTable('Tasks').set({ overlapPolicy: 'Skip' }).where('taskId', '=', taskId).execute()

describe.each(databases())('$name: claims', ({ open }) => {
  it('take the highest priority first, then the oldest slot, and no more than fit', async () => {
    const engine = await openEngineDatabase(open)
    const [low, high] = [
      await engine.task({ overlapPolicy: 'Parallel' }),
      await engine.task({ priority: 5, overlapPolicy: 'Parallel' }),
    ]
    await queue(engine, low, at(1))
    await queue(engine, low, at(0))
    await queue(engine, high, at(3))
    await queue(engine, high, at(2))
    const claimed = await engine.claim({ capacity: 3 })
    expect(claimed.map(({ run }) => [run.taskId, run.scheduledFor])).toEqual([
      [high.taskId, at(2)],
      [high.taskId, at(3)],
      [low.taskId, at(0)],
    ])
    expect(claimed[0]?.run).toMatchObject({
      nodeId: TEST_NODE_ID,
      incarnation: engine.self.incarnation,
      leaseUntil: '2026-03-02T12:00:30.000Z',
    })
  })

  it('are won by one of several who try at once', async () => {
    const engine = await openEngineDatabase(open)
    for (let i = 0; i < 10; i += 1) await queue(engine, await engine.task({}), at(i))
    const claimed = await Promise.all([1, 2, 3].map(() => engine.claim()))
    expect(claimed.flat()).toHaveLength(10)
  })

  it('never take two runs of a serial task, on whichever node they were asked for', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ overlapPolicy: 'Queue' })
    await queue(engine, task, at(0))
    await queue(engine, task, at(1), { targetNodeId: TEST_NODE_ID })
    const [first, ...others] = await engine.claim()
    expect(others).toEqual([])
    expect(await engine.claim()).toEqual([])
    await engine.node({ nodeId: 'second' })
    await queue(engine, task, at(2), { targetNodeId: 'second' })
    const second = { ...engine.self, nodeId: 'second', incarnation: 'second' }
    expect(await engine.claim({ self: second })).toEqual([])
    if (first) await engine.finish(first)
    expect(await engine.claim()).toHaveLength(1)
  })

  it('keep within limits.maxConcurrent', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ overlapPolicy: 'Parallel', limits: { maxConcurrent: 2 } })
    for (let i = 0; i < 5; i += 1) await queue(engine, task, at(i))
    const first = await engine.claim()
    expect(first).toHaveLength(2)
    expect(await engine.claim()).toEqual([])
    for (const one of first.slice(0, 1)) await engine.finish(one)
    expect(await engine.claim()).toHaveLength(1)
  })

  it('leave out a task that becomes serial after it was judged free of rules', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ overlapPolicy: 'Parallel' })
    await queue(engine, task, at(0))
    const options = { now: '2026-03-02T12:00:00.000Z', self: engine.self, capacity: 4, leaseMs: 30_000 }
    const look = await engine.db.write({ actor: 'test' }, (tx) =>
      claimWaiting(
        afterReading(tx, 'OverlapPolicy', () => makeSerial(tx, task)),
        {
          ...options,
          keyAvailable: true,
        },
      ),
    )
    expect(look).toMatchObject({ claimed: [], contended: true })
    expect(await engine.claim()).toHaveLength(1)
  })

  it('reach a task behind hundreds of blocked rows of another', async () => {
    const engine = await openEngineDatabase(open)
    const blocked = await engine.task({ priority: 9, overlapPolicy: 'Queue' })
    for (let i = 0; i < 450; i += 1) await queue(engine, blocked, at(0))
    const waiting = await engine.task({})
    await queue(engine, waiting, at(59))
    const claimed = await engine.claim()
    expect(claimed.map(({ run }) => run.taskId)).toEqual([blocked.taskId, waiting.taskId])
  })

  it('reach a task behind thousands of rows that cannot start, over several looks, best first', async () => {
    const engine = await openEngineDatabase(open)
    const blocked = await engine.task({ priority: 9, overlapPolicy: 'Parallel' })
    const sealed = { parameters: { password: { $sealed: 'v1:key:nonce:text' } } }
    for (let i = 0; i < 1200; i += 1) await queue(engine, blocked, at(0), sealed)
    const waiting = await engine.task({})
    await queue(engine, waiting, at(59))
    let position: QueuePosition | null = null
    const look = async () => {
      const done = await engine.db.write({ actor: 'test' }, (tx) =>
        claimWaiting(
          tx,
          {
            ...{ now: '2026-03-02T12:00:00.000Z', self: engine.self, capacity: 4 },
            ...{ leaseMs: 30_000, keyAvailable: false },
          },
          position,
        ),
      )
      position = done.position
      return done.claimed
    }
    const urgent = await engine.task({ priority: 10 })
    expect(await look()).toEqual([])
    expect(position).not.toBeNull()
    await queue(engine, urgent, at(59))
    expect((await look()).map(({ run }) => run.taskId)).toEqual([urgent.taskId])
    let found: string[] = []
    while (position) found = [...found, ...(await look()).map(({ run }) => run.taskId)]
    expect(found).toEqual([waiting.taskId])
  })

  it('leave alone what is not due, other nodes’ runs, and tasks that are gone', async () => {
    const engine = await openEngineDatabase(open)
    const task = await engine.task({ overlapPolicy: 'Parallel' })
    await queue(engine, task, at(0), { notBefore: '2026-03-02T12:00:00.001Z' })
    await queue(engine, task, at(1), { targetNodeId: 'another' })
    await queue(engine, { ...task, taskId: 'gone' }, at(2))
    expect(await engine.claim()).toEqual([])
    engine.clock.advance(1)
    expect(await engine.claim()).toHaveLength(1)
  })

  it('of tasks with secrets need the key, also when only the run has them', async () => {
    const engine = await openEngineDatabase(open)
    const sealed = { $sealed: 'v1:key:nonce:text' }
    const task = await engine.task({ overlapPolicy: 'Parallel' })
    await queue(engine, task, at(0), { parameters: { password: sealed } })
    expect(await engine.claim({ keyAvailable: false })).toEqual([])
    expect(await engine.claim()).toHaveLength(1)
  })

  it.each([
    ['a draining node', { isDraining: true }],
    ['a node without capacity', { maxConcurrentTasks: 0 }],
    ['a node that is not active', { isActive: false }],
    ['a node of another group', { nodeGroup: 'other' }],
  ])('are not made by %s', async (_what, fields) => {
    const engine = await openEngineDatabase(open)
    await engine.node({ nodeId: 'second', nodeGroup: 'web' })
    const task = await engine.task({ assignedNodeGroup: 'web', runOn: 'One' })
    await queue(engine, task, at(0))
    const asNode = { ...engine.self.node(), nodeGroup: 'web', ...fields }
    expect(await engine.claim({ self: { ...engine.self, node: () => asNode } })).toEqual([])
    const fit = { ...engine.self.node(), nodeGroup: 'web' }
    expect(await engine.claim({ self: { ...engine.self, node: () => fit } })).toHaveLength(1)
  })

  it('leave a run that no node of the target can interpret to one that fails it with the reason', async () => {
    const engine = await openEngineDatabase(open)
    await queue(engine, await engine.task({ scriptPath: 'only-windows.ps1' }), at(0))
    expect(await engine.claim()).toHaveLength(1)
  })

  it('of a task that nobody present may run wait, and end no look early', async () => {
    const engine = await openEngineDatabase(open)
    await engine.node({ nodeId: 'web', nodeGroup: 'web' })
    const away = await engine.task({ assignedNodeGroup: 'web', runOn: 'One', overlapPolicy: 'Parallel' })
    for (let i = 0; i < 60; i += 1) await queue(engine, away, at(0))
    const here = await engine.task({ priority: -5 })
    await queue(engine, here, at(1))
    expect((await engine.claim({ capacity: 2 })).map(({ run }) => run.taskId)).toEqual([here.taskId])
    expect((await engine.runs(away.taskId)).every(({ state }) => state === 'Queued')).toBe(true)
  })
})
