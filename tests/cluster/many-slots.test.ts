import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import {
  alike,
  allEnded,
  checked,
  clusterOf,
  clusterServers,
  expectClean,
} from '../support/cluster/in-test.ts'

/**
 * Ten nodes in processes of their own, and more slots due at once than they can run at once. PSWEBHOST_SLOTS=2000
 * makes as many due as a cluster is meant to bear (docs/reliability.md).
 */

const NODES = 10
const TASKS = 100
const SLOTS = Math.ceil(Number(process.env['PSWEBHOST_SLOTS'] ?? 400) / TASKS)
const TOTAL = TASKS * SLOTS

const AHEAD_MS = 6_000

/** A task of `SLOTS` slots that are to come, one a second. */
const futureTask = async (cluster: Cluster, scriptPath: string) => {
  const first = Math.ceil(systemClock.now() / 1000) * 1000 + AHEAD_MS
  const slots = Array.from({ length: SLOTS }, (_, index) => new Date(first + index * 1_000).toISOString())
  const task = await cluster.task({
    ...{ scriptPath, overlapPolicy: 'Parallel', misfirePolicy: 'All' },
    schedule: { type: 'interval', everySeconds: 1, start: slots[0] ?? '', end: slots.at(-1) ?? '' },
  })
  expect(systemClock.now()).toBeLessThan(first)
  return { task, slots, last: first + SLOTS * 1_000 }
}

describe.each(clusterServers())('$name: ten nodes', (server) => {
  it(`run ${TOTAL} slots that are due at once, each exactly once`, { timeout: 900_000 }, async () => {
    const cluster = await clusterOf(server, alike(NODES, { poolSize: 2, leaseSeconds: 20, capacity: 20 }))
    const scriptPath = await cluster.script('nothing.sh', 'return 0')
    // Held until the last of them is due.
    await cluster.client().cluster.stop({})
    const tasks = []
    for (let i = 0; i < TASKS; i += 1) tasks.push(await futureTask(cluster, scriptPath))
    await systemClock.sleep(Math.max(0, (tasks.at(-1)?.last ?? 0) - systemClock.now()))
    const began = systemClock.monotonic()
    await cluster.client().cluster.resume({})
    const runs = await allEnded(cluster, TOTAL, 800_000)
    const seconds = (systemClock.monotonic() - began) / 1000
    process.stderr.write(`${server.name}: ${TOTAL} slots in ${seconds.toFixed(1)} s\n`)
    expect(runs).toHaveLength(TOTAL)
    const rows = groupBy(runs, ({ taskId }) => taskId)
    await expectClean(
      cluster,
      tasks.map(({ task, slots }) =>
        checked(task, [{ scheduleId: rows.get(task.taskId)?.[0]?.scheduleId ?? '', slots }]),
      ),
    )
    expect(runs.every(({ state, attempt }) => state === 'Success' && attempt === 1)).toBe(true)
    expect(new Set(runs.map(({ nodeId }) => nodeId)).size).toBe(NODES)
  })
})
