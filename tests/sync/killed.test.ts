import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { checkLog } from '../../src/main/data/seal-check.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { purgedUpTo } from '../../src/main/data/replica/log-page.ts'
import { pendingChanges } from '../../src/main/data/replica/pending.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, logOf, openSyncNode, type SyncNode } from './sync-node.ts'
import { touchAll, setUp, expectAlike } from './killing.ts'

/** `kill -9` in the middle of what table sync does: files stay whole, and the next round goes on as if nothing was. */

/** Of each work, on each server. */
const KILLS = 2

describe.each(serverDatabases())('$name: killed', ({ placeWithSchema }) => {
  it('as it follows the log, it goes on from a page', async () => {
    const { centre, kill, reopened, since } = await setUp(placeWithSchema)
    for (let time = 0; time < KILLS; time += 1) {
      await touchAll(centre, 4)
      const what = await kill('pull', 30)
      const node = await reopened(what)
      expect((await node.round()).bootstrapped, what).toBeNull()
      await expectAlike(centre, node, since, what)
      await node.close()
    }
  })

  it('as it delivers edits, it loses none and doubles none', async () => {
    const { centre, kill, reopened, since } = await setUp(placeWithSchema)
    let node = await reopened()
    for (let time = 0; time < KILLS; time += 1) {
      const { edits, waiting } = await editSome(node)
      await node.close()
      const what = await kill('push', 70)
      node = await reopened(what)
      const applied = await appliedOf(centre, waiting)
      const still = await pendingIds(node)
      // What the cluster database has not got still waits here.
      expect(
        waiting.filter((id) => !applied.includes(id) && !still.includes(id)),
        what,
      ).toEqual([])
      await node.round()
      expect(await pendingIds(node), what).toEqual([])
      expect((await appliedOf(centre, waiting)).toSorted(), what).toEqual(waiting.toSorted())
      expect(await edits.arrivals(centre), what).toEqual(edits.expected)
      expect(await centre.read.selectFrom('Sync_Conflict').selectAll().execute(), what).toEqual([])
      await expectAlike(centre, node, since, what)
    }
  })

  it('as it reads everything anew, it has what it had, or all, and every edit that waits', async () => {
    const { centre, kill, reopened, since } = await setUp(placeWithSchema)
    let from = since
    let node = await reopened()
    for (let time = 0; time < KILLS; time += 1) {
      await touchAll(centre, 1)
      const { waiting } = await editSome(node)
      const [held, cursor] = [await heldBy(node.replica.db), await cursorOf(node)]
      await node.close()
      const what = await kill('bootstrap', 20)
      node = await reopened(what)
      const isDone = (await cursorOf(node)) !== cursor
      expect(await heldBy(node.replica.db), what).toEqual(isDone ? await heldBy(centre) : held)
      expect(await pendingIds(node), what).toEqual(waiting)
      // The log that belongs to what it was filled with.
      if (isDone) from = (await cursorOf(node)) ?? 0
      await node.round()
      expect((await appliedOf(centre, waiting)).toSorted(), what).toEqual(waiting.toSorted())
      await expectAlike(centre, node, from, what)
    }
  })

  it('as the log of the cluster database is purged, what is left is followed, or read anew', async () => {
    const { centre, kill, reopened } = await setUp(placeWithSchema)
    const node = await reopened()
    const behind = await openSyncNode(centre)
    await behind.pull()
    for (let time = 0; time < KILLS; time += 1) {
      await touchAll(centre, 4)
      await node.pull()
      const what = await kill('purge', 18)
      const left = (await logOf(centre)).map(({ seq }) => seq)
      const purged = await purgedUpTo(centre.look)
      // Marked before it goes, oldest first: nothing is missing that is not said to be.
      expect(
        left.slice(1).every((seq, index) => seq === (left[index] ?? 0) + 1),
        what,
      ).toBe(true)
      expect(left[0] ?? purged + 1, what).toBeLessThanOrEqual(purged + 1)
      expect((await checkLog(centre.read, null)).broken, what).toBeNull()
      await touchAll(centre, 1)
      expect((await node.round()).bootstrapped, what).toBeNull()
      const cursor = (await cursorOf(behind)) ?? 0
      const { bootstrapped } = await behind.round()
      // What is marked goes oldest first: where its own place is still there, all behind it is.
      if (left.includes(cursor) || cursor >= purged) expect(bootstrapped, what).toBeNull()
      else expect(bootstrapped, what).toContain(`changes up to ${purged} were purged`)
      await expectAlike(centre, behind, (await cursorOf(behind)) ?? 0, what)
      expect(await heldBy(node.replica.db), what).toEqual(await heldBy(centre))
    }
  })
})

/** The cluster database takes no part in it. */
describe.each(serverDatabases().slice(0, 1))('killed', ({ placeWithSchema }) => {
  it('as its replica is tidied, it follows on', async () => {
    const { centre, kill, reopened } = await setUp(placeWithSchema)
    let node = await reopened()
    for (let time = 0; time < KILLS; time += 1) {
      await touchAll(centre, 4)
      await node.pull()
      const { waiting } = await editSome(node)
      const cursor = (await cursorOf(node)) ?? 0
      await node.close()
      const what = await kill('tidy', 16)
      node = await reopened(what)
      expect(await pendingIds(node), what).toEqual(waiting)
      await touchAll(centre, 1)
      expect((await node.round()).bootstrapped, what).toBeNull()
      await expectAlike(centre, node, cursor, what)
    }
  })
})

const cursorOf = async ({ replica, nodeId }: SyncNode): Promise<number | undefined> =>
  (await findCursor(replica.db.look, nodeId))?.seq

/** Of edits of tasks, in their order. */
const pendingIds = async ({ replica }: SyncNode): Promise<string[]> =>
  (await pendingChanges(replica.db.look)).filter(isOfTask).map(({ changeId }) => changeId)

const isOfTask = ({ tableName }: { tableName: string }): boolean => tableName === 'Tasks'

const appliedOf = async (centre: OpenDatabase, ids: readonly string[]): Promise<string[]> =>
  (
    await centre.read.selectFrom('Sync_Applied').select('changeId').where('changeId', 'in', ids).execute()
  ).map(({ changeId }) => changeId)

/** Makes tasks on the replica, edits them, deletes some; nobody else edits those. */
const editSome = async (node: SyncNode) => {
  const edits = editsIn(node.replica.db)
  const taskIds: string[] = []
  for (let n = 0; n < 4; n += 1)
    taskIds.push(await edits.create(`offline ${newId()}`, { schedule: '0 3 * * *' }))
  for (const taskId of taskIds) await edits.update(taskId, { description: 'once', tags: ['edited'] })
  const [gone = ''] = taskIds
  await edits.remove(gone)
  const expected = taskIds.flatMap((taskId) => [
    `${taskId} INSERT`,
    `${taskId} UPDATE`,
    ...(taskId === gone ? [`${taskId} DELETE`] : []),
  ])
  /** What the log of the cluster database has of them. */
  const arrivals = async (centre: OpenDatabase): Promise<string[]> => {
    const rows = await centre.read
      .selectFrom('Data_Change')
      .select(['recordId', 'action'])
      .where('recordId', 'in', taskIds)
      .where('tableName', '=', 'Tasks')
      .execute()
    return rows.map(({ recordId, action }) => `${recordId} ${action}`).toSorted()
  }
  return { waiting: await pendingIds(node), edits: { expected: expected.toSorted(), arrivals } }
}
