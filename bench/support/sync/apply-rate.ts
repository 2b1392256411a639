import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { isNumbered, type LogRow } from '../../../src/main/data/replica/log-page.ts'
import { numberChanges } from '../../../src/main/data/sequencer.ts'
import type { ServerAddress } from '../../../tests/support/servers/server.ts'
import { scale, withTempFolder } from '../folders.ts'
import { informational, median, type BenchRow } from '../rows.ts'
import { bareInsertRate, type Bareness } from './bare-insert.ts'
import { withCentre } from './centre.ts'
import { makeEdits } from './edits.ts'
import { openFollower, type Follower } from './follower.ts'

const CHANGES = 40_000
const ROUNDS = 3
const SHARE = 0.4

/** How fast a replica takes a long log, reading it from the server included. */
export const applyRateRows = (server: ServerAddress): Promise<BenchRow[]> =>
  withTempFolder((folder) =>
    withCentre(server, async ({ db }) => {
      const followers: Follower[] = []
      try {
        // Filled while there is nothing: what comes then is followed.
        for (let round = 0; round < ROUNDS; round += 1) {
          const follower = await openFollower(db, folder)
          followers.push(follower)
          await follower.pull()
        }
        await makeEdits(db, Math.ceil(CHANGES * scale()))
        await numberChanges(db)
        return await compare(db, followers)
      } finally {
        for (const follower of followers) await follower.close()
      }
    }),
  )

/** One and the others in turn: the machine is the same for all. */
const compare = async (db: OpenDatabase, followers: readonly Follower[]): Promise<BenchRow[]> => {
  const log = await wholeLog(db)
  const rounds: { applied: number; tables: number; columns: number }[] = []
  for (const follower of followers) {
    const bare = (bareness: Bareness) =>
      withTempFolder(async (folder) => bareInsertRate(log, { replica: follower.path, folder, bareness }))
    rounds.push({
      tables: await bare('tables'),
      applied: await rateOf(follower, log.length),
      columns: await bare('columns'),
    })
  }
  const figure = median(rounds.map(({ applied }) => applied))
  const ratio = median(rounds.map(({ applied, tables }) => applied / tables))
  return [
    {
      line: `changes applied to a replica, of ${log.length} (the same rows inserted into the same tables)`,
      ...{ figure, unit: 'changes/s', reference: figure / ratio, ratio },
      budget: `>= ${SHARE.toFixed(2)} ×`,
      ok: ratio >= SHARE,
    },
    informational('the same (inserted into tables without keys and indexes)', figure, {
      unit: 'changes/s',
      reference: median(rounds.map(({ columns }) => columns)),
    }),
  ]
}

const rateOf = async (follower: Follower, count: number): Promise<number> => {
  const startedAt = performance.now()
  const { applied } = await follower.pull()
  const took = performance.now() - startedAt
  if (applied !== count) throw new Error(`${applied} of ${count} changes were applied`)
  return (applied / took) * 1000
}

const wholeLog = async (db: OpenDatabase): Promise<LogRow[]> =>
  (await db.read.selectFrom('Data_Change').selectAll().orderBy('seq').execute()).filter(isNumbered)
