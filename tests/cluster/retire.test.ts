import { describe, expect, it } from 'vitest'
import { alike, clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'

/** A node is retired while work waits for it. */

describe.each(clusterServers())('$name: a node that is retired with a backlog', (server) => {
  it(
    'finishes what runs and claims nothing more; what waited for it is cancelled, what anyone may run goes on',
    {
      timeout: 60_000,
    },
    async () => {
      const cluster = await clusterOf(server, alike(2, { capacity: 1 }))
      const [keeper, leaver] = cluster.nodes
      if (!keeper || !leaver) throw new Error('there are two nodes')
      const nodeId = leaver.nodeId()
      const scriptPath = await cluster.script('long.sh', lasting(4))
      const quickPath = await cluster.script('quick.sh', 'return 0')
      const pinned = await cluster.task({ scriptPath, assignedNodeId: nodeId, overlapPolicy: 'Parallel' })
      const free = await cluster.task({ scriptPath: quickPath, overlapPolicy: 'Parallel' })
      for (let i = 0; i < 4; i += 1) await keeper.client().tasks.run({ taskId: pinned.taskId })
      await eventually(async () => (await cluster.spans()).some(({ node }) => node === leaver.name))

      await keeper.client().nodes.retire({ nodeId })
      const pinnedRuns = await eventually(async () => {
        const runs = await cluster.runs(pinned.taskId)
        return runs.every(({ state }) => state !== 'Queued' && state !== 'Running') && runs
      }, 20_000)
      const states = pinnedRuns.map(({ state }) => state).toSorted()
      expect(states).toEqual(['Stopped', 'Stopped', 'Stopped', 'Success'])

      for (let i = 0; i < 6; i += 1) await keeper.client().tasks.run({ taskId: free.taskId })
      const freeRuns = await eventually(async () => {
        const runs = await cluster.runs(free.taskId)
        return runs.every(({ state }) => state === 'Success') && runs
      }, 20_000)
      expect(new Set(freeRuns.map((run) => run.nodeId))).toEqual(new Set([keeper.nodeId()]))
      expect((await keeper.client().nodes.get({ nodeId })).state).toBe('Retired')
    },
  )
})
