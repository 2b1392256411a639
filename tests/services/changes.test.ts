import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/main/services/caller.ts'
import { shareEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { admin } from '../support/node.ts'

const shared = shareEngineNode()
const because = (reason: string): Caller => ({ ...admin, reason })
const plain = { force: false, transaction: false, dryRun: false }

/** Newest first. */
const changesOf = async (recordId: string) =>
  (await shared().services.changes.list(admin, { record: [recordId], limit: 100 })).items
const newest = async (recordId: string) => {
  const [change] = await changesOf(recordId)
  if (!change) throw new Error('there is no change')
  return shared().services.changes.get(admin, change.changeId)
}

describe('an edit', () => {
  it('of three fields is one change that names these and the audit fields', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({ taskName: 'diffed' })
    await services.tasks.update(because('too slow'), taskId, { priority: 4, timeout: 60, tags: ['a'] })
    const change = await newest(taskId)
    expect(change).toMatchObject({ action: 'UPDATE', changedBy: admin.actor, changeReason: 'too slow' })
    expect(change.recordName).toBe('diffed')
    expect(change.diff.map((one) => one.field).sort()).toEqual(
      ['priority', 'timeout', 'tags', 'modifiedBy', 'modifiedAt', 'version'].sort(),
    )
    expect(change.diff.find((one) => one.field === 'tags')).toEqual({ field: 'tags', old: [], new: ['a'] })
    expect(await changesOf(taskId)).toHaveLength(2)
  })
})

describe('taking a change back', () => {
  it('restores the fields as a new change, related both ways, and can itself be taken back', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({ priority: 1 })
    await services.tasks.update(admin, taskId, { priority: 9, timeout: 60, schedule: '0 3 * * *' })
    const edit = await newest(taskId)
    const result = await services.changes.revert(admin, edit.changeId, plain)
    expect(result).toMatchObject({ reverted: true, changeIds: [expect.any(String) as string] })
    expect(await services.tasks.get(admin, taskId)).toMatchObject({
      ...{ priority: 1, timeout: null, schedule: null, nextRun: null, version: 3 },
    })
    const undo = await newest(taskId)
    expect(undo.relatedChanges).toContain(edit.changeId)
    expect((await services.changes.get(admin, edit.changeId)).relatedChanges).toContain(undo.changeId)
    await services.changes.revert(admin, undo.changeId, plain)
    expect(await services.tasks.get(admin, taskId)).toMatchObject({ priority: 9, timeout: 60 })
  })

  it('leaves later edits of other fields alone', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({})
    await services.tasks.update(admin, taskId, { priority: 9 })
    const edit = await newest(taskId)
    await services.tasks.update(admin, taskId, { description: 'later' })
    await services.changes.revert(admin, edit.changeId, plain)
    expect(await services.tasks.get(admin, taskId)).toMatchObject({ priority: 0, description: 'later' })
  })

  it('is refused with a preview where a later edit touched the same field, unless forced', async () => {
    const { services, ...node } = shared()
    const { taskId } = await node.task({})
    await services.tasks.update(admin, taskId, { priority: 5 })
    const edit = await newest(taskId)
    await services.tasks.update(admin, taskId, { priority: 7 })
    const later = await newest(taskId)
    const conflict = { field: 'priority', current: 7, changedBy: admin.actor, changeId: later.changeId }
    await expect(services.changes.revert(admin, edit.changeId, plain)).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { items: [{ conflicts: [conflict] }] },
    })
    const seen = await services.changes.revert(admin, edit.changeId, { ...plain, dryRun: true })
    expect(seen).toMatchObject({ reverted: false, items: [{ conflicts: [conflict] }], changeIds: [] })
    expect(await services.tasks.get(admin, taskId)).toMatchObject({ priority: 7, version: 3 })
    await services.changes.revert(admin, edit.changeId, { ...plain, force: true })
    expect(await services.tasks.get(admin, taskId)).toMatchObject({ priority: 0 })
  })

  it('of a creation deletes the task, and of a deletion brings it back with its ids and schedule', async () => {
    const { services, ...node } = shared()
    const task = await node.task({ schedule: '* * * * * *', parameters: { key: { secret: 'restored' } } })
    const [row] = await services.tasks.scheduleRows(admin, task.taskId)
    const created = await newest(task.taskId)
    await services.changes.revert(admin, created.changeId, { ...plain, force: true })
    await expect(services.tasks.get(admin, task.taskId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const deletion = await newest(task.taskId)
    expect(deletion.action).toBe('DELETE')
    const runsBefore = (await node.runs(task.taskId)).length
    await services.changes.revert(admin, deletion.changeId, plain)
    const back = await services.tasks.get(admin, task.taskId)
    expect(back).toMatchObject({
      taskName: task.taskName,
      schedule: task.schedule,
      parameters: task.parameters,
    })
    const [restored] = await services.tasks.scheduleRows(admin, task.taskId)
    expect(restored?.scheduleId).toBe(row?.scheduleId)
    await eventually(async () => (await node.runs(task.taskId)).length > runsBefore + 1)
  })

  it('of a deletion whose name was given away meanwhile says so', async () => {
    const { services, ...node } = shared()
    const task = await node.task({ taskName: 'reused name' })
    await services.tasks.remove(admin, task.taskId)
    const deletion = await newest(task.taskId)
    await node.task({ taskName: 'reused name' })
    await expect(services.changes.revert(admin, deletion.changeId, plain)).rejects.toMatchObject({
      code: 'CONFLICT',
      issues: [{ path: ['taskName'] }],
    })
  })

  it('of a secret brings the old one back, and neither is ever shown', async () => {
    const { services, ...node } = shared()
    await node.script('length.sh', 'echo ${#PSWEBHOST_PARAM_KEY}\n')
    const task = await node.task({ scriptPath: 'length.sh', parameters: { key: { secret: 'four' } } })
    await services.tasks.update(admin, task.taskId, { parameters: { key: { secret: 'sevenxx' } } })
    const edit = await newest(task.taskId)
    expect(edit.diff.find((one) => one.field === 'parameters')).toEqual({
      field: 'parameters',
      old: { key: { secret: true } },
      new: { key: { secret: true } },
      changedSecrets: ['key'],
    })
    const result = await services.changes.revert(admin, edit.changeId, plain)
    expect(JSON.stringify([edit, result])).not.toMatch(/four|sevenxx|\$sealed/)
    const run = await node.ended(await node.start(task.taskId))
    expect(await node.output(run.historyId)).toBe('4\n')
  })

  it('of a node’s drain lets this node claim again at once', async () => {
    const { services, ...node } = shared()
    const { nodeId } = await services.system.info(admin)
    await services.nodes.drain(admin, nodeId, true)
    const drain = await newest(nodeId)
    await services.changes.revert(admin, drain.changeId, plain)
    expect(await services.nodes.get(admin, nodeId)).toMatchObject({ isDraining: false })
    await node.ended(await node.start((await node.task({})).taskId))
  })

  it('takes a whole transaction back when asked', async () => {
    const { services, ...node } = shared()
    const task = await node.task({ schedule: '0 3 * * *' })
    const created = await newest(task.taskId)
    expect(created.relatedChanges.length).toBeGreaterThan(0)
    const result = await services.changes.revert(admin, created.changeId, { ...plain, transaction: true })
    expect(result.items.map((item) => [item.tableName, item.action])).toEqual([['Tasks', 'DELETE']])
    await expect(services.tasks.get(admin, task.taskId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('that does not exist is not found', async () => {
    const missing = shared().services.changes.revert(admin, 'none', plain)
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
