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

/** Work that is due at once is shared by nodes of equal capacity. */

const TASKS = 200
const NODES = 3

describe.each(clusterServers())('$name: three nodes of equal capacity', (server) => {
  it(
    'run 200 tasks that are due at once, each once, none below half its share',
    { timeout: 150_000 },
    async () => {
      const cluster = await clusterOf(server, alike(NODES))
      const scriptPath = await cluster.script('short.sh', 'sleep 0.3')
      const at = new Date(Date.now() + 30_000).toISOString()
      const tasks = await Promise.all(
        Array.from({ length: TASKS }, () => cluster.task({ scriptPath, schedule: { type: 'once', at } })),
      )
      expect(Date.now()).toBeLessThan(Date.parse(at))
      const runs = await allEnded(cluster, TASKS)
      expect(runs.map(({ state }) => state)).toEqual(Array(TASKS).fill('Success'))
      const rows = new Map(runs.map(({ taskId, scheduleId }) => [taskId, scheduleId ?? '']))
      await expectClean(
        cluster,
        tasks.map((task) => checked(task, [{ scheduleId: rows.get(task.taskId) ?? '', slots: [at] }])),
      )
      const shares = [...groupBy(runs, ({ nodeId }) => nodeId).values()].map((own) => own.length)
      expect(shares).toHaveLength(NODES)
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(TASKS / NODES / 2)
    },
  )
})
