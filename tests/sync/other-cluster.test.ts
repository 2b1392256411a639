import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readInfo } from '../../src/main/data/cluster-info.ts'
import { filledFrom } from '../../src/main/data/replica/open-replica.ts'
import { countPending } from '../../src/main/data/replica/pending.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { serverDatabases } from '../support/databases.ts'
import { tempDir } from '../support/node.ts'
import { openReplicaAt } from '../support/sync-parts.ts'
import { editsIn, heldBy, openSyncNode } from './sync-node.ts'

describe.each(serverDatabases())('$name: a replica', ({ open }) => {
  it('of another cluster is moved aside with what waits in it; of this one it stays', async () => {
    const centre = await open()
    const path = join(await tempDir(), 'pswebhost.db')
    const node = await openSyncNode(centre, { path })
    await node.pull()
    await editsIn(node.replica.db).create('made for this cluster')
    await node.replica.db.close()
    const openFor = async (clusterId: string) => {
      const place = { path, nodeId: newId(), clock: systemClock, programVersion: '0.1.0' }
      const { db } = await openReplicaAt({ ...place, clusterId })
      onTestFinished(() => db.close())
      return db
    }
    const same = await openFor((await readInfo(centre.look, 'ClusterID')) ?? '')
    expect(await countPending(same.look)).toBeGreaterThan(0)
    await same.close()
    expect(await countPending((await openFor(newId())).look)).toBe(0)
    expect(await readdir(dirname(path))).toContainEqual(expect.stringContaining('before-replica'))
  })

  it('that is damaged is moved aside too, and a new one takes its place', async () => {
    const centre = await open()
    await editsIn(centre).create('kept')
    const path = join(await tempDir(), 'pswebhost.db')
    const before = await openSyncNode(centre, { path })
    await before.pull()
    await before.replica.db.close()
    await writeFile(path, 'no database any more'.repeat(500))
    expect(filledFrom(path, undefined)).toBeNull()
    const node = await openSyncNode(centre, { path })
    expect((await node.pull()).bootstrapped).toContain('no replica yet')
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    expect(await readdir(dirname(path))).toContainEqual(expect.stringContaining('before-replica'))
  })

  it('has what a table held that is followed since', async () => {
    const centre = await open()
    await editsIn(centre).create('first')
    const path = join(await tempDir(), 'pswebhost.db')
    const nodeId = newId()
    const before = await openSyncNode(centre, { path, nodeId, tables: ['Nodes'] })
    await before.pull()
    expect((await heldBy(before.replica.db)).tasks).toEqual([])
    await before.replica.db.close()
    const node = await openSyncNode(centre, { path, nodeId })
    expect((await node.pull()).bootstrapped).toContain('Tasks, Task_Schedule came to tableSync.tables')
    expect(await heldBy(node.replica.db)).toEqual(await heldBy(centre))
    expect((await node.pull()).bootstrapped).toBeNull()
  })
})
