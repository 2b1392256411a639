import { describe, expect, it } from 'vitest'
import { queueRuns, type StartOptions } from '../../src/main/services/runs/start.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin, startTestNode } from '../support/node.ts'

const NOW = '2026-03-02T12:00:00.000Z'
const EARLIER = '2026-03-02T10:00:00.000Z'

describe.each(databases())('$name: run now', ({ open }) => {
  const openTargets = async () => {
    const engine = await openEngineDatabase(open)
    const { db, runs } = engine
    const ownKey = { nodeId: TEST_NODE_ID, available: () => true }
    const secrets = { sealValues: (_field: string, values: object) => ({ ...values }) }
    const start = (task: TaskRow, options: StartOptions = {}) =>
      db.write({ actor: 'test' }, (tx) =>
        queueRuns({ tx, db, ownKey, secrets, awayAfterMs: 30_000, caller: admin, now: NOW }, task, options),
      )
    const targets = async ({ taskId }: TaskRow) => (await runs(taskId)).map((run) => run.targetNodeId).sort()
    return { ...engine, start, targets }
  }

  it('needs a node that is there, unless one that is away is named', async () => {
    const { node, task, start, targets } = await openTargets()
    await node({ nodeId: 'web', nodeName: 'web-1', nodeGroup: 'web', lastHeartbeat: EARLIER })
    const one = await task({ assignedNodeGroup: 'web', runOn: 'One' })
    await expect(start(one)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`web-1 is away since ${EARLIER}`) as unknown,
    })
    await start(one, { nodeId: 'web' })
    expect(await targets(one)).toEqual(['web'])
  })

  it('on all of a group is for those that are away too, where one is there', async () => {
    const { node, task, start, targets } = await openTargets()
    await node({ nodeId: 'web', nodeGroup: 'web', lastHeartbeat: EARLIER })
    await node({ nodeId: 'web-2', nodeGroup: 'web', lastHeartbeat: NOW })
    const all = await task({ assignedNodeGroup: 'web' })
    await start(all)
    expect(await targets(all)).toEqual(['web', 'web-2'])
  })
})

describe('validation of a target', () => {
  const draft = { taskName: 'draft', scriptPath: 'x.sh' }

  it('says for every node whether it runs there, and warns of names that nobody has', async () => {
    const { services } = await startTestNode()
    const good = await services.tasks.validate(admin, draft)
    expect(good.placements).toMatchObject([{ state: 'Active', runs: true, reasons: [] }])
    const warningsOf = async (fields: object) =>
      (await services.tasks.validate(admin, { ...draft, ...fields })).warnings.map(({ path, message }) => [
        path[0],
        message,
      ])
    expect(await warningsOf({ assignedNodeGroup: 'webb' })).toEqual(
      expect.arrayContaining([
        ['assignedNodeId', 'no node belongs to the target: this runs on every node of it, now on none'],
        ['assignedNodeGroup', 'no node is in group webb'],
      ]),
    )
    expect(await warningsOf({ assignedNodeRole: 'main' })).toContainEqual([
      ...['assignedNodeRole', 'no node has role main'],
    ])
    expect(await warningsOf({ assignedNodeId: 'gone' })).toContainEqual([
      ...['assignedNodeId', 'there is no node gone'],
    ])
    expect(await warningsOf({ limits: { locks: ['tape'] } })).toContainEqual([
      ...['limits', 'there is no lock group "tape" yet: saving makes it, with room for 1 run at a time'],
    ])
  })
})
