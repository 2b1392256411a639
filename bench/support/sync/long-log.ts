import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { deletePurged, markPurged } from '../../../src/main/data/purge-log.ts'
import { numberChanges } from '../../../src/main/data/sequencer.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'
import { scale } from '../folders.ts'
import { below, percentile, timed, type BenchRow } from '../rows.ts'
import { withCentre } from './centre.ts'
import { addFollowers, lengthenLog, spreadFollowers, startLog } from './large-log.ts'
import { askLog, QUESTIONS, type Question } from './log-questions.ts'

/** DESIGN §12's log, and one that is short: what is asked must cost the same in both. */
const LONG = 5_000_000
const SHORT = 50_000
const BUDGET_MS = 50
/** Nearly all nodes far behind, as after a night without the network: each is counted for itself. */
const BUDGETS: Partial<Record<Question, number>> = { 'status with 12 nodes, 11 of them behind': 250 }

/** A batch as large as retention ever takes (maintenance.ts). */
const BATCH = 1000
const BATCHES = 60
const PURGE_BUDGET_MS = 200

/** What is asked of a log of five million changes, on PostgreSQL. */
export const longLogRows = (server: ServerAddress): Promise<BenchRow[]> =>
  withCentre(server, async ({ db, open }) => {
    const samples = await startLog(db)
    await addFollowers(db)
    await numberChanges(db)
    await lengthenLog(db, { changes: SHORT, samples })
    await spreadFollowers(db)
    const short = await askLog(db)
    const changes = Math.max(SHORT, Math.ceil(LONG * scale()))
    await lengthenLog(db, { changes, samples })
    await spreadFollowers(db)
    const long = await askLog(db)
    return [
      ...QUESTIONS.map((question) =>
        below(`${changes} changes: ${question} (p95; the same of ${SHORT})`, long.get(question) ?? NaN, {
          ...{ unit: 'ms', budget: BUDGETS[question] ?? BUDGET_MS, reference: short.get(question) ?? NaN },
        }),
      ),
      ...(await purgeRows(db, await open())),
    ]
  })

/** Retention takes the first half away while somebody edits. */
const purgeRows = async (db: OpenDatabase, other: OpenDatabase): Promise<BenchRow[]> => {
  await spreadFollowers(db, 0.5)
  const before = await db.now()
  const marking = await timed(() => markPurged(db, { before, followersSince: '2024-01-01T00:00:00.000Z' }))
  const alone = await editTimes(other, () => systemClock.sleep(3000))
  const batches: number[] = []
  const beside = await editTimes(other, async () => {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      let deleted = 0
      batches.push(
        await timed(async () => {
          deleted = await db.write({ actor: 'system', reason: 'retention' }, (tx) => deletePurged(tx, BATCH))
        }),
      )
      if (deleted === 0) break
      await systemClock.sleep(1)
    }
  })
  const ms = { unit: 'ms', budget: PURGE_BUDGET_MS }
  return [
    below('what retention may take is found and marked, 200 blocks', marking, { unit: 'ms', budget: 2000 }),
    below(`a batch of ${BATCH} changes is purged (p95 of ${batches.length})`, percentile(batches, 0.95), ms),
    below('an edit meanwhile (p95; while nothing is purged)', percentile(beside, 0.95), {
      ...ms,
      reference: percentile(alone, 0.95),
    }),
    below('the slowest edit meanwhile (the slowest while nothing is purged)', Math.max(...beside), {
      ...ms,
      reference: Math.max(...alone),
    }),
  ]
}

/** How long edits take, one after the other, for the length of `work`. */
const editTimes = async (db: OpenDatabase, work: () => Promise<unknown>): Promise<number[]> => {
  const times: number[] = []
  let isOver = false
  const edits = (async () => {
    for (let priority = 0; !isOver; priority = (priority + 1) % 1000) {
      const edit = () =>
        db.write({ actor: 'local:ann' }, (tx) =>
          tx.updateTable('Tasks').set({ priority }).where('taskName', '=', 'template').execute(),
        )
      times.push(await timed(edit))
      await systemClock.sleep(5)
    }
  })()
  await work().finally(() => (isOver = true))
  await edits
  return times
}
