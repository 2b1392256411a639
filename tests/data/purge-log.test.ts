import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { readLogPage, type Cursor, type LogPage } from '../../src/main/data/replica/log-page.ts'
import { checkLog } from '../../src/main/data/seal-check.ts'
import { BLOCK_SIZE, sealChanges } from '../../src/main/data/seals.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { databases } from '../support/databases.ts'
import { taskRow } from './rows.ts'

/** Blocks of the log go while others write and follow it. */

const DAY_MS = 86_400_000
const TEST = { actor: 'test' }
const TASKS = 200
const CHANGES = 3 * BLOCK_SIZE
const FAR = '9999-01-01T00:00:00.000Z'
/** Of a writer, on a machine that does other things too: a purge in one piece would take longer. */
const LONGEST_MS = 3_000

/** A day on: what there is now is older than a day, what comes is not. */
const aDayOn = async (db: OpenDatabase): Promise<OpenDatabase> => {
  // Clocks differ by less.
  await systemClock.sleep(100)
  const now = isoOf(Date.parse(await db.now()) + DAY_MS)
  await systemClock.sleep(100)
  return { ...db, now: () => Promise.resolve(now) }
}

const fill = async (db: OpenDatabase): Promise<void> => {
  const tasks = Array.from({ length: TASKS }, (_, n) => taskRow({ taskName: `task ${n}` }))
  await db.write(TEST, (tx) => tx.insertInto('Tasks').values(tasks).execute())
  for (let changes = TASKS; changes < CHANGES; changes += TASKS)
    await db.write(TEST, (tx) =>
      tx
        .updateTable('Tasks')
        .set((set) => ({ priority: set('priority', '+', 1) }))
        .execute(),
    )
}

const firstChange = async (db: OpenDatabase): Promise<Cursor> => {
  const { changeId } = await db.read
    .selectFrom('Data_Change')
    .select('changeId')
    .where('seq', '=', 1)
    .executeTakeFirstOrThrow()
  return { seq: 1, changeId }
}

/** A follower that has seen one change gets all that come after it, or hears that some are gone. */
const problemIn = (page: LogPage): string | null => {
  if (page.kind === 'lost') return page.reason.includes('were purged') ? null : page.reason
  const gap = page.rows.find(({ seq }, index) => seq !== index + 2)
  return gap ? `change ${gap.seq} comes where another one is missing` : null
}

describe.each(databases())('$name: a purge of whole blocks', ({ open }) => {
  it('lets others write in between, and no follower take what is left for all there was', async () => {
    const db = await open()
    await fill(db)
    expect(await sealChanges(db, { nodeId: null, olderThan: FAR })).toBe(CHANGES / BLOCK_SIZE)
    const cursor = await firstChange(db)
    const then = await aDayOn(db)
    let isPurging = true
    const waits: number[] = []
    const problems: (string | null)[] = []
    const writer = async (): Promise<void> => {
      for (let n = 0; isPurging; n += 1) {
        const began = performance.now()
        await db.write(TEST, (tx) =>
          tx
            .insertInto('Tasks')
            .values(taskRow({ taskName: `meanwhile ${n}` }))
            .execute(),
        )
        waits.push(performance.now() - began)
        await systemClock.sleep(5)
      }
    }
    const follower = async (): Promise<void> => {
      while (isPurging) {
        problems.push(problemIn(await readLogPage(db.read, cursor, 50)))
        await systemClock.sleep(5)
      }
    }
    const others = Promise.all([writer(), follower()])
    const { changes } = await purge(then, { historyDays: 0, changeDays: 1, clock: systemClock })
    isPurging = false
    await others

    expect(changes).toBe(CHANGES)
    expect(waits.length).toBeGreaterThan(5)
    expect(Math.max(...waits)).toBeLessThan(LONGEST_MS)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.filter((problem) => problem !== null)).toEqual([])
    expect(problemIn(await readLogPage(db.read, cursor, 50))).toBeNull()
    expect((await checkLog(db.read, null)).broken).toBeNull()
    const left = await db.read.selectFrom('Data_Change').select('seq').where('seq', '<=', CHANGES).execute()
    expect(left).toEqual([])
  })
})
