import { describe, expect, it } from 'vitest'
import { countPending } from '../../src/main/data/replica/pending.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, openSyncNode } from './sync-node.ts'

describe.each(serverDatabases())('$name: edits made on a replica', ({ open }) => {
  const conflictsOf = async (centre: Awaited<ReturnType<typeof open>>) =>
    (await centre.read.selectFrom('Sync_Conflict').selectAll().orderBy('conflictId').execute()).map(
      ({ kind, fields }) => ({ kind, fields }),
    )

  it('are taken by the cluster database, with the schedule rows that were made with them', async () => {
    const centre = await open()
    const node = await openSyncNode(centre)
    await node.pull()
    const here = editsIn(node.replica.db)
    const taskId = await here.create('offline', { schedule: '0 3 * * *' })
    await here.update(taskId, { priority: 5 })
    const before = await heldBy(node.replica.db)
    expect(await countPending(node.replica.db.look)).toBe(2)
    const { delivered, refused } = await node.push()
    expect(delivered.map((one) => one.outcome)).toEqual(['Accepted', 'Accepted'])
    expect(refused).toBe(0)
    expect(await countPending(node.replica.db.look)).toBe(0)
    expect((await heldBy(centre)).rows).toEqual(before.rows)
    expect((await findTask(centre.look, taskId))?.priority).toBe(5)
    await node.pull()
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('are merged field by field, and what both changed is a conflict', async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('shared', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(centre, 'local:bob').update(taskId, { priority: 2, description: 'theirs' })
    await editsIn(node.replica.db).update(taskId, { priority: 3, timeout: 30 })
    expect((await node.push()).delivered).toMatchObject([{ outcome: 'Conflict' }])
    expect(await findTask(centre.look, taskId)).toMatchObject({
      ...{ priority: 3, timeout: 30, description: 'theirs' },
    })
    expect(await conflictsOf(centre)).toEqual([
      { kind: 'Edit', fields: [{ field: 'priority', base: 1, mine: 3, theirs: 2, taken: 'mine' }] },
    ])
    await node.pull()
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('do not delete what somebody changed: the record comes back', async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('kept')
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(centre).update(taskId, { priority: 9 })
    await editsIn(node.replica.db).remove(taskId)
    expect((await node.push()).delivered).toMatchObject([{ outcome: 'Conflict' }])
    expect((await conflictsOf(centre)).map((one) => one.kind)).toEqual(['DeletedHere'])
    await node.pull()
    expect((await findTask(node.replica.db.look, taskId))?.priority).toBe(9)
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('bring a deleted task back', async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('gone')
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(centre).remove(taskId)
    await editsIn(node.replica.db).update(taskId, { priority: 4 })
    await node.round()
    expect((await conflictsOf(centre)).map((one) => one.kind)).toEqual(['DeletedThere'])
    expect((await findTask(centre.look, taskId))?.priority).toBe(4)
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('that took a name somebody else has get a suffix', async () => {
    const centre = await open()
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(centre).create('same')
    const mine = await editsIn(node.replica.db).create('same')
    await node.round()
    expect((await findTask(centre.look, mine))?.taskName).toBe('same (2)')
    expect((await conflictsOf(centre)).map((one) => one.kind)).toEqual(['NameTaken'])
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it.each([{ theirName: null }, { theirName: 'z' }])(
    'that took a name which was another’s for a while leave both as they are (renamed there: $theirName)',
    async ({ theirName }) => {
      const centre = await open()
      const there = editsIn(centre)
      const mine = await there.create('a', { schedule: '0 3 * * *' })
      const other = await there.create('x', { schedule: '0 4 * * *' })
      const node = await openSyncNode(centre)
      await node.pull()
      await there.update(other, { taskName: 'b' })
      if (theirName) await there.update(mine, { taskName: theirName })
      await there.update(other, { taskName: 'c' })
      await editsIn(node.replica.db).update(mine, { taskName: 'b' })
      await node.round()
      expect((await findTask(centre.look, mine))?.taskName).toBe('b')
      // What the log brings on its way there is not what is left.
      expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    },
  )

  it('delivered twice change nothing the second time', async () => {
    const centre = await open()
    const taskId = await editsIn(centre).create('once')
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(node.replica.db).update(taskId, { priority: 3 })
    const waiting = await node.replica.db.read.selectFrom('Sync_Pending').selectAll().execute()
    await node.push()
    await editsIn(centre).update(taskId, { priority: 8 })
    await node.replica.db.write({ actor: 'test', applies: true }, (tx) =>
      tx.insertInto('Sync_Pending').values(waiting).execute(),
    )
    expect((await node.push()).delivered).toMatchObject([{ outcome: 'Accepted' }])
    expect((await findTask(centre.look, taskId))?.priority).toBe(8)
    expect(await conflictsOf(centre)).toEqual([])
  })
})
