import { expect, onTestFinished } from 'vitest'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import type { CheckedRun } from '../support/checker/facts.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { clusterOf } from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { eventually } from '../support/eventually.ts'
import type { ServerAddress } from '../support/servers/server.ts'

/** A node that is cut off from its cluster database, and what must hold of its runs. */

export const EVERY_TWO_SECONDS = { type: 'interval', everySeconds: 2 } as const

export const clusterWithReplica = async (server: ServerAddress): Promise<[Cluster, ClusterNode]> => {
  const cluster = await clusterOf(server, [{ name: 'edge', replica: true, leaseSeconds: 3 }])
  const [edge] = cluster.nodes
  if (!edge) throw new Error('there is a node')
  return [cluster, edge]
}

/** The replica has what the cluster database has. */
export const followed = (edge: ClusterNode): Promise<unknown> =>
  eventually(async () => {
    const { nodes } = await edge.client().sync.status({})
    return nodes.some(({ isSelf, cursor, lag }) => isSelf && cursor !== null && lag === 0)
  }, 20_000)

export const isOffline = async (edge: ClusterNode): Promise<boolean> =>
  (await edge.client().sync.status({})).fromReplica !== null

/** Each slot with its runs, retries left out. */
const bySlot = (runs: readonly CheckedRun[]): Map<string, CheckedRun[]> =>
  groupBy(
    runs.filter(({ attempt, scheduleId }) => attempt === 1 && scheduleId !== null),
    ({ scheduledFor }) => scheduledFor,
  )

/** Its runs since the cut, that went well, as the node itself tells. */
export const succeededSince = async (
  edge: ClusterNode,
  taskId: string,
  before: readonly string[],
): Promise<number> => {
  const { items } = await edge.client().history.list({ task: [taskId], state: ['Success'] })
  return items.filter(({ historyId }) => !before.includes(historyId)).length
}

/** Ends the schedule and waits for what still runs. */
export const finished = async (cluster: Cluster, taskId: string): Promise<void> => {
  await cluster.client().tasks.update({ taskId, enabled: false })
  await eventually(async () =>
    (await cluster.runs(taskId)).every(({ state }) => state !== 'Running' && state !== 'Queued'),
  )
}

/** Each slot has one run, and each run that was started one script, at the time that its row tells. */
export const expectOnce = async (cluster: Cluster, taskId: string): Promise<void> => {
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

/** As the command line on that machine: tokens are the cluster database's, which is away. */
export const localClientOf = (edge: ClusterNode) => {
  const socket = createSocketLink(controlPath(edge.dir))
  onTestFinished(() => socket.close())
  return createLocalClient(socket.link)
}
