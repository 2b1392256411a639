import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import type { Run } from '../../src/shared/domain/run.ts'
import { startNodes } from '../support/cluster-nodes.ts'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'

/** One button ends everything, everywhere, and nothing starts until somebody says so. */

const QUIET_MS = 3_000

const allRuns = async (node: EngineNode): Promise<Run[]> => {
  const { items } = await node.services.runs.list(admin, { limit: 1000 })
  return items
}

const inState = (runs: readonly Run[], ...states: Run['state'][]): Run[] =>
  runs.filter((run) => states.includes(run.state))

describe.each(homes().filter((home) => home.server !== null))('$name: an emergency stop', (home) => {
  it(
    'ends what goes on on three nodes, and nothing starts until it is resumed',
    { timeout: 90_000 },
    async () => {
      const { nodes, id, script } = await startNodes(home, 3, {
        ...{ heartbeatSeconds: 10, leaseSeconds: 30, pollSeconds: 1 },
      })
      const [a, b] = nodes
      if (!a || !b) throw new Error('there are three nodes')
      await script('short.sh', 'sleep 0.2\n')
      for (let i = 0; i < 9; i += 1)
        await a.task({ scriptPath: 'short.sh', schedule: '* * * * * *', overlapPolicy: 'Parallel' })
      const long = await a.task({ scriptPath: 'long.sh', overlapPolicy: 'Parallel' })
      const held = [0, 1, 2].map(async (index) => a.start(long.taskId, { nodeId: await id(index) }))
      const longRuns = await Promise.all(held)
      for (const historyId of longRuns) await a.inState(historyId, 'Running')
      await eventually(async () => {
        const ran = new Set(inState(await allRuns(a), 'Success').map((run) => run.nodeId))
        return ran.size === 3
      }, 20_000)

      const { hold, stopping } = await a.services.cluster.stop({ ...admin, reason: 'fire' }, null)
      expect(hold).toMatchObject({ heldBy: admin.actor, reason: 'fire' })
      expect(stopping).toBeGreaterThanOrEqual(3)
      for (const historyId of longRuns)
        expect(await a.ended(historyId, 5_000)).toMatchObject({
          state: 'Stopped',
          stopRequestedBy: admin.actor,
        })
      await eventually(async () => inState(await allRuns(a), 'Running').length === 0, 5_000)
      const before = await allRuns(a)
      await systemClock.sleep(QUIET_MS)
      const after = await allRuns(a)
      expect(inState(after, 'Running')).toEqual([])
      expect(
        after.filter(
          (run) => run.startTime !== null && run.startTime > hold.heldAt && run.state !== 'Stopped',
        ),
      ).toEqual([])
      expect(after).toHaveLength(before.length)
      // Another node says so, and refuses.
      expect((await b.services.cluster.get(admin)).hold).toEqual(hold)
      await expect(b.services.runs.start(admin, long.taskId, {})).rejects.toMatchObject({
        code: 'CONFLICT',
        message: `The cluster was stopped by ${admin.actor} at ${hold.heldAt} (fire); nothing starts until it is resumed.`,
      })

      const resumed = await b.services.cluster.resume(admin)
      expect(resumed).toMatchObject({ hold: null, nodes: { active: 3, away: 0 } })
      await eventually(async () => {
        const again = inState(await allRuns(a), 'Success').filter(
          (run) => run.startTime !== null && run.startTime > hold.heldAt,
        )
        return new Set(again.map((run) => run.nodeId)).size === 3
      }, 20_000)
    },
  )

  it(
    'holds a node that starts meanwhile, and is the same when it is asked for twice',
    { timeout: 60_000 },
    async () => {
      const config = await home.config()
      const a = await startEngineNode({ config })
      const { taskId } = await a.task({ schedule: '* * * * * *' })
      const first = await a.services.cluster.stop(admin, 'one')
      const second = await a.services.cluster.stop(admin, 'two')
      expect(second.hold).toEqual(first.hold)
      const b = await startEngineNode({ config })
      const before = (await b.runs(taskId)).length
      await systemClock.sleep(2_500)
      expect(await b.runs(taskId)).toHaveLength(before)
      await b.services.cluster.resume(admin)
      await eventually(async () =>
        (await b.runs(taskId)).some((run) => run.startTime && run.startTime > first.hold.heldAt),
      )
      // What works is resumed as it is.
      expect((await b.services.cluster.resume(admin)).hold).toBeNull()
    },
  )
})

describe.each(homes())('$name: a cluster of one node', (home) => {
  it('is stopped and resumed; what waits is cancelled', { timeout: 60_000 }, async () => {
    const node = await startEngineNode({ config: await home.config() })
    const one = await node.task({ scriptPath: 'long.sh', overlapPolicy: 'Queue' })
    const running = await node.start(one.taskId)
    await node.inState(running, 'Running')
    const waiting = await node.start(one.taskId)
    expect(await node.services.cluster.get(admin)).toMatchObject({ running: 1, queued: 1, hold: null })
    const stopped = await node.services.cluster.stop(admin, 'enough')
    expect(stopped).toMatchObject({ stopping: 1, cancelled: 1 })
    expect((await node.ended(waiting)).error).toBe(`the cluster was stopped by ${admin.actor} (enough)`)
    expect((await node.ended(running, 5_000)).state).toBe('Stopped')
    await expect(node.start(one.taskId)).rejects.toMatchObject({ code: 'CONFLICT' })
    await node.services.cluster.resume(admin)
    expect((await node.services.runs.list(admin, { state: ['Queued', 'Running'], limit: 10 })).items).toEqual(
      [],
    )
    const again = await node.task({ scriptPath: 'ok.sh' })
    expect((await node.ended(await node.start(again.taskId))).state).toBe('Success')
  })
})

describe('the API of an emergency stop', () => {
  it('says who, since when and why, and refuses with 409 meanwhile', { timeout: 60_000 }, async () => {
    const node = await startEngineNode()
    const { taskId } = await node.task({ scriptPath: 'ok.sh' })
    const ask = async (method: string, path: string, body?: object, reason?: string) => {
      const answer = await fetch(`${node.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${node.adminToken}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(reason === undefined ? {} : { 'x-change-reason': encodeURIComponent(reason) }),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const stopped = await ask('POST', '/cluster/stop', {}, 'Brand im Rechenraum')
    expect(stopped).toMatchObject({
      status: 200,
      body: {
        hold: { heldBy: 'token:first-admin', reason: 'Brand im Rechenraum' },
        stopping: 0,
        cancelled: 0,
      },
    })
    expect(await ask('GET', '/cluster')).toMatchObject({
      status: 200,
      body: { nodes: { active: 1 }, hold: stopped.body['hold'] },
    })
    const run = await ask('POST', `/tasks/${taskId}/run`, {})
    expect(run).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect(run.body['detail']).toContain('(Brand im Rechenraum); nothing starts until it is resumed.')
    expect(await ask('POST', `/tasks/${taskId}/stop`, {})).toMatchObject({
      status: 202,
      body: { historyIds: [] },
    })
    expect(await ask('POST', '/cluster/resume', {})).toMatchObject({ status: 200, body: { hold: null } })
    expect((await ask('POST', `/tasks/${taskId}/run`, {})).status).toBe(202)
  })
})
