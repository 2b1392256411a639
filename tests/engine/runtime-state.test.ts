import { describe, expect, it } from 'vitest'
import { shareEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

describe.each(homes())('$name: a node', (home) => {
  const shared = shareEngineNode(home)

  describe('the runtime state', () => {
    it('shows each run as a job in an execution slot while it lasts, soon after it starts and ends', async () => {
      const { services, ...node } = shared()
      const { capacity } = (await services.system.info(admin)).scheduler
      expect(services.runtime.runspaces().data).toHaveLength(capacity)
      const task = await node.task({ taskName: 'seen', scriptPath: 'long.sh' })
      const historyId = await node.start(task.taskId)
      const [job] = await eventually(() => {
        const { data } = services.runtime.jobs()
        return data.length > 0 && data
      }, 2_000)
      expect(job).toMatchObject({ name: 'seen', state: 'Running', historyId, taskId: task.taskId })
      const busy = services.runtime.runspaces().data.filter((slot) => slot.availability === 'Busy')
      expect(busy).toMatchObject([{ id: 1, jobId: job?.id, jobName: 'seen' }])
      await services.runs.stop(admin, historyId)
      await node.ended(historyId)
      await eventually(() => services.runtime.jobs().data.length === 0, 2_000)
      expect(services.runtime.runspaces().data.every((slot) => slot.availability === 'Available')).toBe(true)
    })

    it('knows what this node may run next, without asking the database for it', async () => {
      const { services, ...node } = shared()
      const soon = await node.task({ taskName: 'soon', schedule: '0 4 * * *', priority: 3 })
      const disabled = await node.task({ schedule: '0 4 * * *', enabled: false })
      const elsewhere = await node.task({ schedule: '0 4 * * *', assignedNodeId: 'another' })
      const cached = await eventually(() => {
        const { data } = services.runtime.tasks()
        return data.some((task) => task.taskId === soon.taskId) && data
      }, 15_000)
      expect(cached).toContainEqual({
        ...{ taskId: soon.taskId, taskName: 'soon', appName: '', priority: 3 },
        ...{ nextRun: soon.nextRun, isRunning: false },
      })
      const ids = cached.map((task) => task.taskId)
      expect(ids).not.toContain(disabled.taskId)
      expect(ids).not.toContain(elsewhere.taskId)
    })

    it('and the metrics count what ran', async () => {
      const { services, ...node } = shared()
      const task = await node.task({})
      await node.ended(await node.start(task.taskId))
      const text = await eventually(async () => {
        const metrics = await services.system.metrics()
        return metrics.includes('pswebhost_runs_total{state="Success"} 1') && metrics
      })
      expect(text).toMatch(/pswebhost_run_lateness_seconds_count 0/)
      expect(text).toContain('pswebhost_database_up 1')
      expect(Number(/^pswebhost_last_tick_age_seconds (\S+)/m.exec(text)?.[1])).toBeLessThan(10)
    })

    it('never runs more at once than the node has slots', async () => {
      const { services, ...node } = shared()
      const { nodeId } = await services.system.info(admin)
      await services.nodes.update(admin, nodeId, { maxConcurrentTasks: 2 })
      const task = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Parallel' })
      const ids = [1, 2, 3, 4].map(() => node.start(task.taskId))
      await eventually(() => services.runtime.jobs().data.length === 2)
      const states = await Promise.all(
        (await Promise.all(ids)).map(async (id) => (await services.runs.get(admin, id)).state),
      )
      expect(states.sort()).toEqual(['Queued', 'Queued', 'Running', 'Running'])
      expect(services.runtime.runspaces().data).toHaveLength(2)
    })
  })
})
