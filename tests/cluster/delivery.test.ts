import { describe, expect, it } from 'vitest'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { Cluster } from '../support/cluster/cluster.ts'
import { clusterOf, clusterServers } from '../support/cluster/in-test.ts'
import { eventually } from '../support/eventually.ts'

/** A task reaches the nodes it is for: one of a group or role, or each of them. */

const EVERY_SECONDS = 3

/** Names of the nodes that had each slot of a task, oldest slot first; only slots that have ended. */
const namesBySlot = async (cluster: Cluster, taskId: string): Promise<[slot: string, names: string[]][]> => {
  const names = new Map(cluster.nodes.map((node) => [node.isRunning() ? node.nodeId() : '', node.name]))
  const runs = (await cluster.runs(taskId)).filter(({ state }) => state === 'Success')
  return [...groupBy(runs, ({ scheduledFor }) => scheduledFor)].map(([slot, of]) => [
    slot,
    of.map(({ nodeId }) => names.get(nodeId ?? '') ?? 'a node that is away').toSorted(),
  ])
}

describe.each(clusterServers())('$name: tasks for groups and roles', (server) => {
  it(
    'RunOn All runs on each of the group, a node that joins takes part, one that is away catches up by its policy',
    {
      timeout: 90_000,
    },
    async () => {
      const cluster = await clusterOf(server, [
        { name: 'a1', group: 'a' },
        { name: 'a2', group: 'a' },
        { name: 'a3', group: 'a', role: 'r' },
        { name: 'b1', group: 'b', role: 'r' },
      ])
      const scriptPath = await cluster.script('quick.sh', 'return 0')
      const schedule = { type: 'interval', everySeconds: EVERY_SECONDS } as const
      const each = await cluster.task({ scriptPath, schedule, assignedNodeGroup: 'a', misfirePolicy: 'Last' })
      const one = await cluster.task({ scriptPath, schedule, assignedNodeGroup: 'a', runOn: 'One' })
      const role = await cluster.task({ scriptPath, schedule, assignedNodeRole: 'r' })

      await eventually(async () => (await namesBySlot(cluster, each.taskId)).length >= 3, 20_000)
      const first = (await namesBySlot(cluster, each.taskId)).slice(0, 2)
      for (const [, names] of first) expect(names).toEqual(['a1', 'a2', 'a3'])
      const firstTwo = (taskId: string) =>
        eventually(async () => {
          const slots = await namesBySlot(cluster, taskId)
          return slots.length >= 2 && slots.slice(0, 2)
        }, 20_000)
      for (const [, names] of await firstTwo(one.taskId)) {
        expect(names).toHaveLength(1)
        expect(names[0]).toMatch(/^a/)
      }
      for (const [, names] of await firstTwo(role.taskId)) expect(['a3', 'b1']).toContain(names.join())

      const joined = systemClock.now()
      await cluster.addNode({ name: 'a4', group: 'a' })
      const withFourth = await eventually(
        async () => (await namesBySlot(cluster, each.taskId)).find(([, names]) => names.length === 4),
        20_000,
      )
      expect(withFourth[1]).toEqual(['a1', 'a2', 'a3', 'a4'])
      // The next slot, or the one after where it was being started at that slot's time.
      expect(Date.parse(withFourth[0]) - joined).toBeLessThan((2 * EVERY_SECONDS + 3) * 1000)

      // All its slots come and go while one node of the group is away.
      const begin = systemClock.now() + 6_000
      const missed = Array.from({ length: 5 }, (_, index) => new Date(begin + index * 1_000).toISOString())
      const brief = await cluster.task({
        ...{ scriptPath, assignedNodeGroup: 'a', misfirePolicy: 'Last', overlapPolicy: 'Parallel' },
        schedule: { type: 'interval', everySeconds: 1, start: missed[0] ?? '', end: missed.at(-1) ?? '' },
      })
      const away = cluster.nodes.find(({ name }) => name === 'a2')
      await away?.kill('machine')
      expect(systemClock.now()).toBeLessThan(begin)
      await systemClock.sleep(begin + missed.length * 1_000 + 1_000 - systemClock.now())
      await away?.start()
      // `Last`: the newest of them runs, the others are on record as skipped, as one.
      const own = await eventually(async () => {
        const runs = await cluster.runs(brief.taskId)
        const mine = runs.filter(({ targetNodeId }) => targetNodeId === away?.nodeId())
        return mine.some(({ state }) => state === 'Success') && mine
      }, 20_000)
      const ran = own.filter(({ state }) => state !== 'Skipped')
      expect(ran.length).toBe(1)
      expect(ran[0]).toMatchObject({ scheduledFor: missed.at(-1), state: 'Success' })
      const skipped = own.filter(({ state }) => state === 'Skipped')
      expect(skipped.reduce((sum, { skippedCount }) => sum + (skippedCount ?? 1), 0)).toBe(missed.length - 1)
    },
  )
})
