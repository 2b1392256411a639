import { describe, expect, it } from 'vitest'
import { memoryLog } from '../../src/main/platform/log.ts'
import { resumeAfterSetBack } from '../../src/main/services/engine/set-back.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const slotsOf = (runs: { scheduledFor: string; state: string }[]) =>
  runs.map((run) => `${run.scheduledFor.slice(11, 16)} ${run.state}`)

describe.each(databases())('$name: a clock that is set', ({ open }) => {
  it('back creates no slot twice, and the schedule goes on when the time has caught up', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' })
    clock.advance(5 * MINUTE)
    await tick()
    clock.set('2026-03-02T12:00:00.000Z')
    for (let minute = 0; minute <= 10; minute += 1) {
      await tick()
      clock.advance(MINUTE)
    }
    expect(slotsOf(await runs(taskId))).toEqual(['12:05 Queued', '12:10 Queued'])
  })

  it('back, and the schedule edited then, still creates no slot twice and stops nobody', async () => {
    const { db, task, tick, clock, runs } = await openEngineDatabase(open)
    const [edited, other] = [
      await task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' }),
      await task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' }),
    ]
    clock.advance(5 * MINUTE)
    await tick()
    clock.set('2026-03-02T12:01:00.000Z')
    await db.write({ actor: 'test' }, async (tx) => {
      await tx
        .updateTable('Task_Schedule')
        .set({ nextRun: '2026-03-02T12:05:00.000Z' })
        .where('taskId', '=', edited.taskId)
        .execute()
    })
    clock.advance(4 * MINUTE)
    await tick()
    clock.advance(5 * MINUTE)
    await tick()
    expect(slotsOf(await runs(edited.taskId))).toEqual(['12:05 Queued', '12:10 Queued'])
    expect(slotsOf(await runs(other.taskId))).toEqual(['12:05 Queued', '12:10 Queued'])
  })

  it('is not taken for set back where this process stood still between its looks', async () => {
    const { db, task, clock, row } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '*/5 * * * *' })
    clock.advance(5 * MINUTE)
    // Another node has created the slot of 12:05 by now; what this one asked first is the time before.
    const times = ['2026-03-02T12:04:59.000Z', '2026-03-02T12:04:59.000Z']
    await db.write({ actor: 'test' }, async (tx) => {
      await tx.updateTable('Task_Schedule').set({ nextRun: '2026-03-02T12:10:00.000Z' }).execute()
    })
    const slow = { ...db, now: () => Promise.resolve(times.shift() ?? new Date(clock.now()).toISOString()) }
    const deps = { db: slow, clock, log: memoryLog(), leaseMs: 30_000 }
    await resumeAfterSetBack({ ...deps, signal: new AbortController().signal })
    expect((await row(taskId)).nextRun).toBe('2026-03-02T12:10:00.000Z')
  })

  it('back goes on from now, and slots that had their run are left out', async () => {
    const { db, task, tick, clock, runs } = await openEngineDatabase(open)
    const sparse = await task({ schedule: '0 */2 * * *', overlapPolicy: 'Parallel' })
    const dense = await task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' })
    for (let step = 0; step < 7; step += 1) {
      clock.advance(40 * MINUTE)
      await tick()
    }
    expect(slotsOf(await runs(sparse.taskId))).toEqual(['14:00 Queued', '16:00 Queued'])
    clock.set('2026-03-02T15:50:00.000Z')
    const resume = () =>
      resumeAfterSetBack({
        db,
        clock,
        leaseMs: 30_000,
        log: memoryLog(),
        signal: new AbortController().signal,
      })
    expect(await resume()).toBe(2)
    expect(await resume()).toBe(0)
    clock.advance(10 * MINUTE)
    await tick()
    expect(slotsOf(await runs(sparse.taskId))).toEqual(['14:00 Queued', '16:00 Queued'])
    clock.advance(2 * HOUR)
    await tick()
    expect(slotsOf(await runs(sparse.taskId)).at(-1)).toBe('18:00 Queued')
    expect(slotsOf(await runs(dense.taskId)).at(-1)).toBe('18:00 Queued')
  })

  it('a year ahead and back brings schedules, waiting runs and leases back', async () => {
    const { db, task, tick, clock, runs, row, claim, finish } = await openEngineDatabase(open)
    const policy = { maxRetries: 1, retryDelay: 60 }
    const minutely = await task({ schedule: '* * * * *', ...policy })
    const held = await task({ schedule: '* * * * *' })
    clock.set('2027-03-02T12:00:30.000Z')
    await tick()
    for (const one of await claim()) if (one.task.taskId === minutely.taskId) await finish(one, 'Failed')
    clock.set('2026-03-02T12:00:30.000Z')
    await resumeAfterSetBack({
      ...{ db, clock, leaseMs: 30_000, log: memoryLog() },
      signal: new AbortController().signal,
    })
    expect((await row(minutely.taskId)).nextRun).toBe('2026-03-02T12:01:00.000Z')
    const retry = (await runs(minutely.taskId)).find((run) => run.attempt === 2)
    expect(retry?.notBefore).toBe('2026-03-02T12:01:30.000Z')
    const running = (await runs(held.taskId)).find((run) => run.state === 'Running')
    expect(running?.leaseUntil).toBe('2026-03-02T12:01:00.000Z')
  })

  it('forward is a misfire like any other', async () => {
    const { task, tick, clock, runs } = await openEngineDatabase(open)
    const { taskId } = await task({ schedule: '0 * * * *' })
    clock.set('2026-03-02T18:30:00.000Z')
    await tick()
    expect(slotsOf(await runs(taskId))).toEqual(['13:00 Skipped', '18:00 Queued'])
  })
})
