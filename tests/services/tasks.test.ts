import { describe, expect, it } from 'vitest'
import { taskInputSchema } from '../../src/shared/domain/task.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import { shareEngineNode } from '../support/engine.ts'
import { admin } from '../support/node.ts'

const shared = shareEngineNode()
const based = (ifMatch: number): Caller => ({ ...admin, ifMatch })
const changesOf = async (taskId: string) =>
  (await shared().services.changes.list(admin, { record: [taskId], limit: 100 })).items

describe('a task', () => {
  it('is created with the defaults, the zone of the cluster, and who did it', async () => {
    const task = await shared().task({ taskName: 'first', schedule: '0 3 * * *' })
    expect(task).toMatchObject({
      ...{ version: 1, enabled: true, timeZone: 'UTC', createdBy: admin.actor, modifiedBy: null },
      ...{ lastRun: null, lastState: null, isRunning: false },
    })
    expect(task.nextRun).toMatch(/T03:00:00.000Z$/)
  })

  it('is changed one version at a time; an edit based on another is refused with the current record', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({})
    const second = await services.tasks.update(based(1), taskId, { description: 'two' })
    expect(second).toMatchObject({ version: 2, modifiedBy: admin.actor })
    await expect(services.tasks.update(based(1), taskId, { description: 'x' })).rejects.toMatchObject({
      code: 'CONFLICT',
      current: { version: 2, description: 'two' },
    })
    await expect(services.tasks.update(admin, taskId, { version: 1, priority: 3 })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await expect(services.tasks.remove(based(1), taskId)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await services.tasks.get(admin, taskId)).toMatchObject({ version: 2, priority: 0 })
  })

  it('may be written back whole as it was read, which writes nothing', async () => {
    const { services, ...node } = shared()
    const task = await node.task({ schedule: '0 3 * * *', parameters: { key: { secret: 'keep it' } } })
    const before = await changesOf(task.taskId)
    expect(await services.tasks.update(admin, task.taskId, task)).toEqual(task)
    expect(await changesOf(task.taskId)).toEqual(before)
  })

  it('does not take audit fields or another id', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({})
    await expect(services.tasks.update(admin, taskId, { createdBy: 'me' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path: ['createdBy'] }],
    })
    await expect(services.tasks.update(admin, taskId, { taskId: 'other' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it('keeps, changes and loses secrets as told, and never shows one', async () => {
    const { services, ...node } = shared()
    await node.script(
      'secrets.sh',
      'env | grep PSWEBHOST_PARAM_ | cut -d= -f1 | sort; echo ${#PSWEBHOST_PARAM_A}\n',
    )
    const task = await node.task({
      scriptPath: 'secrets.sh',
      parameters: { a: { secret: 'one' }, b: { secret: 'two' }, open: 'yes' },
    })
    expect(task.parameters).toEqual({ a: { secret: true }, b: { secret: true }, open: 'yes' })
    const same = await services.tasks.update(admin, task.taskId, { parameters: task.parameters })
    expect(same.version).toBe(1)
    const again = { ...task.parameters, a: { secret: 'one' } }
    expect((await services.tasks.update(admin, task.taskId, { parameters: again })).version).toBe(1)
    const changed = await services.tasks.update(admin, task.taskId, {
      parameters: { a: { secret: 'longer' }, open: 'yes' },
    })
    expect(changed).toMatchObject({ version: 2, parameters: { a: { secret: true }, open: 'yes' } })
    const run = await node.ended(await node.start(task.taskId))
    expect(await node.output(run.historyId)).toBe('PSWEBHOST_PARAM_A\nPSWEBHOST_PARAM_OPEN\n6\n')
  })

  it('has a name of its own in its application', async () => {
    const { services, ...node } = shared()
    const taken = await node.task({ taskName: 'taken' })
    await node.task({ taskName: 'taken', appName: 'shop' })
    const other = await node.task({})
    const refusal = { code: 'CONFLICT', issues: [{ path: ['taskName'] }], data: { taskId: taken.taskId } }
    await expect(node.task({ taskName: 'taken' })).rejects.toMatchObject(refusal)
    await expect(services.tasks.update(admin, other.taskId, { taskName: 'taken' })).rejects.toMatchObject(
      refusal,
    )
  })

  it('lies below a script root', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({})
    for (const scriptPath of ['../outside.sh', '/etc/passwd', 'a/../../b.sh']) {
      const refusal = { code: 'BAD_REQUEST', issues: [{ path: ['scriptPath'] }] }
      await expect(node.task({ scriptPath })).rejects.toMatchObject(refusal)
      await expect(services.tasks.update(admin, taskId, { scriptPath })).rejects.toMatchObject(refusal)
    }
  })

  it('may follow each node’s own zone only where each node has a row of its own', async () => {
    const { services, ...node } = shared()
    const schedule = '0 3 * * *'
    await expect(node.task({ schedule, timeZone: 'node' })).rejects.toMatchObject({
      issues: [{ path: ['timeZone'] }],
    })
    const task = await node.task({ schedule, timeZone: 'node', runOn: 'All' })
    await expect(services.tasks.update(admin, task.taskId, { runOn: 'One' })).rejects.toMatchObject({
      issues: [{ path: ['timeZone'] }],
    })
  })

  it('that does not exist is not found by any way', async () => {
    const { services } = shared()
    const missing = { code: 'NOT_FOUND' }
    await expect(services.tasks.get(admin, 'none')).rejects.toMatchObject(missing)
    await expect(services.tasks.update(admin, 'none', {})).rejects.toMatchObject(missing)
    await expect(services.tasks.remove(admin, 'none')).rejects.toMatchObject(missing)
    await expect(services.tasks.scheduleRows(admin, 'none')).rejects.toMatchObject(missing)
  })

  it('runs on as its node drains and is not claimed until the drain ends', async () => {
    const { services, ...node } = shared()
    const { nodeId } = await services.system.info(admin)
    const [running, queued] = [await node.task({ scriptPath: 'long.sh' }), await node.task({})]
    const first = await node.start(running.taskId)
    await node.inState(first, 'Running')
    const waiting = await node.start(queued.taskId)
    await node.ended(waiting)
    const third = await services.nodes
      .drain(admin, nodeId, true)
      .then(() => node.start(queued.taskId).catch((error: unknown) => error))
    expect(third).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('draining') as string })
    expect(await services.runs.get(admin, first)).toMatchObject({ state: 'Running' })
    await services.nodes.drain(admin, nodeId, false)
    await node.ended(await node.start(queued.taskId))
  })

  it('is validated without being saved: errors by path, nodes that match, next runs', async () => {
    const { services } = shared()
    const good = await services.tasks.validate(admin, {
      ...{ taskName: 'checked', scriptPath: 'ok.sh', schedule: '0 3 * * *' },
    })
    expect(good).toMatchObject({ ok: true, errors: [], warnings: [] })
    expect(good.matchingNodes).toHaveLength(1)
    expect(good.nextRuns).toHaveLength(10)
    const bad = await services.tasks.validate(admin, {
      ...{ taskName: '', scriptPath: '../x.sh', schedule: '61 * * * *', colour: 'red' },
    })
    expect(bad.ok).toBe(false)
    expect(bad.errors.map((issue) => issue.path[0])).toEqual(expect.arrayContaining(['taskName', 'colour']))
    const nobody = taskInputSchema.parse({ taskName: 'n', scriptPath: 'ok.sh', assignedNodeRole: 'none' })
    expect((await services.tasks.validate(admin, nobody)).warnings[0]?.message).toContain('no node runs')
    const past = {
      taskName: 'past',
      scriptPath: 'ok.sh',
      schedule: { type: 'once', at: '2020-01-01T00:00:00Z' },
    }
    const { ok, warnings, nextRuns } = await services.tasks.validate(admin, past)
    expect({ ok, nextRuns, about: warnings.map((warning) => warning.path) }).toEqual({
      ...{ ok: true, nextRuns: [], about: [['schedule']] },
    })
  })
})
