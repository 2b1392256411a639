import { describe, expect, it } from 'vitest'
import { purge } from '../../src/main/data/maintenance.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createMaintenance } from '../../src/main/services/maintenance.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'

const YEAR_MS = 366 * 86_400_000

describe.each(databases())('$name: retention', ({ open }) => {
  const openOld = async () => {
    const engine = await openEngineDatabase(open)
    const { taskId } = await engine.task({ schedule: '0 0 * * *' })
    engine.clock.advance(86_400_000)
    await engine.tick()
    for (const one of await engine.claim()) await engine.finish(one)
    engine.clock.advance(YEAR_MS)
    const { db, clock } = engine
    const count = async () => (await db.read.selectFrom('Data_Change').select('seq').execute()).length
    const maintain = async (historyDays: number, changeDays: number) => {
      const log = memoryLog()
      const maintenance = createMaintenance({
        purge: (retention, signal) => purge(db, { ...retention, clock, signal }),
        retention: { historyDays, changeDays },
        log,
      })
      await maintenance.run(new AbortController().signal)
      return { runs: (await engine.runs(taskId)).length, changes: await count() }
    }
    return { maintain, changes: await count() }
  }

  it('removes what is older than its days', async () => {
    const { maintain, changes } = await openOld()
    expect(await maintain(400, 400)).toEqual({ runs: 1, changes })
    expect(await maintain(30, 30)).toEqual({ runs: 0, changes: 0 })
  })

  it('of 0 days keeps everything', async () => {
    const { maintain, changes } = await openOld()
    expect(await maintain(0, 0)).toEqual({ runs: 1, changes })
  })
})
