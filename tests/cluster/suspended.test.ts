import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { Fault, FaultKind, Span } from '../support/checker/facts.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import {
  alike,
  allEnded,
  checked,
  clusterOf,
  clusterServers,
  expectClean,
} from '../support/cluster/in-test.ts'
import type { ClusterNode, Part } from '../support/cluster/node.ts'
import { isAlive } from '../support/cluster/processes.ts'
import { firstLasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'

/** A node stands still for longer than its lease (SIGSTOP), and goes on as if nothing had been (SIGCONT). */

const LEASE_SECONDS = 3

/** A cluster of two, of which the one that runs the task stands still since a moment. */
const standStill = async (cluster: Cluster, part: Part, kind: FaultKind) => {
  const first = await eventually(async () => (await cluster.spans())[0])
  const holder = cluster.nodes.find(({ name }) => name === first.node)
  if (!holder) throw new Error(`there is no node ${first.node}`)
  const from = systemClock.now()
  const goOn = holder.suspend(part)
  return {
    first,
    holder,
    resume: (): Fault => {
      goOn()
      return { kind, node: holder.name, from, to: systemClock.now() }
    },
  }
}

const secondSpan = (cluster: Cluster): Promise<Span> =>
  eventually(async () => (await cluster.spans())[1], (LEASE_SECONDS + 10) * 1000)

const stillWorks = (node: ClusterNode): Promise<unknown> =>
  eventually(async () => (await node.client().system.info({})).database.away === null, 10_000)

describe.each(clusterServers())('$name: a machine that stands still for longer than its lease', (server) => {
  const start = async (onLeaseLost: 'Finish' | 'Kill') => {
    const cluster = await clusterOf(server, alike(2, { leaseSeconds: LEASE_SECONDS }))
    const scriptPath = await cluster.script('long.sh', firstLasting(5, 2))
    const task = await cluster.task({ scriptPath, onLeaseLost, maxRetries: 1, retryDelay: 1 })
    await cluster.client().tasks.run({ taskId: task.taskId })
    return { cluster, task }
  }

  it(
    'lets its script end under Finish, and its late result counts for nothing',
    { timeout: 60_000 },
    async () => {
      const { cluster, task } = await start('Finish')
      const { resume, first, holder } = await standStill(cluster, 'machine', 'machine suspended')
      const second = await secondSpan(cluster)
      expect(second.node).not.toBe(first.node)
      const fault = resume()
      await eventually(async () => (await cluster.spans())[0]?.exitCode === 0, 20_000)
      await stillWorks(holder)
      const runs = await allEnded(cluster, 2)
      await eventually(async () => (await cluster.runs())[0]?.error?.includes('late result: Success'), 10_000)
      expect(runs.map(({ state }) => state)).toEqual(['Lost', 'Success'])
      const exceptions = await expectClean(cluster, [checked(task)], [fault])
      expect(exceptions).toEqual([
        expect.stringMatching(/twice at once.*OnLeaseLost Finish, n\d: machine suspended/),
      ])
    },
  )

  it('ends its script as soon as it goes on under Kill', { timeout: 60_000 }, async () => {
    const { cluster, task } = await start('Kill')
    const { resume, first } = await standStill(cluster, 'machine', 'machine suspended')
    await secondSpan(cluster)
    const fault = resume()
    await eventually(() => !isAlive(first.pid), 3_000)
    const runs = await allEnded(cluster, 2)
    expect(runs.map(({ state }) => state)).toEqual(['Lost', 'Success'])
    await expectClean(cluster, [checked(task)], [fault])
  })

  it(
    'and whose node alone hangs has no script of Kill when another node starts it',
    { timeout: 60_000 },
    async () => {
      const { cluster, task } = await start('Kill')
      const { resume, first, holder } = await standStill(cluster, 'node', 'node suspended')
      await secondSpan(cluster)
      expect(isAlive(first.pid)).toBe(false)
      const fault = resume()
      const runs = await allEnded(cluster, 2)
      expect(runs.map(({ state }) => state)).toEqual(['Lost', 'Success'])
      expect(await expectClean(cluster, [checked(task)], [fault])).toEqual([])
      await stillWorks(holder)
    },
  )
})
