import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { purge } from '../../src/main/data/maintenance.ts'
import { findCursor } from '../../src/main/data/replica/cursor.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, logOf, openSyncNode } from './sync-node.ts'

describe.each(serverDatabases())('$name: a replica', ({ open }) => {
  it('begins with what there is, and follows what comes', { timeout: 60_000 }, async () => {
    const centre = await open()
    const there = editsIn(centre)
    const first = await there.create('first', { schedule: '0 3 * * *', parameters: { depth: { a: [1] } } })
    const second = await there.create('second')
    const node = await openSyncNode(centre)
    expect((await node.pull()).bootstrapped).toBe('this node has no replica yet')
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    const began = (await findCursor(node.replica.db.look, node.nodeId))?.seq ?? -1

    await there.update(first, { taskName: 'renamed', tags: ['x'], priority: 7 })
    await there.remove(second)
    const third = await there.create('second')
    await there.update(third, { schedule: { type: 'interval', everySeconds: 60 } })
    expect(await node.pull()).toMatchObject({ bootstrapped: null })
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    expect(await logOf(node.replica.db, began)).toEqual(await logOf(centre, began))
    expect(await logOf(node.replica.db, began)).not.toHaveLength(0)
    expect(await node.pull()).toEqual({ applied: 0, bootstrapped: null })
  })

  it('is told of no edit of the node by what it follows', async () => {
    const centre = await open()
    await editsIn(centre).create('first')
    const node = await openSyncNode(centre)
    await node.pull()
    await editsIn(centre).create('other')
    await node.pull()
    expect(await node.replica.db.read.selectFrom('Sync_Pending').selectAll().execute()).toEqual([])
  })

  it('is filled anew when the change it had seen is another one now', async () => {
    const centre = await open()
    const there = editsIn(centre)
    await there.create('first')
    const node = await openSyncNode(centre)
    await node.pull()
    // What a restored backup looks like: numbers were given again, to other changes.
    const last = (await logOf(centre)).at(-1)
    await centre.write({ actor: 'test' }, async (tx) => {
      await tx
        .updateTable('Data_Change')
        .set({ seq: 900 })
        .where('seq', '=', last?.seq ?? 0)
        .execute()
    })
    expect((await node.pull()).bootstrapped).toContain('it was restored from a backup')
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('is filled anew when a change cannot be read, and goes on behind it', async () => {
    const centre = await open()
    const there = editsIn(centre)
    const first = await there.create('first')
    const node = await openSyncNode(centre)
    await node.pull()
    await there.update(first, { priority: 7 })
    await numberChanges(centre)
    const damaged = (await logOf(centre)).at(-1)
    await centre.write({ actor: 'test' }, (tx) =>
      tx
        .updateTable('Data_Change')
        .set({ newData: Buffer.from('no image') })
        .where('changeId', '=', damaged?.changeId ?? '')
        .execute(),
    )
    await there.create('later')
    expect((await node.pull()).bootstrapped).toMatch(`${damaged?.changeId} of Tasks ${first} cannot be read`)
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    await there.update(first, { priority: 8 })
    expect(await node.pull()).toMatchObject({ bootstrapped: null })
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })

  it('begins where the whole log was purged', async () => {
    const centre = await open()
    await editsIn(centre).create('old')
    await purge(inTenDays(centre), { historyDays: 0, changeDays: 1, clock: systemClock })
    expect(await logOf(centre)).toEqual([])
    const node = await openSyncNode(centre)
    expect((await node.pull()).bootstrapped).toBe('this node has no replica yet')
    expect(await node.pull()).toEqual({ applied: 0, bootstrapped: null })
    await editsIn(centre).create('new')
    expect((await node.pull()).bootstrapped).toBeNull()
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
  })
})

/** A database by whose clock everything is old. */
const inTenDays = (db: OpenDatabase): OpenDatabase => ({
  ...db,
  now: async () => isoOf(Date.parse(await db.now()) + 864_000_000),
})
