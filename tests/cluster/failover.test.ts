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

/** The node that runs something ends without a word. */

const LEASE_SECONDS = 4

describe.each(clusterServers())('$name: kill -9 of the node that runs a long task', (server) => {
  it(
    'ends its script at once; the run is Lost in time, runs elsewhere, and nothing twice',
    { timeout: 60_000 },
    async () => {
      const cluster = await clusterOf(server, alike(3, { leaseSeconds: LEASE_SECONDS }))
      const scriptPath = await cluster.script('long.sh', lasting(60))
      const task = await cluster.task({ scriptPath, maxRetries: 1, retryDelay: 1 })
      const { historyId } = await cluster.client().tasks.run({ taskId: task.taskId })
      const span = await eventually(async () => (await cluster.spans()).find((one) => one.pid > 0))
      const holder = cluster.nodes.find(({ name }) => name === span.node)
      const killedAt = systemClock.now()
      await holder?.kill('node')
      await eventually(() => !isAlive(span.pid), 2_000)

      const lost = await eventually(async () => {
        const run = (await cluster.runs()).find((one) => one.historyId === historyId)
        return run?.state === 'Lost' && run
      }, 20_000)
      expect(Date.parse(lost.endTime ?? '') - killedAt).toBeLessThan((LEASE_SECONDS + 5) * 1000)
      const again = await eventually(async () => {
        const spans = await cluster.spans()
        return spans.find((one) => one.historyId !== historyId)
      }, 10_000)
      expect(again.startedAt - Date.parse(lost.endTime ?? '')).toBeLessThan(5_000)
      expect(again.node).not.toBe(span.node)

      // The rest of the minute tells nothing more.
      const runs = await cluster.runs()
      expect(runs.map(({ attempt, state }) => [attempt, state])).toEqual([
        [1, 'Lost'],
        [2, 'Running'],
      ])
      await cluster.client().history.stop({ historyId: runs[1]?.historyId ?? '' })
      await allEnded(cluster, 2)
      expect(await expectClean(cluster, [checked(task)])).toEqual([])
    },
  )
})

describe.each(clusterServers())('$name: a machine that loses its power', (server) => {
  it('comes back to a cluster that went on, and takes its part again', { timeout: 60_000 }, async () => {
    const cluster = await clusterOf(server, alike(2, { leaseSeconds: LEASE_SECONDS }))
    const scriptPath = await cluster.script('some.sh', lasting(3))
    const [one] = cluster.nodes
    const task = await cluster.task({
      ...{ scriptPath, maxRetries: 2, retryDelay: 1, overlapPolicy: 'Parallel' },
    })
    for (let i = 0; i < 8; i += 1) await cluster.client().tasks.run({ taskId: task.taskId })
    await eventually(async () => (await cluster.spans()).some(({ node }) => node === one?.name))
    await one?.kill('machine')
    await one?.start()
    const runs = await allEnded(cluster, 9, 30_000)
    expect(runs.filter(({ state }) => state === 'Success')).toHaveLength(8)
    expect(runs.filter(({ state }) => state === 'Lost').length).toBeGreaterThan(0)
    expect(await expectClean(cluster, [checked(task)])).toEqual([])
  })
})
