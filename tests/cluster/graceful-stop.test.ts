import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import {
  alike,
  allEnded,
  checked,
  clusterOf,
  clusterServers,
  expectClean,
} from '../support/cluster/in-test.ts'
import { isAlive } from '../support/cluster/processes.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { eventually } from '../support/eventually.ts'

/** A service manager ends a node (SIGTERM) while scripts run that last longer than its lease. */

const LEASE_SECONDS = 3

describe.each(clusterServers())('$name: a node that is told to end', (server) => {
  const start = async (shutdownGraceSeconds: number) => {
    const settings = { leaseSeconds: LEASE_SECONDS, shutdownGraceSeconds }
    const cluster = await clusterOf(server, alike(2, settings))
    const scriptPath = await cluster.script('long.sh', lasting(7))
    const task = await cluster.task({ scriptPath, maxRetries: 1, retryDelay: 1, overlapPolicy: 'Parallel' })
    await cluster.client().tasks.run({ taskId: task.taskId })
    const span = await eventually(async () => (await cluster.spans())[0])
    const holder = cluster.nodes.find(({ name }) => name === span.node)
    if (!holder) throw new Error(`there is no node ${span.node}`)
    return { cluster, task, span, holder }
  }

  it(
    'keeps its leases until its scripts have ended, claims nothing, and ends with code 0',
    {
      timeout: 60_000,
    },
    async () => {
      const { cluster, task, holder } = await start(20)
      const stopping = holder.stop()
      await systemClock.sleep(500)
      const other = cluster.nodes.find((node) => node !== holder)
      for (let i = 0; i < 3; i += 1) await other?.client().tasks.run({ taskId: task.taskId })
      expect(await stopping).toBe(0)
      const runs = await allEnded(cluster, 4)
      expect(runs.map(({ state, attempt }) => [state, attempt])).toEqual(Array(4).fill(['Success', 1]))
      expect((await cluster.spans()).filter(({ node }) => node === holder.name)).toHaveLength(1)
      await expectClean(cluster, [checked(task)])
    },
  )

  it('kills what does not end within its grace, and records it as Stopped', { timeout: 60_000 }, async () => {
    const { cluster, task, span, holder } = await start(1)
    expect(await holder.stop()).toBe(0)
    expect(isAlive(span.pid)).toBe(false)
    const runs = await allEnded(cluster, 1)
    expect(runs).toMatchObject([{ state: 'Stopped', attempt: 1 }])
    await expectClean(cluster, [checked(task)])
  })
})
