import { describe, expect, it } from 'vitest'
import { clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'
import {
  clusterWithReplica,
  EVERY_TWO_SECONDS,
  expectOnce,
  finished,
  followed,
  localClientOf,
} from './edge.ts'

/** A machine that starts before its database server does. */

describe.each(clusterServers())('$name: a node that starts without its cluster database', (server) => {
  it('goes by its replica, and joins when the database is there', async () => {
    const [cluster, edge] = await clusterWithReplica(server)
    const scriptPath = await cluster.script('short.sh', lasting(0.2))
    const given = { scriptPath, schedule: EVERY_TWO_SECONDS }
    const pinned = await cluster.task({ ...given, taskName: 'pinned', assignedNodeId: edge.nodeId() })
    const other = await cluster.task({ ...given, taskName: 'anywhere' })
    await eventually(async () => (await cluster.runs(pinned.taskId)).length >= 1, 20_000)
    await followed(edge)
    await edge.stop()
    const runsOfOther = (await cluster.runs(other.taskId)).length

    await edge.proxy.refuse()
    await edge.start()
    const local = localClientOf(edge)
    expect((await local.system.info({})).database.away).not.toBeNull()
    expect((await local.sync.status({})).fromReplica).not.toBeNull()
    expect((await local.tasks.list({})).items.map(({ taskName }) => taskName).sort()).toEqual([
      'anywhere',
      'pinned',
    ])
    expect(await local.tasks.validate({ taskId: pinned.taskId, priority: 3 })).toMatchObject({ ok: true })
    expect((await local.schedules.upcoming({ hours: 1 })).slots).toBeGreaterThan(0)
    const before = (await cluster.runs(pinned.taskId)).map(({ historyId }) => historyId)
    await eventually(async () => {
      const { items } = await local.history.list({ task: [pinned.taskId], state: ['Success'] })
      return items.filter(({ historyId }) => !before.includes(historyId)).length >= 2
    }, 30_000)
    await local.tasks.update({ taskId: pinned.taskId, description: 'edited before it joined' })
    expect(await cluster.runs(other.taskId)).toHaveLength(runsOfOther)

    await edge.proxy.accept()
    await eventually(async () => (await local.sync.status({})).fromReplica === null, 30_000)
    expect((await cluster.client().tasks.get({ taskId: pinned.taskId })).description).toBe(
      'edited before it joined',
    )
    const delivered = (await cluster.runs(pinned.taskId)).filter(
      ({ historyId }) => !before.includes(historyId),
    )
    expect(delivered.filter(({ state }) => state === 'Success').length).toBeGreaterThanOrEqual(2)
    await eventually(async () => (await cluster.runs(other.taskId)).length > runsOfOther, 20_000)
    await finished(cluster, pinned.taskId)
    await expectOnce(cluster, pinned.taskId)
  }, 120_000)

  it('runs nothing when it was retired meanwhile', async () => {
    // The first one has the cluster key, which retiring renews.
    const cluster = await clusterOf(server, [{ name: 'desk' }, { name: 'edge', leaseSeconds: 3 }])
    const [desk, edge] = cluster.nodes as [ClusterNode, ClusterNode]
    const scriptPath = await cluster.script('short.sh', lasting(0.2))
    const given = { scriptPath, schedule: EVERY_TWO_SECONDS }
    const pinned = await cluster.task({ ...given, taskName: 'pinned', assignedNodeId: edge.nodeId() })
    await eventually(async () => (await cluster.runs(pinned.taskId)).length >= 1, 20_000)
    await followed(edge)
    const nodeId = edge.nodeId()
    await edge.stop()
    await edge.proxy.refuse()
    await desk.client().nodes.retire({ nodeId })
    await edge.start()
    await edge.proxy.accept()
    await eventually(async () => edge.log().includes('was retired'), 20_000)
    const known = (await cluster.runs(pinned.taskId)).length
    const local = localClientOf(edge)
    expect((await local.sync.status({})).fromReplica).not.toBeNull()
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    expect(await cluster.runs(pinned.taskId)).toHaveLength(known)
    const { items } = await local.history.list({ task: [pinned.taskId], state: ['Running'] })
    expect(items).toEqual([])
  }, 120_000)
})
