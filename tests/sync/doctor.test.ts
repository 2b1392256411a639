import { describe, expect, it } from 'vitest'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { sealChanges } from '../../src/main/data/seals.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { alike, clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { followed, localClientOf } from './edge.ts'

/** Whoever holds the database can write its log anew; every node of the cluster can tell. */

const FAR = '9999-01-01T00:00:00.000Z'

const THIEF = { actor: 'thief' }

const brokenOf = async (node: ClusterNode): Promise<string[]> => {
  const { findings } = await localClientOf(node).local.doctor({ fix: false })
  return findings.filter(({ id, ok }) => id === 'log' && !ok).map(({ detail }) => detail)
}

const seal = (db: OpenDatabase) => sealChanges(db, { nodeId: null, olderThan: FAR })

/** Two nodes, and a log whose seals the second one has seen. */
const sealedCluster = async (server: ReturnType<typeof clusterServers>[number]) => {
  const cluster = await clusterOf(server, alike(2, { capacity: 0 }))
  const scriptPath = await cluster.script('job.sh', 'true')
  for (const taskName of ['first', 'second', 'third']) await cluster.task({ taskName, scriptPath })
  const [, other] = cluster.nodes as [ClusterNode, ClusterNode]
  await followed(other)
  await seal(cluster.db)
  await other.stop()
  await other.start()
  return { cluster, other, changes: await changesOf(cluster) }
}

const changesOf = ({ db }: Cluster) =>
  db.read.selectFrom('Data_Change').selectAll().where('tableName', '=', 'Tasks').orderBy('seq').execute()

describe.each(clusterServers())('$name: the doctor of another node', (server) => {
  it('names the change one byte of which is another one, and the one that is gone', async () => {
    const { cluster, other, changes } = await sealedCluster(server)
    expect(await brokenOf(other)).toEqual([])
    const [first, second] = changes
    if (!first?.newData || !second) throw new Error('two tasks were made')
    const altered = Buffer.from(first.newData)
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    const write = (newData: Uint8Array) =>
      cluster.db.write(THIEF, (tx) =>
        tx.updateTable('Data_Change').set({ newData }).where('changeId', '=', first.changeId).execute(),
      )
    await write(altered)
    expect(await brokenOf(other)).toEqual([expect.stringContaining(`change ${first.seq} (${first.changeId}`)])
    await write(first.newData)
    expect(await brokenOf(other)).toEqual([])
    await cluster.db.write(THIEF, (tx) =>
      tx.deleteFrom('Data_Change').where('changeId', '=', second.changeId).execute(),
    )
    expect(await brokenOf(other)).toEqual([expect.stringContaining(`change ${second.seq}`)])
  }, 120_000)
})
