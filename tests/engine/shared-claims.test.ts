import { describe, expect, it } from 'vitest'
import { claimWaiting } from '../../src/main/services/engine/claims.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`

describe.each(databases())('$name: claims beside other nodes', ({ open }) => {
  const NOW = '2026-03-02T12:00:00.000Z'
  const openShared = async (lastHeartbeat: string | null) => {
    const engine = await openEngineDatabase(open)
    for (const nodeId of ['b', 'c']) await engine.node({ nodeId, lastHeartbeat })
    const look = (capacity: number) =>
      engine.db.write({ actor: 'test' }, (tx) =>
        claimWaiting(tx, {
          ...{ now: NOW, self: engine.self, capacity },
          ...{ leaseMs: 30_000, keyAvailable: true },
        }),
      )
    return { ...engine, look }
  }

  it('take a part of the free places in one look, and the rest in those that follow', async () => {
    const engine = await openShared(NOW)
    const task = await engine.task({ overlapPolicy: 'Parallel' })
    for (let i = 0; i < 9; i += 1) await queue(engine, task, at(i))
    let [free, looks] = [9, 0]
    while (free > 0) {
      const { claimed, shared } = await engine.look(free)
      if (looks === 0) expect(claimed).toHaveLength(3)
      expect(claimed.length).toBeLessThanOrEqual(Math.ceil(free / 3))
      free -= claimed.length
      looks += 1
      expect(shared || free === 0 || claimed.length === Math.ceil((free + claimed.length) / 3)).toBe(true)
    }
    expect(looks).toBeLessThan(9)
  })

  it('take all they can of what only this node may run', async () => {
    const engine = await openShared(NOW)
    const task = await engine.task({ overlapPolicy: 'Parallel', assignedNodeId: engine.self.nodeId })
    for (let i = 0; i < 9; i += 1) await queue(engine, task, at(i))
    const { claimed, shared } = await engine.look(9)
    expect([claimed.length, shared]).toEqual([9, false])
  })

  it('take all they can where the others are away', async () => {
    const engine = await openShared('2026-03-02T11:59:29.000Z')
    const task = await engine.task({ overlapPolicy: 'Parallel' })
    for (let i = 0; i < 9; i += 1) await queue(engine, task, at(i))
    expect((await engine.look(9)).claimed).toHaveLength(9)
  })
})
