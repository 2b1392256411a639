import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { newestChange } from '../../src/main/data/replica/log-page.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { createInTx } from '../../src/main/services/tasks/save.ts'
import { databaseOptions, serverDatabases, type ServerDatabases } from '../support/databases.ts'
import { newTask, editsIn, heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'
import { createTimestampReader } from './timestamp-reader.ts'
import { writeUntil, type Known } from './writers.ts'

/*
 * Many who write and many who follow, at once. Every program has a pool of its own on the cluster database, as nodes
 * have. PSWEBHOST_SYNC_SECONDS=300 for a long run.
 */

const SECONDS = Number(process.env['PSWEBHOST_SYNC_SECONDS'] ?? 15)
const REPLICAS = 12
const WRITERS = 6
/** Rows of the log compared at once: of a long run all of them would not fit. */
const PAGE = 1000

/** A replica that pulls at its own pace, however far it is behind. */
interface Follower extends SyncNode {
  /** Its place in the log when it was filled. */
  beganAt: () => number
  pulls: number
  applied: number
  bootstraps: string[]
  errors: unknown[]
}

const openFollower = async (centre: OpenDatabase): Promise<Follower> => {
  const nodeId = newId()
  let beganAt = -1
  const node = await openSyncNode(centre, {
    nodeId,
    wrap: (db) => ({
      ...db,
      write: async (context, work) => {
        const result = await db.write(context, work)
        if (context.reason === 'bootstrap') beganAt = (await findCursor(db.look, nodeId))?.seq ?? -1
        return result
      },
    }),
  })
  return { ...node, beganAt: () => beganAt, pulls: 0, applied: 0, bootstraps: [], errors: [] }
}

const pullOnce = async (follower: Follower): Promise<void> => {
  try {
    const { applied, bootstrapped } = await follower.pull()
    follower.pulls += 1
    follower.applied += applied
    if (bootstrapped) follower.bootstraps.push(bootstrapped)
  } catch (error) {
    follower.errors.push(error)
  }
}

/** How long each sleeps between two looks. */
const paceOf = (index: number): number => 20 + 40 * index

const follow = async (follower: Follower, paceMs: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await pullOnce(follower)
    await sleep(paceMs)
  }
}

/** Every page of the centre's log from where the replica began is the replica's. */
const expectSameLog = async (centre: OpenDatabase, followers: readonly Follower[]): Promise<number> => {
  let compared = 0
  for (let after = 0; ;) {
    const page = await logOf(centre, after, PAGE)
    const last = page.at(-1)
    if (!last?.seq) return compared
    for (const { replica, beganAt } of followers) {
      const from = Math.max(after, beganAt())
      const wanted = page.filter(({ seq }) => (seq ?? 0) > from)
      if (wanted.length > 0) expect(await logOf(replica.db, from, wanted.length)).toEqual(wanted)
      compared += wanted.length
    }
    after = last.seq
  }
}

/** As many programs on one fresh database as are asked for. */
const onPrograms = async (
  { place }: ServerDatabases,
  use: (open: () => Promise<OpenDatabase>) => Promise<void>,
): Promise<void> => {
  const options = databaseOptions(await place())
  const programs: OpenDatabase[] = []
  try {
    await use(async () => {
      const db = await createDatabase(options)
      programs.push(db)
      return db
    })
  } finally {
    for (const db of programs) await db.close()
  }
}

const several = async <T>(count: number, make: () => Promise<T>): Promise<T[]> => {
  const made: T[] = []
  for (let index = 0; index < count; index += 1) made.push(await make())
  return made
}

