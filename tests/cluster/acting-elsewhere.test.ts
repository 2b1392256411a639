import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { startNodes } from '../support/cluster-nodes.ts'
import type { EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

/** What a node does to runs of another one, and sees of it: through their database alone. */

const servers = homes().filter((home) => home.server !== null)

/** A poll would take 5 s, a heartbeat 10 s; the quickest of some, for the machine has other things to do. */
const START_MS = 3_000
const STOP_MS = 5_000
const OUTPUT_MS = 2_000

const nodeAt = (nodes: readonly EngineNode[], index: number): EngineNode => {
  const node = nodes[index]
  if (!node) throw new Error(`there is no node ${index}`)
  return node
}

describe.each(servers)('$name: a node of several', (home) => {
  it('starts a run on another one, and stops it there, soon', { timeout: 60_000 }, async () => {
    const { nodes, id } = await startNodes(home, 2)
    const [a, b] = [nodeAt(nodes, 0), nodeAt(nodes, 1)]
    const { taskId } = await a.task({ scriptPath: 'long.sh', runOn: 'One' })
    // Time to listen, where the database has that.
    await systemClock.sleep(1_500)
    const startedIn: number[] = []
    const stoppedIn: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const began = systemClock.monotonic()
      const historyId = await a.start(taskId, { nodeId: await id(1) })
      await b.inState(historyId, 'Running')
      startedIn.push(systemClock.monotonic() - began)
      await eventually(() => b.services.runtime.jobs().data.length === 1)
      const asked = systemClock.monotonic()
      await a.services.runs.stop(admin, historyId)
      const run = await a.ended(historyId)
      expect(run).toMatchObject({ state: 'Stopped', nodeId: await id(1), stopRequestedBy: admin.actor })
      stoppedIn.push(systemClock.monotonic() - asked)
    }
    // After the end of the run before, its own next look is a whole poll away.
    expect(Math.min(...startedIn.slice(1))).toBeLessThan(START_MS)
    expect(Math.min(...stoppedIn)).toBeLessThan(STOP_MS)
  })

  it(
    'stops all runs of a task, those that wait and those that go on elsewhere',
    { timeout: 60_000 },
    async () => {
      const { nodes, id } = await startNodes(home, 2)
      const [a, b] = [nodeAt(nodes, 0), nodeAt(nodes, 1)]
      const { taskId } = await a.task({
        scriptPath: 'long.sh',
        overlapPolicy: 'Parallel',
        limits: { maxConcurrent: 2 },
      })
      const other = await a.task({ scriptPath: 'long.sh' })
      const kept = await a.start(other.taskId)
      const running = [
        await a.start(taskId, { nodeId: await id(0) }),
        await a.start(taskId, { nodeId: await id(1) }),
      ]
      for (const historyId of running) await b.inState(historyId, 'Running')
      const waiting = await a.start(taskId)
      const { historyIds } = await a.services.runs.stopTask(admin, taskId)
      expect(historyIds.toSorted()).toEqual([...running, waiting].toSorted())
      for (const historyId of historyIds) expect((await a.ended(historyId, 5_000)).state).toBe('Stopped')
      expect((await a.services.runs.get(admin, kept)).state).toBe('Running')
      await expect(a.services.runs.stopTask(admin, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it(
    'reads the output of a run of another one while it goes on, and to its end',
    { timeout: 60_000 },
    async () => {
      const { nodes, id, script } = await startNodes(home, 2)
      const a = nodeAt(nodes, 0)
      await script('count.sh', 'for i in 1 2 3 4 5 6; do echo "line $i $(date +%s%3N)"; sleep 1; done\n')
      const { taskId } = await a.task({ scriptPath: 'count.sh' })
      const historyId = await a.start(taskId, { nodeId: await id(1) })
      await a.inState(historyId, 'Running')
      let text = ''
      const late: number[] = []
      let end: string | undefined
      for await (const chunk of a.services.runs.output(admin, historyId, { from: 0, follow: true })) {
        expect(chunk.offset).toBe(Buffer.byteLength(text))
        const came = Buffer.from(chunk.bytes).toString()
        text += came
        for (const [, at] of came.matchAll(/line \d (\d+)/g)) late.push(systemClock.now() - Number(at))
        end = chunk.end
      }
      expect(end).toBe('Success')
      expect(text.match(/line (\d)/g)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `line ${i}`))
      expect(await a.output(historyId)).toBe(text)
      // The first ones were written before anyone asked.
      expect(Math.max(...late.slice(2))).toBeLessThan(OUTPUT_MS)
    },
  )

  it(
    'reads it from a position in the middle, and without waiting for its end',
    { timeout: 60_000 },
    async () => {
      const { nodes, id, script } = await startNodes(home, 2)
      const a = nodeAt(nodes, 0)
      await script('tick.sh', 'echo "0123456789"\nsleep 4\necho "abcdefghij"\n')
      const { taskId } = await a.task({ scriptPath: 'tick.sh' })
      const historyId = await a.start(taskId, { nodeId: await id(1) })
      await a.inState(historyId, 'Running')
      await eventually(async () => (await a.output(historyId)) === '0123456789\n')
      let text = ''
      for await (const chunk of a.services.runs.output(admin, historyId, { from: 5, follow: true }))
        text += Buffer.from(chunk.bytes).toString()
      expect(text).toBe('56789\nabcdefghij\n')
    },
  )

  it('hears what happens on another one', { timeout: 60_000 }, async () => {
    const { nodes, id } = await startNodes(home, 2)
    const [a, b] = [nodeAt(nodes, 0), nodeAt(nodes, 1)]
    const heard: ClusterEvent[] = []
    const gone = new AbortController()
    onTestFinished(() => gone.abort())
    void (async () => {
      for await (const event of b.services.events.subscribe(gone.signal)) heard.push(event)
    })()
    await systemClock.sleep(2_500)
    heard.length = 0
    const ofId = (wanted: string) => heard.filter((event) => event.id === wanted).map((event) => event.type)
    const { taskId } = await a.task({ scriptPath: 'ok.sh' })
    const historyId = await a.start(taskId, { nodeId: await id(0) })
    await a.ended(historyId)
    await eventually(
      () => ofId(taskId).includes('task.changed') && ofId(historyId).includes('run.finished'),
      5_000,
    )
    expect(heard.map((event) => event.type)).toContain('change.recorded')
    expect(ofId(historyId).filter((type) => type === 'run.finished')).toHaveLength(1)
    const nodeId = await id(1)
    heard.length = 0
    await a.services.nodes.drain(admin, nodeId, true)
    await eventually(() => ofId(nodeId).includes('node.changed'), 5_000)
    // And acts on it: it takes nothing any more.
    await expect(b.services.runs.start(admin, taskId, { nodeId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('tells that another one went away, and its heartbeats are no events', { timeout: 60_000 }, async () => {
    const { nodes, id } = await startNodes(home, 2, { heartbeatSeconds: 1, leaseSeconds: 3, pollSeconds: 1 })
    const [a, b] = [nodeAt(nodes, 0), nodeAt(nodes, 1)]
    const other = await id(1)
    const heard: ClusterEvent[] = []
    const gone = new AbortController()
    onTestFinished(() => gone.abort())
    await systemClock.sleep(4_000)
    void (async () => {
      for await (const event of a.services.events.subscribe(gone.signal)) heard.push(event)
    })()
    const changed = () => heard.filter((event) => event.type === 'node.changed' && event.id === other)
    await systemClock.sleep(4_000)
    expect(changed()).toEqual([])
    await b.close()
    await eventually(() => changed().length > 0, 15_000)
    expect((await a.services.nodes.get(admin, other)).state).toBe('Away')
  })
})
