import { describe, expect, it } from 'vitest'
import type { Cluster } from '../support/cluster/cluster.ts'
import { clusterServers } from '../support/cluster/in-test.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'
import {
  clusterWithReplica,
  EVERY_TWO_SECONDS,
  expectOnce,
  finished,
  followed,
  isOffline,
  succeededSince,
} from './edge.ts'

/** Tasks that are pinned to a node go on there without the cluster database, from the node's replica. */

describe.each(clusterServers())('$name: a task pinned to a node without its database', (server) => {
  const cutOff = async () => {
    const [cluster, edge] = await clusterWithReplica(server)
    const scriptPath = await cluster.script('short.sh', lasting(0.4))
    const given = { scriptPath, schedule: EVERY_TWO_SECONDS }
    const task = await cluster.task({ ...given, taskName: 'pinned', assignedNodeId: edge.nodeId() })
    const other = await cluster.task({ ...given, taskName: 'anywhere' })
    await eventually(async () => (await cluster.runs(task.taskId)).length >= 2, 20_000)
    await followed(edge)
    await edge.proxy.refuse()
    await eventually(() => isOffline(edge), 20_000)
    const before = (await cluster.runs()).map(({ historyId }) => historyId)
    await eventually(async () => (await succeededSince(edge, task.taskId, before)) >= 3, 30_000)
    return { cluster, edge, task, other, before }
  }
  const deliveredSince = async (cluster: Cluster, taskId: string, before: readonly string[]) =>
    (await cluster.runs(taskId)).filter(({ historyId }) => !before.includes(historyId))

  it('keeps its schedule; each slot runs once, and its runs are delivered with their true times', async () => {
    const { cluster, edge, task, other, before } = await cutOff()
    expect(await succeededSince(edge, other.taskId, before)).toBe(0)
    await edge.proxy.accept()
    await eventually(async () => !(await isOffline(edge)), 30_000)
    const delivered = await deliveredSince(cluster, task.taskId, before)
    expect(delivered.length).toBeGreaterThanOrEqual(3)
    // It goes on there.
    await eventually(
      async () => (await deliveredSince(cluster, task.taskId, before)).length > delivered.length + 1,
      20_000,
    )
    await finished(cluster, task.taskId)
    await expectOnce(cluster, task.taskId)
  }, 120_000)

  it('loses none of its runs and doubles none when the node is killed meanwhile', async () => {
    const { cluster, edge, task, before } = await cutOff()
    const known = await succeededSince(edge, task.taskId, before)
    await edge.kill('machine')
    await edge.proxy.accept()
    await edge.start()
    await eventually(async () => !(await isOffline(edge)), 30_000)
    const delivered = await deliveredSince(cluster, task.taskId, before)
    expect(delivered.filter(({ state }) => state === 'Success').length).toBeGreaterThanOrEqual(known)
    await finished(cluster, task.taskId)
    await expectOnce(cluster, task.taskId)
  }, 120_000)
})
