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

describe.each(SERVERS)('$name: a task pinned to a node without its database', (server) => {
  it('keeps its schedule; each slot runs once, and its runs are delivered with their true times', async () => {
    const [cluster, edge] = await clusterWithReplica(server)
    const scriptPath = await cluster.script('short.sh', lasting(0.4))
    const task = await cluster.task({
      ...{ taskName: 'pinned', scriptPath, schedule: EVERY_TWO_SECONDS, assignedNodeId: edge.nodeId() },
    })
    const other = await cluster.task({ taskName: 'anywhere', scriptPath, schedule: EVERY_TWO_SECONDS })
    await eventually(async () => (await cluster.runs(task.taskId)).length >= 2, 8_000)
    await followed(edge)

    edge.proxy.refuse()
    await eventually(() => isOffline(edge), 20_000)
    const before = (await cluster.runs()).map(({ historyId }) => historyId)
    const startedAway = async (taskId: string): Promise<number> => {
      const { items } = await edge.client().history.list({ task: [taskId], state: ['Success'] })
      return items.filter(({ historyId }) => !before.includes(historyId)).length
    }
    await eventually(async () => (await startedAway(task.taskId)) >= 3, 30_000)
    expect(await startedAway(other.taskId)).toBe(0)

    edge.proxy.accept()
    await eventually(async () => !(await isOffline(edge)), 30_000)
    const delivered = (await cluster.runs(task.taskId)).filter(({ historyId }) => !before.includes(historyId))
    expect(delivered.length).toBeGreaterThanOrEqual(3)
    await eventually(async () => (await cluster.runs(task.taskId)).length > before.length + delivered.length)
    await cluster.client().tasks.update({ taskId: task.taskId, enabled: false })
    await eventually(async () =>
      (await cluster.runs(task.taskId)).every(({ state }) => state !== 'Running' && state !== 'Queued'),
    )

    const spans = groupBy(await cluster.spans(), ({ historyId }) => historyId)
    for (const [slot, runs] of bySlot(await cluster.runs(task.taskId))) {
      expect(runs, slot).toHaveLength(1)
      for (const { historyId, state } of runs)
        if (state === 'Success') expect(spans.get(historyId) ?? [], `${slot} ${state}`).toHaveLength(1)
    }
    const times = await cluster.runs(task.taskId)
    for (const { startTime, historyId } of times.filter(({ state }) => state === 'Success')) {
      const [span] = spans.get(historyId) ?? []
      expect(Math.abs(Date.parse(startTime ?? '') - (span?.startedAt ?? 0))).toBeLessThan(5_000)
    }
  }, 120_000)
})
