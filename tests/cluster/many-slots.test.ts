import { describe, expect, it } from 'vitest'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import {
  alike,
  allEnded,
  checked,
  clusterOf,
  clusterServers,
  expectClean,
} from '../support/cluster/in-test.ts'

/** Ten nodes in processes of their own, and more slots due at once than they can run at once. */

const NODES = 10
const TASKS = 20
const SLOTS = 10

describe.each(clusterServers())('$name: ten nodes', (server) => {
  it(`run ${TASKS * SLOTS} slots that are due, each exactly once`, { timeout: 120_000 }, async () => {
    const cluster = await clusterOf(server, alike(NODES, { poolSize: 2, leaseSeconds: 10 }))
    const scriptPath = await cluster.script('nothing.sh', 'return 0')
    const start = Math.floor(Date.now() / 1000) * 1000 + 8_000
    const slots = Array.from({ length: SLOTS }, (_, index) => new Date(start + index * 1000).toISOString())
    const schedule = {
      ...({ type: 'interval', everySeconds: 1 } as const),
      ...{ start: slots[0] ?? '', end: slots.at(-1) ?? '' },
    }
    const tasks = []
    for (let i = 0; i < TASKS; i += 1)
      tasks.push(
        await cluster.task({ scriptPath, schedule, overlapPolicy: 'Parallel', misfirePolicy: 'All' }),
      )
    const runs = await allEnded(cluster, TASKS * SLOTS, 90_000)
    expect(runs).toHaveLength(TASKS * SLOTS)
    const rows = groupBy(runs, ({ taskId }) => taskId)
    await expectClean(
      cluster,
      tasks.map((task) =>
        checked(task, [{ scheduleId: rows.get(task.taskId)?.[0]?.scheduleId ?? '', slots }]),
      ),
    )
    expect(runs.every(({ state, attempt }) => state === 'Success' && attempt === 1)).toBe(true)
    expect(new Set(runs.map(({ nodeId }) => nodeId)).size).toBe(NODES)
  })
})
