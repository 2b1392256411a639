import { describe, expect, it } from 'vitest'
import { testClock } from '../support/clock.ts'
import { startEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { admin } from '../support/node.ts'

const HOUR = 3_600_000

describe('a machine that slept', () => {
  it('runs what it missed by each task’s misfire policy as soon as it wakes, and keeps its own run', async () => {
    const clock = testClock('2026-03-02T12:30:00.000Z')
    const node = await startEngineNode({ clock })
    const schedule = '0 * * * *'
    const [last, all, skip] = [
      await node.task({ schedule, misfirePolicy: 'Last' }),
      await node.task({ schedule, misfirePolicy: 'All' }),
      await node.task({ schedule, misfirePolicy: 'Skip' }),
    ]
    const running = await node.start((await node.task({ scriptPath: 'long.sh' })).taskId)
    await node.inState(running, 'Running')
    clock.advance(4 * HOUR)
    const ended = (taskId: string) =>
      eventually(async () => {
        const runs = await node.runs(taskId)
        const open = runs.some((run) => run.state === 'Queued' || run.state === 'Running')
        return (
          runs.length > 0 &&
          !open &&
          runs.map((run) => `${run.scheduledFor.slice(11, 13)} ${run.state}`).sort()
        )
      })
    expect(await ended(last.taskId)).toEqual(['13 Skipped', '16 Success'])
    expect(await ended(all.taskId)).toEqual(['13 Success', '14 Success', '15 Success', '16 Success'])
    expect(await ended(skip.taskId)).toEqual(['13 Skipped'])
    expect(await node.services.runs.get(admin, running)).toMatchObject({ state: 'Running' })
  })

  it('whose clock was set back years goes on, and is healthy', async () => {
    const clock = testClock('2030-01-01T00:00:00.000Z')
    const node = await startEngineNode({ clock })
    const task = await node.task({ schedule: '0 0 1 1 *' })
    expect((await node.services.tasks.get(admin, task.taskId)).nextRun).toBe('2031-01-01T00:00:00.000Z')
    clock.set('2026-12-31T23:59:58.000Z')
    await node.close()
    const again = await startEngineNode({ dir: node.dir, clock })
    const runs = await eventually(async () => {
      const found = await again.runs(task.taskId)
      return found.some((run) => run.state === 'Success') && found
    })
    expect(runs.map((run) => run.scheduledFor)).toEqual(['2027-01-01T00:00:00.000Z'])
    expect(again.services.system.health()).toMatchObject({ ok: true })
  })

  it('whose clock is set back while it runs goes on at the next look, not an hour later', async () => {
    const clock = testClock('2028-01-01T00:00:30.000Z')
    const node = await startEngineNode({ clock })
    const { taskId } = await node.task({ schedule: '* * * * *' })
    await eventually(() => node.services.system.health().ok)
    clock.set('2026-03-02T12:00:30.000Z')
    await eventually(
      async () => (await node.services.tasks.get(admin, taskId)).nextRun === '2026-03-02T12:01:00.000Z',
    )
  })
})
