import { describe, expect, it } from 'vitest'
import { putNodeState } from '../../src/main/data/repos/node-states.ts'
import { insertHold } from '../../src/main/data/repos/holds.ts'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { sortTasks } from '../../src/renderer/features/nodes/why-not.ts'
import { createPlacer } from '../../src/main/services/tasks/placements.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const NOW = '2026-03-02T12:00:00.000Z'
const EARLIER = '2026-03-02T10:00:00.000Z'

describe.each(databases())('$name: where tasks run', ({ open }) => {
  const openPlaced = async () => {
    const engine = await openEngineDatabase(open)
    const ownKey = { nodeId: TEST_NODE_ID, available: () => true }
    const placer = createPlacer({ db: engine.db, ownKey, awayAfterMs: 30_000 })
    const web = { nodeId: 'web', nodeName: 'web-1', nodeGroup: 'web' }
    const state = (fields: Parameters<typeof putNodeState>[2]) =>
      engine.db.write({ actor: 'test' }, (tx) => putNodeState(tx, 'web', fields))
    const change = (fields: Parameters<typeof updateNode>[2]) =>
      engine.db.write({ actor: 'test' }, (tx) => updateNode(tx, 'web', fields))
    /** Why the task does not run on web-1. */
    const why = async (taskId: string) => {
      const { items } = await placer.ofTask(taskId)
      const item = items.find(({ nodeId }) => nodeId === 'web')
      expect(item?.runs).toBe(item?.reasons.length === 0)
      return item?.reasons
    }
    return { ...engine, placer, web, state, change, why }
  }

  it('is said for every node, with the name of the node a task is assigned to', async () => {
    const { task, node, placer, web } = await openPlaced()
    await node({ ...web, lastHeartbeat: NOW })
    const { taskId } = await task({ assignedNodeId: 'web' })
    expect(await placer.ofTask(taskId)).toEqual({
      runOn: 'One',
      items: [
        {
          ...{ nodeId: TEST_NODE_ID, nodeName: 'this', state: 'Active', runs: false, warnings: [] },
          ...{ reasons: ['the task is assigned to node web-1'], reasonCodes: ['target'] },
        },
        {
          ...{ nodeId: 'web', nodeName: 'web-1', state: 'Active', runs: true, warnings: [] },
          ...{ reasons: [], reasonCodes: [] },
        },
      ],
    })
    await expect(placer.ofTask('gone')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is not on a node that is away, which runs it when it is back', async () => {
    const { task, node, web, why } = await openPlaced()
    await node({ ...web, lastHeartbeat: EARLIER })
    const { taskId } = await task({ assignedNodeGroup: 'web' })
    expect(await why(taskId)).toEqual([`web-1 is away since ${EARLIER}: it runs this when it is back`])
  })

  it('says who drains or retired a node, and since when', async () => {
    const { task, node, web, why, state, change } = await openPlaced()
    await node({ ...web, lastHeartbeat: EARLIER, isDraining: true })
    await state({ drainingSince: EARLIER, drainingBy: 'local:root', drainingReason: 'patch day' })
    const { taskId } = await task({ assignedNodeGroup: 'web' })
    expect(await why(taskId)).toEqual([
      `web-1 is draining by local:root: patch day (it finishes what runs and claims nothing), since ${EARLIER}`,
      `web-1 is away since ${EARLIER}`,
    ])
    await change({ isActive: false })
    await state({ retiredAt: NOW, retiredBy: 'token:ci' })
    expect(await why(taskId)).toEqual([`web-1 is retired, by token:ci, since ${NOW}`])
  })

  it('names a missing interpreter, a missing key, an admin desk and a held cluster', async () => {
    const { task, node, web, why, state, change, db } = await openPlaced()
    await node({ ...web, lastHeartbeat: NOW })
    const parameters = { password: { $sealed: 'key.text' } }
    const python = await task({ scriptPath: 'x.py', parameters: {} })
    await change({ supportedTaskTypes: ['python'] })
    const bash = await task({ scriptPath: 'x.sh', assignedNodeGroup: null })
    expect(await why(bash.taskId)).toEqual(['web-1 has no interpreter for bash scripts'])
    expect(await why(python.taskId)).toEqual([])
    await state({ publicKey: 'announced', keyId: null })
    await db.write({ actor: 'test' }, async (tx) => {
      await tx.updateTable('Tasks').set({ parameters }).where('taskId', '=', python.taskId).execute()
    })
    expect((await why(python.taskId))?.join()).toContain('no cluster key')
    await state({ keyId: 'key' })
    expect(await why(python.taskId)).toEqual([])
    await change({ maxConcurrentTasks: 0 })
    expect((await why(python.taskId))?.join()).toContain('admin desk')
    await change({ maxConcurrentTasks: 4 })
    const hold = { holdId: 'h', heldAt: NOW, heldBy: 'local:root', reason: 'fire', releasedAt: null }
    await db.write({ actor: 'test' }, (tx) => insertHold(tx, { ...hold, releasedBy: null }))
    expect(await why(python.taskId)).toEqual([
      `the cluster is held since ${NOW}, by local:root (fire): nothing starts until someone resumes it`,
    ])
  })

  it('is told from the side of a node, page by page, with the script that is missing there', async () => {
    const { task, node, web, placer, state, clock } = await openPlaced()
    await node({ ...web, lastHeartbeat: NOW })
    const schedule = '*/5 * * * *'
    const first = await task({ taskName: 'a', schedule, assignedNodeGroup: 'web' })
    await task({ taskName: 'b', schedule, assignedNodeId: TEST_NODE_ID })
    await task({ taskName: 'c', enabled: false })
    const missing = { taskId: first.taskId, taskName: 'a', scriptPath: 'x.sh', reason: 'no such file' }
    await state({ missingScripts: [missing], keyId: 'key' })
    const one = await placer.ofNode('web', { limit: 2 })
    expect(one.items).toMatchObject([
      {
        ...{ taskName: 'a', runs: true, reasons: [], nextRun: '2026-03-02T12:05:00.000Z' },
        warnings: ['its script is missing there: no such file'],
      },
      { taskName: 'b', runs: false, reasons: ['the task is assigned to node this'], nextRun: null },
    ])
    const two = await placer.ofNode('web', { limit: 2, cursor: one.nextCursor ?? '' })
    expect(two).toMatchObject({ items: [{ taskName: 'c', enabled: false, runs: true }], nextCursor: null })
    await expect(placer.ofNode('gone', { limit: 2 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(clock.now()).toBe(Date.parse(NOW))
  })

  it('says beside each reason whether it passes, so that the window need not read words', async () => {
    const { task, node, web, placer, state, change, db } = await openPlaced()
    await node({ ...web, nodeName: 'the cluster', lastHeartbeat: NOW })
    await task({ taskName: 'own', assignedNodeId: 'web' })
    await task({ taskName: 'foreign', assignedNodeGroup: 'other' })
    const sorted = async () => {
      const { here, waiting, not } = sortTasks((await placer.ofNode('web', { limit: 10 })).items)
      const names = (tasks: { taskName: string }[]): string => tasks.map(({ taskName }) => taskName).join()
      return [names(here), names(waiting), not.map((why) => `${names(why.tasks)}: ${why.reason}`).join()]
    }
    const lasting = 'foreign: the task is for group other, the cluster is in web'
    expect(await sorted()).toEqual(['own', '', lasting])
    await change({ lastHeartbeat: EARLIER })
    expect(await sorted()).toEqual(['', 'own', lasting])
    await change({ lastHeartbeat: null })
    expect(await sorted()).toEqual(['', 'own', lasting])
    await change({ lastHeartbeat: NOW, isDraining: true })
    await state({ drainingSince: EARLIER, drainingBy: 'local:root', drainingReason: null })
    expect(await sorted()).toEqual(['', 'own', lasting])
    await change({ isDraining: false, isActive: false })
    expect(await sorted()).toEqual(['', 'own', lasting])
    await change({ isActive: true, maxConcurrentTasks: 0 })
    expect((await sorted())[2]).toContain('own: the cluster is an admin desk (capacity 0)')
    await change({ maxConcurrentTasks: 4 })
    const hold = { holdId: 'h', heldAt: NOW, heldBy: 'local:root', reason: 'fire', releasedAt: null }
    await db.write({ actor: 'test' }, (tx) => insertHold(tx, { ...hold, releasedBy: null }))
    expect(await sorted()).toEqual(['', 'own', lasting])
  })

  it('answers what falls due first on a node, however many tasks there are before it by name', async () => {
    const { task, node, web, placer, change } = await openPlaced()
    await node({ ...web, lastHeartbeat: NOW })
    for (const n of [1, 2, 3, 4]) await task({ taskName: `a${n}`, schedule: `${20 + n} * * * *` })
    await task({ taskName: 'of others', schedule: '1 * * * *', assignedNodeId: TEST_NODE_ID })
    await task({ taskName: 'off', schedule: '2 * * * *', enabled: false })
    await task({ taskName: 'by hand', schedule: null })
    await task({ taskName: 'z of each', schedule: '5 * * * *', assignedNodeGroup: 'web' })
    await task({ taskName: 'z own', schedule: '10 * * * *', assignedNodeId: 'web' })
    const next = async (limit = 3) => (await placer.upcomingOf('web', limit)).map(({ taskName }) => taskName)
    expect(await placer.upcomingOf('web', 1)).toMatchObject([
      { taskName: 'z of each', nextRun: '2026-03-02T12:05:00.000Z', runs: true, reasonCodes: [] },
    ])
    expect(await next()).toEqual(['z of each', 'z own', 'a1'])
    // What it would run, were it there.
    await change({ lastHeartbeat: EARLIER, isDraining: true })
    expect(await next()).toEqual(['z of each', 'z own', 'a1'])
    await change({ maxConcurrentTasks: 0 })
    expect(await next()).toEqual([])
    await expect(placer.upcomingOf('gone', 3)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