describe.each(serverDatabases())('$name: many replicas', (database) => {
  it(
    'are as the cluster database is after many have written, those too that came meanwhile',
    { timeout: SECONDS * 4_000 + 240_000 },
    () =>
      onPrograms(database, async (open) => {
        const centre = await open()
        const reader = createTimestampReader(await open())
        const writers = await several(WRITERS, open)
        const followers = await several(REPLICAS, async () => openFollower(await open()))
        const [writing, following] = [new AbortController(), new AbortController()]
        const known: Known = new Set()
        const written = Promise.all(
          writers.map((db, writer) => writeUntil(db, { writer, known, signal: writing.signal })),
        )
        const loops = followers.map(async (follower, index) => {
          // The first half at once, the others one after the other in the first two thirds.
          const late = Math.max(0, index - REPLICAS / 2 + 1)
          await sleep((late * SECONDS * 2_000) / (3 * (REPLICAS / 2)))
          // Behind something, however slow the machine is.
          while (late > 0 && !following.signal.aborted && !(await newestChange(centre.look))) await sleep(50)
          await follow(follower, paceOf(index), following.signal)
        })
        const reading = (async () => {
          while (!following.signal.aborted) {
            await reader.read()
            await sleep(5)
          }
        })()
        try {
          await Promise.race([sleep(SECONDS * 1000), written])
        } finally {
          writing.abort()
          await written.catch(() => undefined)
          following.abort()
          await Promise.all([...loops, reading])
        }
        for (const follower of followers) await pullOnce(follower)
        await reader.read()

        const totals = await written
        expect(followers.flatMap(({ errors }) => errors)).toEqual([])
        expect(followers.map(({ bootstraps }) => bootstraps)).toEqual(
          followers.map(() => ['this node has no replica yet']),
        )
        const held = await heldBy(centre)
        for (const { replica } of followers) expect(await heldBy(replica.db)).toEqual(held)
        expect(await numberChanges(centre)).toBe(0)
        const compared = await expectSameLog(centre, followers)
        const applied = followers.reduce((sum, one) => sum + one.applied, 0)
        expect(compared).toBe(applied)
        // Half of them began behind changes that others had followed.
        expect(followers.filter((one) => one.beganAt() > 0).length).toBeGreaterThanOrEqual(REPLICAS / 2)
        const changes = await idsOf(centre)
        tell(database.name, [
          `${SECONDS} s: ${sum(totals.map((one) => one.transactions))} transactions of ${WRITERS} writers`,
          `(${sum(totals.map((one) => one.refused))} refused by the rules) wrote ${changes.length} changes`,
          `${followers.length} replicas applied ${applied} of them in ${sum(followers.map((one) => one.pulls))} pulls`,
          `a reader with a time as its cursor missed ${changes.filter((id) => !reader.seen.has(id)).length}`,
        ])
      }),
  )

  it('lose nothing to a transaction that is stamped first and committed last, as a time for a cursor does', () =>
    onPrograms(database, async (open) => {
      const [centre, slow, quick] = [await open(), await open(), await open()]
      const reader = createTimestampReader(centre)
      const node = await openSyncNode(centre)
      await node.pull()
      const isStamped = gate()
      const mayCommit = gate()
      const first = editsIn(slow).within(async (context) => {
        const { taskId } = await createInTx(context, newTask('stamped first'))
        isStamped.open()
        await mayCommit.passed
        return taskId
      })
      await isStamped.passed
      // Times have milliseconds: the second one is later, or equal, which is as bad.
      await sleep(5)
      const second = await editsIn(quick).create('committed first')
      await reader.read()
      await node.pull()
      mayCommit.open()
      const ids = [await first, second]
      await reader.read()
      await node.pull()

      const log = await logOf(centre)
      const [earlier, later] = ids.map((id) => log.find((change) => change.recordId === id))
      expect(earlier && later && earlier.changedAt < later.changedAt).toBe(true)
      expect([earlier, later].map((change) => reader.seen.has(change?.changeId ?? ''))).toEqual([false, true])
      expect((earlier?.seq ?? 0) > (later?.seq ?? 0)).toBe(true)
      expect((await heldBy(node.replica.db)).tasks.map(({ taskId }) => taskId).sort()).toEqual(ids.sort())
      expect(await logOf(node.replica.db)).toEqual(log)
    }))
})

const idsOf = async (db: OpenDatabase): Promise<string[]> =>
  (await db.read.selectFrom('Data_Change').select('changeId').execute()).map((row) => row.changeId)

const gate = () => {
  let open: () => void = () => {}
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { open, passed }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Figures of the run, for whoever started it. */
const tell = (name: string, sentences: readonly string[]): void =>
  void process.stderr.write(`[many replicas] ${name}, ${sentences.join('; ')}\n`)
