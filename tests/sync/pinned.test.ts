import { describe, expect, it } from 'vitest'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import type { CheckedRun } from '../support/checker/facts.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'

/** Tasks that are pinned to a node go on there without the cluster database, from the node's replica. */

const EVERY_TWO_SECONDS = { type: 'interval', everySeconds: 2 } as const

const clusterWithReplica = async (server: (typeof SERVERS)[number]): Promise<[Cluster, ClusterNode]> => {
  const cluster = await clusterOf(server, [{ name: 'edge', replica: true, leaseSeconds: 3 }])
  const [edge] = cluster.nodes
  if (!edge) throw new Error('there is a node')
  return [cluster, edge]
}

/** The replica has what the cluster database has. */
const followed = (edge: ClusterNode): Promise<unknown> =>
  eventually(async () => {
    const { nodes } = await edge.client().sync.status({})
    return nodes.some(({ isSelf, cursor, lag }) => isSelf && cursor !== null && lag === 0)
  }, 20_000)

const isOffline = async (edge: ClusterNode): Promise<boolean> =>
  (await edge.client().sync.status({})).fromReplica !== null

const SERVERS = clusterServers()

/** Each slot with its runs, retries left out. */
const bySlot = (runs: readonly CheckedRun[]): Map<string, CheckedRun[]> =>
  groupBy(
    runs.filter(({ attempt, scheduleId }) => attempt === 1 && scheduleId !== null),
    ({ scheduledFor }) => scheduledFor,
  )

/** Its runs since the cut, that went well, as the node itself tells. */
const succeededSince = async (
  edge: ClusterNode,
  taskId: string,
  before: readonly string[],
): Promise<number> => {
  const { items } = await edge.client().history.list({ task: [taskId], state: ['Success'] })
  return items.filter(({ historyId }) => !before.includes(historyId)).length
}

/** Ends the schedule and waits for what still runs. */
const finished = async (cluster: Cluster, taskId: string): Promise<void> => {
  await cluster.client().tasks.update({ taskId, enabled: false })
  await eventually(async () =>
    (await cluster.runs(taskId)).every(({ state }) => state !== 'Running' && state !== 'Queued'),
  )
}

/** Each slot has one run, and each run that was started one script, at the time that its row tells. */
const expectOnce = async (cluster: Cluster, taskId: string): Promise<void> => {
  const runs = await cluster.runs(taskId)
  for (const [slot, ofSlot] of bySlot(runs)) expect(ofSlot, slot).toHaveLength(1)
  const spans = groupBy(await cluster.spans(), ({ historyId }) => historyId)
  for (const { historyId, startTime, state } of runs.filter((run) => run.startTime !== null)) {
    const [span, ...more] = spans.get(historyId) ?? []
    expect(more, historyId).toEqual([])
    if (state === 'Success')
      expect(Math.abs(Date.parse(startTime ?? '') - (span?.startedAt ?? 0))).toBeLessThan(5_000)
  }
}

describe.each(SERVERS)('$name: a task pinned to a node without its database', (server) => {
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
