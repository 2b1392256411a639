import { describe, expect, it } from 'vitest'
import { updateNode } from '../../src/main/data/repos/nodes.ts'
import { scheduleRowsOf } from '../../src/main/data/repos/schedules.ts'
import { upkeepAllTargets } from '../../src/main/services/nodes/upkeep.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000
const slotsOf = (runs: { scheduledFor: string; state: string }[]) =>
  runs.map((run) => `${run.scheduledFor.slice(11, 16)} ${run.state}`)

describe.each(databases())('$name: slots of tasks for other nodes', ({ open }) => {
  const others = async () => {
    const engine = await openEngineDatabase(open)
    await engine.node({ nodeId: 'web', nodeGroup: 'web' })
    const web = { ...engine.self.node(), nodeId: 'web', nodeGroup: 'web' }
    const forWeb = { schedule: '*/5 * * * *', assignedNodeGroup: 'web', runOn: 'One' as const }
    return { ...engine, web, forWeb }
  }

  it('stay due until one of those looks, which then goes by the misfire policy', async () => {
    const { task, tick, clock, runs, row, web, forWeb } = await others()
    const { taskId } = await task(forWeb)
    clock.advance(32 * MINUTE)
    expect(await tick()).toEqual([])
    expect((await row(taskId)).nextRun).toBe('2026-03-02T12:05:00.000Z')
    await tick(web)
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['12:05 Skipped', '12:30 Queued'])
    expect(all[0]?.error).toBe('missed: no node that may run it was there')
  })

  it('do not stand in the way of others, however many are due before them', async () => {
    const { task, tick, clock, forWeb } = await others()
    for (let i = 0; i < 70; i += 1) await task(forWeb)
    const own = await task({ schedule: '6 * * * *' })
    clock.advance(7 * MINUTE)
    expect(await tick()).toHaveLength(1)
    expect(await tick()).toEqual([])
    expect(own.enabled).toBe(true)
  })

  it('wait for the node of an All row, and say that it was away', async () => {
    const { task, tick, clock, runs, web } = await others()
    const { taskId } = await task({ schedule: '*/5 * * * *', assignedNodeGroup: 'web' })
    clock.advance(12 * MINUTE)
    expect(await tick()).toEqual([])
    await tick(web)
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['12:05 Skipped', '12:10 Queued'])
    expect(all[0]?.error).toBe('missed while this node was away or drained')
  })

  it.each([
    ['drains', { isDraining: true }],
    ['is retired', { isActive: false }],
    ['is an admin desk', { maxConcurrentTasks: 0 }],
  ])('are made by none that %s', async (_what, fields) => {
    const { task, tick, clock, self, runs } = await others()
    const { taskId } = await task({ schedule: '*/5 * * * *' })
    clock.advance(5 * MINUTE)
    expect(await tick({ ...self.node(), ...fields })).toEqual([])
    expect(await runs(taskId)).toEqual([])
    expect(await tick()).toHaveLength(1)
  })

  it('of a group are made for a node that joined it by the next slot, and not for one that is retired', async () => {
    const { task, tick, clock, runs, web, db, node, forWeb } = await others()
    const { taskId } = await task({ ...forWeb, runOn: 'All' })
    await node({ nodeId: 'fourth', nodeGroup: 'db' })
    const upkeep = async (nodeId: string, fields: Parameters<typeof updateNode>[2]) =>
      db.write({ actor: 'test' }, async (tx) => {
        await updateNode(tx, nodeId, fields)
        await upkeepAllTargets(tx, { now: new Date(clock.now()).toISOString(), actor: 'test' })
      })
    await upkeep('fourth', { nodeGroup: 'web' })
    clock.advance(5 * MINUTE)
    await tick(web)
    await tick({ ...web, nodeId: 'fourth' })
    expect((await runs(taskId)).map((run) => run.targetNodeId).sort()).toEqual(['fourth', 'web'])
    await upkeep('fourth', { isActive: false })
    expect((await scheduleRowsOf(db.read, taskId)).map(({ nodeId }) => nodeId)).toContain('web')
    clock.advance(5 * MINUTE)
    expect(await tick({ ...web, nodeId: 'fourth', isActive: false })).toEqual([])
  })
})
