import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { centreOnly } from '../../src/main/services/engine/run-home.ts'
import { claimWaiting } from '../../src/main/services/engine/claims.ts'
import { stopTask } from '../../src/main/services/runs/stop.ts'
import { serverDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'

/** On a file there is one write at a time. */
describe.each(serverDatabases())('$name: stopping all runs of a task', ({ open }) => {
  it('asks one to stop that another node is just claiming, and does not call it ended', async () => {
    const engine = await openEngineDatabase(open)
    const { db, self, clock } = engine
    const task = await engine.task({ schedule: '*/5 * * * *', overlapPolicy: 'Parallel' })
    clock.advance(5 * 60_000)
    await engine.tick()
    const events = createEventBus(systemClock)
    const ended: (string | undefined)[] = []
    events.listen(({ type, id }) => type === 'run.finished' && ended.push(id))
    const deps = { db, home: centreOnly(db), events, stopHere: () => false, tellOthers: () => undefined }

    let tell = (): void => undefined
    const claimed = new Promise<void>((resolve) => (tell = resolve))
    const stopping = claimed.then(() => stopTask(deps, admin, task.taskId))
    const now = await db.now()
    await db.write({ actor: 'system', once: true }, async (tx) => {
      const options = { now, self, capacity: 5, leaseMs: 30_000, keyAvailable: true }
      expect((await claimWaiting(tx, options)).claimed).toHaveLength(1)
      tell()
      // Long enough to see the run as it was before this claim.
      await systemClock.sleep(300)
    })
    const { historyIds } = await stopping
    expect(historyIds).toHaveLength(1)
    expect(await engine.runs(task.taskId)).toMatchObject([{ state: 'Running', stopRequestedBy: admin.actor }])
    expect(ended).toEqual([])
  })
})
