import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { lagBehind } from '../../../src/main/data/replica/lag.ts'
import { purgedUpTo, readLogPage, type Cursor } from '../../../src/main/data/replica/log-page.ts'
import { numberChanges } from '../../../src/main/data/sequencer.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import { createChanges } from '../../../src/main/services/changes.ts'
import { createEventBus } from '../../../src/main/services/events.ts'
import { createCommitLag } from '../../../src/main/services/sync/commit-lag.ts'
import { syncStatus } from '../../../src/main/services/sync/status.ts'
import { changeFilterSchema } from '../../../src/shared/domain/change.ts'
import { caller } from '../bench-node.ts'
import { percentile, timed } from '../rows.ts'
import { SYNCED } from './follower.ts'
import { followerId, newestSeq } from './large-log.ts'

/** What nodes and people ask of the log again and again. */
export type Question = (typeof QUESTIONS)[number]

export const QUESTIONS = [
  'a page of 100 changes at the beginning',
  'a page of 100 changes at the end',
  'a look that finds nothing new',
  'the lag of a node that is at the end',
  'the lag of a node that has all to come',
  'status with 12 nodes, 11 of them behind',
  '100 changes with the nodes that have them',
] as const

const CALLS = 50
/** With which a replica begins (pull.ts). */
const PAGE = 100

/** p95 of each question, in milliseconds. */
export const askLog = async (db: OpenDatabase): Promise<Map<Question, number>> => {
  const asks = await asksOf(db)
  const answers = new Map<Question, number>()
  for (const question of QUESTIONS) {
    const times: number[] = []
    // The first ones warm what the server keeps in memory.
    for (let call = -3; call < CALLS; call += 1) {
      const took = await timed(asks[question])
      if (call >= 0) times.push(took)
    }
    answers.set(question, percentile(times, 0.95))
  }
  return answers
}

const asksOf = async (db: OpenDatabase): Promise<Record<Question, () => Promise<unknown>>> => {
  const newest = await newestSeq(db)
  const first = await cursorAt(db, (await purgedUpTo(db.look)) + 1)
  const last = await cursorAt(db, newest - PAGE)
  const changes = changesOf(db)
  return {
    'a page of 100 changes at the beginning': () => pageBehind(db, first),
    'a page of 100 changes at the end': () => pageBehind(db, last),
    'a look that finds nothing new': () => numberChanges(db),
    'the lag of a node that is at the end': () => lagBehind(db.read, newest),
    'the lag of a node that has all to come': () => lagBehind(db.read, first.seq),
    'status with 12 nodes, 11 of them behind': () => statusOf(db),
    '100 changes with the nodes that have them': () =>
      changes.list(caller, changeFilterSchema.parse({ limit: 100 })),
  }
}

const cursorAt = async (db: OpenDatabase, seq: number): Promise<Cursor> => {
  const { changeId } = await db.look
    .selectFrom('Data_Change')
    .select('changeId')
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow()
  return { seq, changeId }
}

const pageBehind = async (db: OpenDatabase, cursor: Cursor): Promise<void> => {
  const page = await readLogPage(db.read, cursor, PAGE)
  if (page.kind === 'lost' || page.rows.length !== PAGE) throw new Error('the page is not there')
}

const statusOf = (db: OpenDatabase) =>
  syncStatus({
    centre: db,
    // Nothing is asked of it: no node of these is the one that asks, and the centre is there.
    replica: db,
    ...{ nodeId: followerId(-1), tables: SYNCED, interval: 60, offlineSince: () => null },
    state: () => ({
      ...{ progress: { phase: 'idle', done: 0, total: null }, lastError: null, asOf: null, waiting: 0 },
      commitLag: createCommitLag(),
    }),
  })

const changesOf = (db: OpenDatabase) =>
  createChanges({
    ...{ db, events: createEventBus(systemClock), tracking: true },
    secrets: { sealValues: (_field, values) => values },
    number: () => numberChanges(db),
    nodeChanged: async () => {},
    wake: () => {},
  })
