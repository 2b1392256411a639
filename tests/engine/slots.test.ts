import { describe, expect, it } from 'vitest'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const slotsOf = (runs: { scheduledFor: string; state: string }[]) =>
  runs.map((run) => `${run.scheduledFor.slice(11, 16)} ${run.state}`)

describe.each(databases())('$name: slots', ({ open }) => {
  it('are created once, whoever looks at the clock', async () => {
    const { task, tick, clock, runs, row } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *' })
    expect((await row(taskId)).nextRun).toBe('2026-03-02T12:05:00.000Z')
    clock.advance(5 * MINUTE)
    const created = await Promise.all([tick(), tick(), tick()])
    expect(created.flat()).toHaveLength(1)
    expect(slotsOf(await runs(taskId))).toEqual(['12:05 Queued'])
    expect((await row(taskId)).nextRun).toBe('2026-03-02T12:10:00.000Z')
  })

  it('missed while nobody looked run once under Last, and the others are one Skipped row', async () => {
    const { task, tick, clock, runs, row } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *' })
    clock.advance(32 * MINUTE)
    await tick()
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['12:05 Skipped', '12:30 Queued'])
    expect(all[0]).toMatchObject({ skippedCount: 5, error: 'missed: no node that may run it was there' })
    expect((await row(taskId)).nextRun).toBe('2026-03-02T12:35:00.000Z')
  })

  it('missed under Skip do not run; a further miss counts into the same row', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *', misfirePolicy: 'Skip' })
    clock.advance(12 * MINUTE)
    await tick()
    clock.advance(10 * MINUTE)
    await tick()
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['12:05 Skipped'])
    expect(all[0]?.skippedCount).toBe(4)
  })

  it('missed under All run each, one after the other, though the policy is Skip', async () => {
    const { task, tick, clock, runs, claim, finish } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *', misfirePolicy: 'All' })
    clock.advance(17 * MINUTE)
    await tick()
    expect(slotsOf(await runs(taskId))).toEqual(['12:05 Queued', '12:10 Queued', '12:15 Queued'])
    for (const expected of ['12:05', '12:10', '12:15']) {
      const claimed = await claim()
      expect(claimed.map(({ run }) => run.scheduledFor.slice(11, 16))).toEqual([expected])
      expect(await claim()).toEqual([])
      for (const one of claimed) await finish(one)
    }
  })

  it.each([
    ['without jitter', '*/5 * * * *'],
    [
      'with a jitter that lies still ahead',
      { type: 'cron' as const, cron: '*/5 * * * *', jitterSeconds: 3600 },
    ],
  ])('missed under All run one after the other under Parallel too, %s', async (_what, schedule) => {
    const { task, tick, clock, runs, claim, finish } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule, misfirePolicy: 'All', overlapPolicy: 'Parallel' })
    clock.advance(17 * MINUTE)
    await tick()
    expect(slotsOf(await runs(taskId))).toEqual(['12:05 Queued', '12:10 Queued', '12:15 Queued'])
    clock.advance(HOUR)
    for (const expected of ['12:05', '12:10', '12:15']) {
      const claimed = await claim()
      expect(claimed.map(({ run }) => run.scheduledFor.slice(11, 16))).toEqual([expected])
      expect(await claim()).toEqual([])
      for (const one of claimed) await finish(one)
    }
  })

  it('on time under Parallel start beside a catch-up that goes on', async () => {
    const { task, tick, clock, claim } = await openEngineDatabase(open)
    await task({ schedule: '*/5 * * * *', misfirePolicy: 'All', overlapPolicy: 'Parallel' })
    clock.advance(15 * MINUTE)
    await tick()
    const claimed = await claim()
    expect(claimed.map(({ run }) => run.scheduledFor.slice(11, 16))).toEqual(['12:05', '12:15'])
  })

  it('right after a gap lose none under All, and under Last are the newest alone', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const every = { type: 'interval' as const, everySeconds: 1 }
    const { taskId: all } = await task({ schedule: every, misfirePolicy: 'All' })
    const { taskId: last } = await task({ schedule: every, misfirePolicy: 'Last' })
    clock.advance(8_400)
    while ((await tick()).length > 0);
    expect((await runs(all)).filter((run) => run.state === 'Queued')).toHaveLength(8)
    const newest = (await runs(last)).filter((run) => run.state === 'Queued')
    expect(newest.map((run) => run.scheduledFor.slice(-5, -1))).toEqual(['.000'])
    expect((await runs(last)).filter((run) => run.state === 'Skipped')).toHaveLength(1)
    expect(newest[0]?.scheduledFor).toBe((await runs(all)).at(-1)?.scheduledFor)
  })

  it('of many rows are created over several looks, each once', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const ids: string[] = []
    for (let n = 0; n < 40; n += 1)
      ids.push((await task({ schedule: '*/5 * * * *', misfirePolicy: 'All' })).taskId)
    clock.advance(50 * MINUTE)
    const looks: number[] = []
    for (let created = -1; created !== 0; looks.push(created)) created = (await tick()).length
    expect(looks.reduce((sum, created) => sum + created)).toBe(400)
    expect(Math.max(...looks)).toBeLessThan(100)
    for (const id of ids) expect(await runs(id)).toHaveLength(10)
  })

  it('older than the misfire window do not run', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '0 * * * *', misfirePolicy: 'All', misfireWindow: 7200 })
    clock.advance(5 * HOUR + MINUTE)
    await tick()
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['13:00 Skipped', '16:00 Queued', '17:00 Queued'])
    expect(all[0]?.skippedCount).toBe(3)
  })

  it('caught up under All are the newest hundred at most', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '* * * * *', misfirePolicy: 'All' })
    clock.advance(150 * MINUTE + 30_000)
    await tick()
    const all = await runs(taskId)
    expect(all.filter((run) => run.state === 'Queued')).toHaveLength(100)
    expect(all[0]).toMatchObject({ state: 'Skipped', skippedCount: 50 })
  })

  it('under Skip give way to a run that has not ended, and fold into one row that names it', async () => {
    const { task, tick, clock, runs, claim, row } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *' })
    clock.advance(5 * MINUTE)
    await tick()
    const [running] = await claim()
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5 * MINUTE)
      await tick()
    }
    const all = await runs(taskId)
    expect(slotsOf(all)).toEqual(['12:05 Running', '12:10 Skipped'])
    expect(all[1]?.skippedCount).toBe(3)
    expect(all[1]?.error).toContain(running?.run.historyId)
    expect(await row(taskId)).toMatchObject({ isRunning: true, lastHistoryId: running?.run.historyId })
  })

  it('under Skip give way to a retry that waits', async () => {
    const { task, tick, clock, runs, claim, finish } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *', maxRetries: 1, retryDelay: 600 })
    clock.advance(5 * MINUTE)
    await tick()
    for (const one of await claim()) await finish(one, 'Failed')
    clock.advance(5 * MINUTE)
    await tick()
    expect(slotsOf(await runs(taskId))).toEqual(['12:05 Failed', '12:05 Queued', '12:10 Skipped'])
  })

  it('under Queue wait, one at most; under Parallel all start', async () => {
    const { task, tick, clock, runs, claim } = await openEngineDatabase(open)
    const queue = await task({ schedule: '*/5 * * * *', overlapPolicy: 'Queue' })
    const parallel = await task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' })
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5 * MINUTE)
      await tick()
      await claim()
    }
    expect(slotsOf(await runs(queue.taskId))).toEqual(['12:05 Running', '12:10 Queued', '12:15 Skipped'])
    expect(slotsOf(await runs(parallel.taskId))).toEqual(['12:05 Running', '12:10 Running', '12:15 Running'])
  })

  it('of a schedule that cannot be read stop that row alone, with the reason on record', async () => {
    const { db, task, tick, clock, runs, row } = await openEngineDatabase(open)
    const [broken, fine] = [await task({ schedule: '*/5 * * * *' }), await task({ schedule: '*/5 * * * *' })]
    await db.write({ actor: 'test' }, async (tx) => {
      await tx
        .updateTable('Tasks')
        .set({ schedule: 'every other day' })
        .where('taskId', '=', broken.taskId)
        .execute()
    })
    clock.advance(5 * MINUTE)
    await tick()
    expect(slotsOf(await runs(fine.taskId))).toEqual(['12:05 Queued'])
    const [skipped] = await runs(broken.taskId)
    expect(skipped).toMatchObject({ state: 'Skipped' })
    expect(skipped?.error).toContain('cannot be read')
    expect((await row(broken.taskId)).nextRun).toBeNull()
  })

  it('of a row whose task has no schedule any more are not looked at again and again', async () => {
    const { db, task, tick, row, runs } = await openEngineDatabase(open)
    const { taskId } = await task({})
    await db.write({ actor: 'test' }, async (tx) => {
      await tx.updateTable('Task_Schedule').set({ nextRun: '2026-03-02T11:00:00.000Z' }).execute()
    })
    expect(await tick()).toEqual([])
    expect((await row(taskId)).nextRun).toBeNull()
    expect(await runs(taskId)).toEqual([])
  })

  it('start later by the jitter of the slot, which is the same on every node', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: { type: 'cron', cron: '*/5 * * * *', jitterSeconds: 240 } })
    clock.advance(5 * MINUTE)
    await tick()
    const [run] = await runs(taskId)
    const later = Date.parse(run?.notBefore ?? '') - Date.parse(run?.scheduledFor ?? '')
    expect(later).toBeGreaterThan(0)
    expect(later).toBeLessThanOrEqual(240_000)
  })
})
