import { describe, expect, it } from 'vitest'
import { scheduleRowsOf } from '../../src/main/data/repos/schedules.ts'
import { isAway, stateInWords } from '../../src/main/services/nodes/records.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createNodes } from '../../src/main/services/nodes.ts'
import { createPlacer } from '../../src/main/services/tasks/placements.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { nodeRowOf } from '../support/member.ts'
import { admin } from '../support/node.ts'

const MANY = 120

describe.each(databases())('$name: nodes and the tasks that run on all of them', ({ open }) => {
  const openMany = async () => {
    const engine = await openEngineDatabase(open)
    const { db, clock, self } = engine
    const ownKey = { nodeId: self.nodeId, available: () => true }
    const nodes = createNodes({
      placer: createPlacer({ db, ownKey, awayAfterMs: 60_000 }),
      ...{ db, self, events: createEventBus(clock), awayAfterMs: 60_000 },
      nodeChanged: () => Promise.resolve(),
      wake: () => {},
    })
    const all = []
    for (let index = 0; index < MANY; index += 1)
      all.push(await engine.task({ taskName: `all ${index}`, runOn: 'All', schedule: '*/5 * * * *' }))
    const one = await engine.task({ taskName: 'one', schedule: '*/5 * * * *' })
    const planned = async (taskId: string) =>
      (await scheduleRowsOf(db.read, taskId)).map((row) => [row.nodeId, row.nextRun !== null])
    return { db, nodes, all, one, planned }
  }

  it('keep the rows of a node that drains, and let others write meanwhile', async () => {
    const { db, nodes, all, one, planned } = await openMany()
    const done: string[] = []
    const draining = nodes.drain(admin, TEST_NODE_ID, true).then(() => done.push('drained'))
    const writing = db.write({ actor: 'test' }, async () => done.push('written'))
    await Promise.all([draining, writing])
    expect(done).toEqual(['written', 'drained'])
    for (const { taskId } of all) expect(await planned(taskId)).toEqual([[TEST_NODE_ID, true]])
    expect(await planned(one.taskId)).toEqual([['', true]])
  })

  it('go on with every one of them when it is back', async () => {
    const { nodes, all, planned } = await openMany()
    await nodes.drain(admin, TEST_NODE_ID, true)
    await nodes.drain(admin, TEST_NODE_ID, false)
    for (const { taskId } of all) expect(await planned(taskId)).toEqual([[TEST_NODE_ID, true]])
  })
})

describe('a node', () => {
  const when = { now: '2026-05-01T12:00:00.000Z', awayAfterMs: 30_000 }
  const heardOf = (lastHeartbeat: string) => ({ ...nodeRowOf('n', 'n'), lastHeartbeat })

  it('is away when its heartbeat is long ago, and when it lies far ahead: the clock was set back since', () => {
    for (const [at, away] of [
      ['2026-05-01T11:59:40.000Z', false],
      ['2026-05-01T11:59:00.000Z', true],
      // What a beat and a look may differ by.
      ['2026-05-01T12:00:05.000Z', false],
      ['2026-05-01T13:00:00.000Z', true],
    ] as const)
      expect([at, isAway(heardOf(at), when)]).toEqual([at, away])
    expect(stateInWords(heardOf('2026-05-01T13:00:00.000Z'), undefined, when)).toMatchObject({
      state: 'Away',
      stateReason: 'no heartbeat since the clock of the database was set back',
    })
  })
})
