import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { Fault } from '../support/checker/facts.ts'
import {
  alike,
  allEnded,
  checked,
  clusterOf,
  clusterServers,
  expectClean,
} from '../support/cluster/in-test.ts'
import type { ClusterNode } from '../support/cluster/node.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'

/** One node of a cluster loses its way to the database; the others go on. */

/** Long enough for the node that is not cut off to renew on a busy machine. */
const LEASE_SECONDS = 5

interface Cut {
  kind: 'cut' | 'half-open'
  how: string
  begin: (node: ClusterNode) => Promise<void>
  end: (node: ClusterNode) => Promise<void>
}

const CUTS: Cut[] = [
  {
    kind: 'cut',
    how: 'whose connections are cut',
    begin: ({ proxy }) => proxy.refuse(),
    end: ({ proxy }) => proxy.accept(),
  },
  {
    kind: 'half-open',
    how: 'that hears nothing any more',
    begin: async ({ proxy }) => proxy.mute(true),
    end: async ({ proxy }) => proxy.mute(false),
  },
]

const CASES = clusterServers().flatMap((server) => CUTS.map((cut) => ({ ...cut, server, name: server.name })))

describe.each(CASES)('$name: a node $how', ({ server, kind, begin, end }) => {
  it(
    'ends Kill scripts before others start them, lets Finish ones end, and doubles no result',
    {
      timeout: 90_000,
    },
    async () => {
      const cluster = await clusterOf(server, alike(2, { leaseSeconds: LEASE_SECONDS, capacity: 4 }))
      const scriptPath = await cluster.script('long.sh', lasting(10))
      const retried = { scriptPath, maxRetries: 1, retryDelay: 1 } as const
      const tasks = await Promise.all([
        cluster.task({ ...retried, onLeaseLost: 'Kill', taskName: 'killed' }),
        cluster.task({ ...retried, onLeaseLost: 'Finish', taskName: 'finished' }),
      ])
      const [holder] = cluster.nodes
      if (!holder) throw new Error('there are two nodes')
      for (const { taskId } of tasks) await cluster.client().tasks.run({ taskId })
      await eventually(async () => (await cluster.spans()).length === 2)
      const cutOff = new Set((await cluster.spans()).map(({ node }) => node))
      const cut = cluster.nodes.filter(({ name }) => cutOff.has(name)).slice(0, 1)
      const faults: Fault[] = []
      for (const node of cut) {
        const from = systemClock.now()
        await begin(node)
        await eventually(async () => (await cluster.runs()).some(({ state }) => state === 'Lost'), 20_000)
        await eventually(
          async () =>
            (await cluster.runs()).filter(({ state, nodeId }) => state === 'Running' && nodeId !== null)
              .length === 2,
          15_000,
        )
        await systemClock.sleep(1_500)
        await end(node)
        faults.push({ kind, node: node.name, from, to: systemClock.now() })
      }
      const runs = await allEnded(cluster, 3, 60_000)
      expect(runs.filter(({ state }) => state === 'Success')).toHaveLength(2)
      const exceptions = await expectClean(
        cluster,
        tasks.map((task) => checked(task)),
        faults,
      )
      for (const told of exceptions) expect(told).toMatch(/^finished ran twice at once/)
    },
  )
})
