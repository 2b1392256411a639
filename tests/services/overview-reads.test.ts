import { describe, expect, it } from 'vitest'
import { insertRun } from '../../src/main/data/repos/runs.ts'
import { runStats } from '../../src/main/data/repos/run-stats.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createUpcoming } from '../../src/main/services/schedules/upcoming.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const NO_SLOT = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' } as const

// The clock of these databases stands at 2026-03-02T12:00:00Z.
describe.each(databases())('$name: what the overview reads', ({ open }) => {
  it('counts how runs ended, by hours, of all tasks or of one', async () => {
    const { db, task } = await openEngineDatabase(open)
    const [one, two] = [await task({ taskName: 'One' }), await task({ taskName: 'Two' })]
    const ended = (of: typeof one, at: string, state: FinalState) =>
      db.write({ actor: 'test' }, (tx) => {
        const run = newRun(of, { ...{ now: at, scheduledFor: at, notBefore: at }, ...NO_SLOT })
        return insertRun(tx, { ...run, state, startTime: at, sortTime: at, endTime: at })
      })
    await ended(one, '2026-03-02T10:05:00.000Z', 'Success')
    await ended(one, '2026-03-02T10:55:00.000Z', 'Failed')
    await ended(two, '2026-03-02T10:59:59.999Z', 'Success')
    await ended(two, '2026-03-02T11:00:00.000Z', 'Success')
    await ended(two, '2026-03-01T09:00:00.000Z', 'Success')
    const from = '2026-03-02T10:00:00.000Z'
    expect(await runStats(db.read, { from, unit: 'hour' })).toEqual({
      capped: false,
      counts: [
        { at: '2026-03-02T10:00:00.000Z', state: 'Failed', count: 1 },
        { at: '2026-03-02T10:00:00.000Z', state: 'Success', count: 2 },
        { at: '2026-03-02T11:00:00.000Z', state: 'Success', count: 1 },
      ],
    })
    const ofOne = await runStats(db.read, { from, unit: 'tenMinutes', task: [one.taskId] })
    expect(ofOne.counts.map(({ at }) => at)).toEqual(['2026-03-02T10:00:00.000Z', '2026-03-02T10:50:00.000Z'])
  })

  it('counts the slots of the coming hours, of rare and of frequent schedules, enabled ones only', async () => {
    const { db, task } = await openEngineDatabase(open)
    await task({ taskName: 'Nightly', schedule: '30 2 * * *' })
    await task({ taskName: 'Often', schedule: '* * * * *' })
    await task({ taskName: 'Off', schedule: '30 2 * * *', enabled: false })
    const upcoming = await createUpcoming(db)({ hours: 24 })
    // Every minute but this one, and the nightly one.
    expect(upcoming.slots).toBe(24 * 60 - 1 + 1)
    expect(upcoming.capped).toBe(false)
    const night = upcoming.buckets.find(({ at }) => at === '2026-03-03T02:30:00.000Z')
    expect(night).toEqual({ at: '2026-03-03T02:30:00.000Z', count: 31, tasks: ['Often', 'Nightly'] })
  })
})
