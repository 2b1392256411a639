import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readInfo, writeInfo } from '../../src/main/data/cluster-info.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { readLatestState, runsSeenUntil, writeLatestState } from '../../src/main/data/replica/latest-state.ts'
import { countPending } from '../../src/main/data/replica/pending.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { deliverRuns } from '../../src/main/services/sync/deliver-runs.ts'
import { databaseOptions, fileOf, serverDatabases } from '../support/databases.ts'
import { tempDir } from '../support/node.ts'
import { copyInto } from '../data/copy-data.ts'
import { runRow } from '../data/rows.ts'
import { editsIn, heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'

/** What comes of table sync when a replica, or the cluster database, is what it was some time ago. */

const DAY_MS = 86_400_000

describe.each(serverDatabases())('$name: a replica restored from an old copy of itself', ({ open }) => {
  /** Two edits that wait, a copy of the file, and then their delivery. */
  const restored = async (centre: OpenDatabase, meanwhile: (node: SyncNode) => Promise<unknown>) => {
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.pull()
    const here = editsIn(node.replica.db)
    await here.update(taskId, { priority: 2 })
    const made = await here.create('made here', { schedule: '0 3 * * *' })
    const copy = join(await tempDir(), 'pswebhost.db')
    await fileOf(node.replica.db).copyTo(copy)
    const cursor = await findCursor(node.replica.db.look, node.nodeId)
    await node.round()
    await meanwhile(node)
    await node.close()
    return { taskId, made, cursor, old: await openSyncNode(centre, { nodeId: node.nodeId, path: copy }) }
  }

  it('follows on from where it was, and delivers nothing a second time', async () => {
    const centre = await open()
    const { taskId, made, cursor, old } = await restored(centre, async (node) => {
      await editsIn(centre).update(taskIdOf(await heldBy(centre), 'shared'), { priority: 8 })
      await editsIn(centre).create('third')
      await node.round()
    })
    const before = { held: await heldBy(centre), log: await logOf(centre) }
    expect(await findCursor(old.replica.db.look, old.nodeId)).toEqual(cursor)
    expect(await countPending(old.replica.db.look)).toBe(2)
    const { delivered } = await old.push()
    expect(delivered.map(({ outcome }) => outcome)).toEqual(['Accepted', 'Accepted'])
    expect({ held: await heldBy(centre), log: await logOf(centre) }).toEqual(before)
    expect((await old.pull()).bootstrapped).toBeNull()
    expect(await heldBy(old.replica.db)).toEqual(before.held)
    expect(await logOf(old.replica.db, cursor?.seq)).toEqual(await logOf(centre, cursor?.seq))
    expect((await findTask(centre.look, taskId))?.priority).toBe(8)
    expect(await centre.read.selectFrom('Sync_Conflict').selectAll().execute()).toEqual([])
    // What is edited from now on is new.
    await editsIn(old.replica.db).update(made, { priority: 5 })
    await old.round()
    expect((await findTask(centre.look, made))?.priority).toBe(5)
    expect(await heldBy(old.replica.db)).toEqual(await heldBy(centre))
  })

  it('is filled anew, and says why, when the log behind its place was purged', async () => {
    const centre = await open()
    const { old, cursor } = await restored(centre, async () => {
      await purge(later(centre), { historyDays: 0, changeDays: 1, clock: systemClock })
      await editsIn(centre).create('third')
    })
    await numberChanges(centre)
    const log = (await logOf(centre)).length
    expect((await old.round()).bootstrapped).toMatch(
      new RegExp(
        `^changes up to \\d+ were purged, and this node had followed them up to ${cursor?.seq} only$`,
      ),
    )
    expect(await logOf(centre)).toHaveLength(log)
    expect(await countPending(old.replica.db.look)).toBe(0)
    expect(await heldBy(old.replica.db)).toEqual(await heldBy(centre))
  })
})

describe.each(serverDatabases())(
  '$name: a run that an old copy of a replica has yet to deliver',
  ({ open }) => {
    it.each(['Running', 'Queued'] as const)('as %s stays as it ended', async (state) => {
      const centre = await open()
      const taskId = await editsIn(centre).create('pinned', { schedule: '0 3 * * *' })
      const node = await openSyncNode(centre)
      await node.pull()
      const scheduleId = (await heldBy(centre)).rows[0]?.scheduleId ?? ''
      const run = runRow({ taskId, scheduleId, state })
      await node.replica.db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
      const path = join(await tempDir(), 'pswebhost.db')
      await fileOf(node.replica.db).copyTo(path)
      const deliver = ({ replica }: SyncNode): Promise<number> =>
        deliverRuns(
          { centre, replica: replica.db, leaseMs: 30_000, log: memoryLog() },
          new AbortController().signal,
        )

      await node.replica.db.write(SYSTEM, (tx) =>
        tx.updateTable('Task_History').set({ state: 'Success', updatedAt: run.scheduledFor }).execute(),
      )
      expect(await deliver(node)).toBe(1)
      await node.close()
      await centre.write(SYSTEM, (tx) =>
        tx
          .updateTable('Task_Schedule')
          .set({ lastState: 'Failed', totalRuns: 7, lastHistoryId: newId() })
          .execute(),
      )
      const held = async () => ({
        runs: await centre.read.selectFrom('Task_History').selectAll().execute(),
        rows: await centre.read.selectFrom('Task_Schedule').selectAll().execute(),
      })
      const before = await held()
      expect(before.runs).toMatchObject([{ state: 'Success' }])
      expect(await deliver(await openSyncNode(centre, { nodeId: node.nodeId, path }))).toBe(1)
      expect(await held()).toEqual(before)
    })
  },
)

const SYSTEM = { actor: 'system' }

/** By whose clock everything is old. */
const later = (db: OpenDatabase): OpenDatabase => ({
  ...db,
  now: async () => isoOf(Date.parse(await db.now()) + 2 * DAY_MS),
})

const taskIdOf = ({ tasks }: Awaited<ReturnType<typeof heldBy>>, name: string): string =>
  tasks.find(({ taskName }) => taskName === name)?.taskId ?? ''

const RESTORES = [
  { how: 'with a new DatabaseID', keepsId: false, reason: 'it was copied, or restored from a backup' },
  { how: 'as it was, DatabaseID and all', keepsId: true, reason: 'it was restored from a backup' },
]

const CASES = serverDatabases().flatMap((server) => RESTORES.map((restore) => ({ ...server, ...restore })))

describe.each(CASES)('$name: a cluster database restored $how', ({ open, place, keepsId, reason }) => {
  const backup = async (centre: OpenDatabase): Promise<() => Promise<OpenDatabase>> => {
    const config = await place()
    await copyInto(centre, config)
    const databaseId = (await readInfo(centre.look, 'DatabaseID')) ?? ''
    return async () => {
      const db = await createDatabase(databaseOptions(config))
      onTestFinished(() => db.close())
      if (keepsId) await db.write({ actor: 'system' }, (tx) => writeInfo(tx, 'DatabaseID', databaseId))
      return db
    }
  }

  /** A node that follows, and a backup that is older than an edit it delivered; another edit of the node waits. */
  const restored = async () => {
    const centre = await open()
    const kept = await editsIn(centre).create('kept', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.round()
    const restore = await backup(centre)
    const here = editsIn(node.replica.db)
    await here.update(kept, { description: 'delivered, and lost' })
    const lost = await here.create('made after the backup')
    await node.round()
    expect(await countPending(node.replica.db.look)).toBe(0)
    await bringRun(centre, node, kept)
    await here.update(kept, { priority: 5 })
    await here.update(lost, { priority: 6 })
    const made = await here.create('waits')
    await node.close()
    return { kept, lost, made, node, centre: await restore() }
  }

  it('is read anew, with the reason; edits that wait are delivered, what it had got since is said to be gone', async () => {
    const { kept, lost, made, node, centre } = await restored()
    const again = await openSyncNode(centre, { nodeId: node.nodeId, path: node.path })
    const { bootstrapped } = await again.round()
    expect(bootstrapped).toContain(reason)
    expect(bootstrapped).toMatch(
      /; 3 changes that this node had followed are gone there, with 3 edits of this node that had been delivered/,
    )
    const row = await findCursor(again.replica.db.look, node.nodeId)
    expect(row?.bootstrapReason).toBe(bootstrapped)
    expect(await again.replica.db.read.selectFrom('Task_History').select('historyId').execute()).toEqual([])
    expect(await runsSeenUntil(again.replica.db.look)).toBeNull()
    expect(await countPending(again.replica.db.look)).toBe(0)
    expect(await findTask(centre.look, kept)).toMatchObject({ priority: 5, description: null })
    expect(await findTask(centre.look, made)).toMatchObject({ taskName: 'waits' })
    // An edit that waits brings back the record it was of.
    expect(await findTask(centre.look, lost)).toMatchObject({ priority: 6 })
    expect(await heldBy(again.replica.db)).toEqual(await heldBy(centre))
    expect(await again.pull()).toEqual({ applied: 0, bootstrapped: null })
  })

  it('is noticed too when its log has gone on to the number where the node was', async () => {
    const { made, node, centre } = await restored()
    for (let edit = 0; edit < 12; edit += 1)
      await editsIn(centre).create(`after the restore ${edit}`, { schedule: null })
    const again = await openSyncNode(centre, { nodeId: node.nodeId, path: node.path })
    expect((await again.pull()).bootstrapped).toContain(reason)
    // A pull delivers nothing and drops nothing.
    expect(await countPending(again.replica.db.look)).toBeGreaterThan(0)
    await again.round()
    expect(await findTask(centre.look, made)).toMatchObject({ taskName: 'waits' })
    expect(await heldBy(again.replica.db)).toEqual(await heldBy(centre))
  })
})

/** A run of the cluster database, and the replica's look at it. */
const bringRun = async (
  centre: OpenDatabase,
  { replica, nodeId }: SyncNode,
  taskId: string,
): Promise<void> => {
  const run = runRow({ taskId, state: 'Success' })
  await centre.write({ actor: 'system' }, (tx) => tx.insertInto('Task_History').values(run).execute())
  const latest = await readLatestState(centre, { since: run.updatedAt, nodeId })
  expect(latest.runs).toHaveLength(1)
  await replica.db.write({ actor: 'system', applies: true }, (tx) => writeLatestState(tx, latest))
}
