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
import { groupBy } from '../../src/shared/domain/group-by.ts'
import { lasting } from '../support/cluster/scripts.ts'
import { slotsBetween, parseSchedule } from '../../src/shared/domain/schedule.ts'

/** One node of three believes another time than the server: due, lease and heartbeat times are the server's. */

const TEN_MINUTES = 600_000
const LENGTH_MS = 10_000

describe.each(clusterServers())('$name: a node whose clock is ten minutes off', (server) => {
  it(
    'runs its share on time; nobody is declared Lost, nothing runs early or twice',
    { timeout: 60_000 },
    async () => {
      const cluster = await clusterOf(server, alike(3, { capacity: 2 }))
      await cluster.nodes[0]?.moveClock(TEN_MINUTES)
      const scriptPath = await cluster.script('some.sh', lasting(1))
      const start = systemClock.now() + 3_000
      const schedule = {
        ...({ type: 'interval', everySeconds: 2 } as const),
        ...{ start: new Date(start).toISOString(), end: new Date(start + LENGTH_MS).toISOString() },
      }
      const tasks = []
      for (let i = 0; i < 5; i += 1)
        tasks.push(
          await cluster.task({ scriptPath, schedule, overlapPolicy: 'Parallel', misfirePolicy: 'All' }),
        )
      await systemClock.sleep(LENGTH_MS / 2)
      // Set right in the middle of it, as another node's goes wrong the other way.
      await cluster.nodes[0]?.moveClock(0)
      await cluster.nodes[1]?.moveClock(-TEN_MINUTES)
      const slots = slotsBetween(parseSchedule(schedule, 'UTC'), 0, Infinity, 100).map(({ at }) =>
        new Date(at).toISOString(),
      )
      const runs = await allEnded(cluster, slots.length * tasks.length)
      expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(['Success']))
      const rows = groupBy(runs, ({ taskId }) => taskId)
      const rowOf = (taskId: string): string => rows.get(taskId)?.[0]?.scheduleId ?? ''
      await expectClean(
        cluster,
        tasks.map((task) => checked(task, [{ scheduleId: rowOf(task.taskId), slots }])),
      )
      for (const span of await cluster.spans()) {
        const run = runs.find(({ historyId }) => historyId === span.historyId)
        const late = span.startedAt - Date.parse(run?.scheduledFor ?? '')
        // By what its clock is off it would be ten minutes either way.
        expect(late).toBeGreaterThan(-1_000)
        expect(late).toBeLessThan(TEN_MINUTES / 10)
      }
      expect(new Set(runs.map(({ nodeId }) => nodeId)).size).toBe(3)
    },
  )
})
