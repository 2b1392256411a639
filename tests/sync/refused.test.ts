import { describe, expect, it } from 'vitest'
import { countPending, pendingChanges } from '../../src/main/data/replica/pending.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { giveUpEdit } from '../../src/main/services/sync/give-up.ts'
import { serverDatabases } from '../support/databases.ts'
import { editsIn, heldBy, openSyncNode } from './sync-node.ts'

describe.each(serverDatabases())('$name: an edit that the cluster database refuses', ({ open }) => {
  /** Two tasks, each edited offline; the first edit cannot be read any more. */
  const withRefused = async () => {
    const centre = await open()
    const first = await editsIn(centre).create('first', { priority: 1 })
    const second = await editsIn(centre).create('second', { priority: 1 })
    const node = await openSyncNode(centre)
    await node.pull()
    const here = editsIn(node.replica.db)
    await here.update(first, { priority: 2 })
    await here.update(first, { priority: 3 })
    await here.update(second, { priority: 2 })
    await node.replica.db.write({ actor: 'test', applies: true }, (tx) =>
      tx
        .updateTable('Sync_Pending')
        .set({ newData: Buffer.from('no image') })
        .where('pendingSeq', '=', 1)
        .execute(),
    )
    return { centre, node, first, second }
  }

  it('holds up the later ones of its record, and neither others nor the node', async () => {
    const { centre, node, first, second } = await withRefused()
    expect(await node.push()).toMatchObject({ delivered: [{ recordId: second }], refused: 1 })
    expect((await findTask(centre.look, first))?.priority).toBe(1)
    expect((await findTask(centre.look, second))?.priority).toBe(2)
    expect(await countPending(node.replica.db.look)).toBe(0)
    const waiting = await pendingChanges(node.replica.db.look, 0)
    expect(waiting.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('image') as string,
      'waits for an earlier edit of the same task',
    ])
    // Told once.
    expect((await node.push()).refused).toBe(0)
  })

  it('is given up by a person, with the later ones of its record', async () => {
    const { centre, node, second } = await withRefused()
    const [refused] = await pendingChanges(node.replica.db.look, 0)
    const giveUp = (changeId: string) => giveUpEdit({ centre, replica: node.replica.db }, changeId)
    await expect(giveUp(refused?.changeId ?? '')).rejects.toThrow('was not refused')
    await node.push()
    await giveUp(refused?.changeId ?? '')
    expect(await pendingChanges(node.replica.db.look, 0)).toEqual([])
    await node.pull()
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    await expect(giveUp(second)).rejects.toThrow('does not wait here')
  })
})
