import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outputOf, shareEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

describe.each(homes())('$name: a node', (home) => {
  const shared = shareEngineNode(home)

  describe('a run', () => {
    it('ends with its exit code, and its schedule row says so', async () => {
      const node = shared()
      const [good, bad] = [await node.task({}), await node.task({ scriptPath: 'fail.sh' })]
      const [first, second] = await Promise.all([
        node.start(good.taskId).then((id) => node.ended(id)),
        node.start(bad.taskId).then((id) => node.ended(id)),
      ])
      expect(first).toMatchObject({ state: 'Success', exitCode: 0, triggeredBy: 'API', attempt: 1 })
      expect(second).toMatchObject({ state: 'Failed', exitCode: 3 })
      expect(await node.output(first.historyId)).toBe('fine\n')
      const shown = await node.services.tasks.get(admin, bad.taskId)
      expect(shown).toMatchObject({ lastState: 'Failed', lastHistoryId: second.historyId, isRunning: false })
      expect(shown.lastRun).toBe(second.startTime)
    })

    it('is stopped with its whole tree, and stopping it again is a conflict', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'long.sh', maxRetries: 3, retryDelay: 0 })
      const historyId = await node.start(task.taskId)
      await eventually(async () => (await node.output(historyId)) === 'started\n')
      expect(await node.services.runs.stop(admin, historyId)).toMatchObject({ state: 'Running' })
      expect(await node.ended(historyId)).toMatchObject({ state: 'Stopped', stopRequestedBy: admin.actor })
      await expect(node.services.runs.stop(admin, historyId)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await node.runs(task.taskId)).toHaveLength(1)
    })

    it('is stopped even before its script was started', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'long.sh' })
      const historyId = await node.start(task.taskId)
      const stopped = await node.services.runs.stop(admin, historyId)
      expect(['Stopped', 'Running']).toContain(stopped.state)
      expect(await node.ended(historyId)).toMatchObject({ state: 'Stopped' })
    })

    it('ends as Timeout when its time is over', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'long.sh', timeout: 1 })
      const run = await node.ended(await node.start(task.taskId))
      expect(run.state).toBe('Timeout')
      expect(run.duration).toBeGreaterThanOrEqual(1000)
    })

    it('cannot start a script that is gone: Failed with the reason', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'missing.sh' })
      const run = await node.ended(await node.start(task.taskId))
      expect(run).toMatchObject({ state: 'Failed', exitCode: null, outputBytes: 0 })
      expect(run.error).toContain('missing.sh')
    })

    it('keeps five megabytes of binary output byte for byte', async () => {
      const node = shared()
      const bytes = randomBytes(5_000_000)
      await writeFile(join(node.dir, 'scripts', 'data.bin'), bytes)
      await node.script('binary.sh', 'cat data.bin\n')
      const task = await node.task({ scriptPath: 'binary.sh' })
      const run = await node.ended(await node.start(task.taskId))
      expect(run).toMatchObject({ state: 'Success', outputBytes: bytes.length })
      expect(Buffer.compare(await outputOf(node, run.historyId), bytes)).toBe(0)
    })

    it('says where its output was cut at the cap', async () => {
      const node = shared()
      await node.script('much.sh', 'head -c 100000 /dev/zero | tr "\\0" x\n')
      const task = await node.task({ scriptPath: 'much.sh', limits: { outputBytes: 4096 } })
      const run = await node.ended(await node.start(task.taskId))
      const text = await node.output(run.historyId)
      expect(run.outputBytes).toBe(100_000)
      expect(text.length).toBeLessThan(10_000)
      expect(text).toMatch(/[0-9]+.*bytes/i)
    })

    it('is followed from before its start to its end, by a reader that may also leave', async () => {
      const node = shared()
      await node.script('steps.sh', 'for i in 1 2 3; do echo step $i; sleep 0.2; done\n')
      const blocker = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Queue' })
      const first = await node.start(blocker.taskId)
      await node.inState(first, 'Running')
      await node.services.tasks.update(admin, blocker.taskId, { scriptPath: 'steps.sh' })
      const waiting = await node.start(blocker.taskId)
      const leaver = new AbortController()
      const left = (async () => {
        const options = { from: 0, follow: true, signal: leaver.signal }
        for await (const chunk of node.services.runs.output(admin, waiting, options)) void chunk
      })()
      const followed = outputOf(node, waiting, true)
      leaver.abort()
      await left
      await node.services.runs.stop(admin, first)
      expect(Buffer.from(await followed).toString()).toBe('step 1\nstep 2\nstep 3\n')
      expect(Buffer.from(await outputOf(node, waiting, true)).toString()).toBe('step 1\nstep 2\nstep 3\n')
    })
  })

  describe('a manual run', () => {
    it('is refused under Skip while another is active, which is named', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'long.sh' })
      const active = await node.start(task.taskId)
      const refused = node.start(task.taskId)
      await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', data: { historyId: active } })
      await expect(refused).rejects.toThrow(active)
    })

    it('works on a disabled task, and its retry too', async () => {
      const node = shared()
      const task = await node.task({ scriptPath: 'fail.sh', enabled: false, maxRetries: 1, retryDelay: 0 })
      await node.ended(await node.start(task.taskId))
      const runs = await eventually(async () => {
        const all = await node.runs(task.taskId)
        return all.length === 2 && all.every((run) => run.state === 'Failed') ? all : null
      })
      expect(runs.map((run) => [run.attempt, run.triggeredBy])).toEqual([
        [1, 'API'],
        [2, 'Retry'],
      ])
    })

    it('on a node that cannot run it is refused with the reason; on an unknown one it is not found', async () => {
      const node = shared()
      const { nodeId } = await node.services.system.info(admin)
      const task = await node.task({ assignedNodeGroup: 'elsewhere' })
      await expect(node.start(task.taskId, { nodeId })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('group elsewhere') as string,
      })
      await expect(node.start(task.taskId, { nodeId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(node.start('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    it('keeps the parameters it was given, sealed, and its retry uses them', async () => {
      const node = shared()
      await node.script(
        'tell.sh',
        'echo "$PSWEBHOST_PARAM_COLOR ${#PSWEBHOST_PARAM_KEY} $PSWEBHOST_PARAM_SIZE"\nexit 1\n',
      )
      const task = await node.task({
        scriptPath: 'tell.sh',
        maxRetries: 1,
        retryDelay: 0,
        parameters: { color: 'red', size: 4 },
      })
      const given = { color: 'blue', key: { secret: 'twelve chars' } }
      await node.ended(await node.start(task.taskId, { parameters: given }))
      const runs = await eventually(async () => {
        const all = await node.runs(task.taskId)
        return all.length === 2 && all.every((run) => run.state === 'Failed') ? all : null
      })
      for (const run of runs) {
        expect(run.parameters).toEqual({ color: 'blue', size: 4, key: { secret: true } })
        expect(await node.output(run.historyId)).toBe('blue 12 4\n')
      }
    })

    it('of an All target goes to every matching node', async () => {
      const node = shared()
      const { nodeId } = await node.services.system.info(admin)
      const task = await node.task({ runOn: 'All' })
      const { historyIds } = await node.services.runs.start(admin, task.taskId, {})
      expect(historyIds).toHaveLength(1)
      expect(await node.ended(historyIds[0] ?? '')).toMatchObject({ targetNodeId: nodeId, nodeId })
    })

    it('waits under Queue, runs beside the other under Parallel, and is named beside a retry', async () => {
      const node = shared()
      const queue = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Queue' })
      const first = await node.start(queue.taskId)
      await node.inState(first, 'Running')
      const second = await node.start(queue.taskId)
      await expect(node.start(queue.taskId)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await node.services.runs.get(admin, second)).toMatchObject({ state: 'Queued' })
      const { nodeId } = await node.services.system.info(admin)
      const parallel = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Parallel' })
      for (const id of [await node.start(parallel.taskId), await node.start(parallel.taskId, { nodeId })])
        await node.inState(id, 'Running')
      const retried = await node.task({ scriptPath: 'fail.sh', maxRetries: 1, retryDelay: 600 })
      await node.ended(await node.start(retried.taskId))
      await expect(node.start(retried.taskId)).rejects.toThrow('still waiting')
    })

    it('on a named node still does not overlap one that runs anywhere', async () => {
      const node = shared()
      const { nodeId } = await node.services.system.info(admin)
      const task = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Queue' })
      await node.inState(await node.start(task.taskId), 'Running')
      const second = await node.start(task.taskId, { nodeId })
      await node.ended(await node.start((await node.task({})).taskId))
      expect(await node.services.runs.get(admin, second)).toMatchObject({ state: 'Queued' })
    })
  })
})
