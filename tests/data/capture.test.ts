import { steps } from '../../src/main/data/migrations/index.ts'
import { describe, expect, it } from 'vitest'
import { capturedTable } from '../../src/main/data/capture.ts'
import { changeDigest } from '../../src/main/data/digest.ts'
import { readImage, rowFromImage } from '../../src/main/data/images.ts'
import { numberChanges } from '../../src/main/data/sequencer.ts'
import { isoOf, systemClock } from '../../src/main/platform/clock.ts'
import { databases } from '../support/databases.ts'
import { changesOf, textOf } from './changes.ts'
import { nodeRow, scheduleRow, taskRow, tokenRow } from './rows.ts'

const ROOT = { actor: 'local:root', reason: 'tidy up', origin: 'revert:1' }

describe.each(databases())('$name: change capture', ({ open }) => {
  it('logs insert, update and delete with both images, author, reason, origin and digest', async () => {
    const at = Date.UTC(2026, 2, 1, 12)
    const db = await open({ clock: { ...systemClock, now: () => at } })
    const task = taskRow()
    const before = await db.now()
    await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx
        .updateTable('Tasks')
        .set({ priority: 5, enabled: false })
        .where('taskId', '=', task.taskId)
        .execute()
      await tx.deleteFrom('Tasks').where('taskId', '=', task.taskId).execute()
    })
    await numberChanges(db)
    const changes = await changesOf(db)
    expect(changes.map((change) => [change.action, change.seq, change.localSeq])).toEqual([
      ['INSERT', 1, 1],
      ['UPDATE', 2, 2],
      ['DELETE', 3, 3],
    ])
    for (const change of changes) {
      expect(change).toMatchObject({
        tableName: 'Tasks',
        recordId: task.taskId,
        changedBy: 'local:root',
        changeReason: 'tidy up',
        origin: 'revert:1',
        schemaVersion: steps.length,
        transactionId: changes[0]?.transactionId,
      })
      // A server's triggers go by its own clock, which this one follows to the millisecond or so.
      if (db.file) expect(change.changedAt).toBe(isoOf(at))
      expect(Math.abs(Date.parse(change.changedAt) - Date.parse(before))).toBeLessThan(2_000)
      expect(change.digest).toBe(changeDigest(change, textOf(change.oldData), textOf(change.newData)))
    }
    const [inserted, updated, deleted] = changes.map((change) => [
      textOf(change.oldData),
      textOf(change.newData),
    ])
    expect(inserted?.[0]).toBeNull()
    expect(inserted?.[1]).toBe(updated?.[0])
    expect(updated?.[1]).toBe(deleted?.[0])
    expect(deleted?.[1]).toBeNull()
  })

  it('writes images by column name, in column order, with flags as 0 and 1 and JSON as text', async () => {
    const db = await open()
    await db.write(ROOT, (tx) =>
      tx
        .insertInto('Tasks')
        .values(taskRow({ taskName: 'q\'"\\ é😀', tags: ['ü'] }))
        .execute(),
    )
    const [change] = await changesOf(db)
    const image = JSON.parse(textOf(change?.newData ?? null) ?? '') as Record<string, unknown>
    expect(Object.keys(image)).toEqual(capturedTable('Tasks').columns.map(({ column }) => column))
    expect(image).toMatchObject({
      TaskName: 'q\'"\\ é😀',
      Enabled: 1,
      Tags: '["ü"]',
      RetryBackoff: '1.5',
      Timeout: null,
    })
  })

  it('gives an image back as the record it was, and as values that write it again', async () => {
    const db = await open()
    const task = taskRow({ schedule: { type: 'cron', cron: '@daily' }, timeout: 30 })
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(task).execute())
    const [change] = await changesOf(db)
    const read = readImage('Tasks', change?.newData ?? new Uint8Array())
    expect(read).toMatchObject({ ok: true, image: task })
    if (!read.ok) return
    await db.write(ROOT, async (tx) => {
      await tx.updateTable('Tasks').set({ taskName: 'other', enabled: false, tags: [] }).execute()
      await tx.updateTable('Tasks').set(rowFromImage('Tasks', read.image)).execute()
    })
    const stored = await db.read.selectFrom('Tasks').selectAll().executeTakeFirstOrThrow()
    expect(stored).toMatchObject(task)
    const last = (await changesOf(db)).at(-1)
    expect(textOf(last?.newData ?? null)).toBe(textOf(change?.newData ?? null))
  })

  it('logs nothing when an update leaves every captured column as it was', async () => {
    const db = await open()
    const [task, node] = [taskRow(), nodeRow()]
    const schedule = scheduleRow({ taskId: task.taskId })
    await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx.insertInto('Nodes').values(node).execute()
      await tx.insertInto('Task_Schedule').values(schedule).execute()
      await tx.updateTable('Tasks').set(task).execute()
      await tx
        .updateTable('Nodes')
        .set({ lastHeartbeat: isoOf(0), incarnation: 'x' })
        .execute()
      await tx
        .updateTable('Task_Schedule')
        .set({ isRunning: true, totalRuns: 3, nextRun: isoOf(0) })
        .execute()
    })
    expect((await changesOf(db)).map((change) => change.action)).toEqual(['INSERT', 'INSERT', 'INSERT'])
  })

  it('keeps heartbeats, running state and token hashes out of images', async () => {
    const db = await open()
    await db.write(ROOT, async (tx) => {
      await tx
        .insertInto('Nodes')
        .values(nodeRow({ lastHeartbeat: isoOf(0), incarnation: 'secret-incarnation' }))
        .execute()
      await tx
        .insertInto('Task_Schedule')
        .values(scheduleRow({ nextRun: isoOf(0) }))
        .execute()
      await tx
        .insertInto('Api_Token')
        .values(tokenRow({ tokenHash: 'planted-hash' }))
        .execute()
    })
    const texts = (await changesOf(db)).map((change) => textOf(change.newData) ?? '')
    expect(texts.join()).not.toMatch(/LastHeartbeat|secret-incarnation|NextRun|planted-hash/)
    expect(Object.keys(JSON.parse(texts[1] ?? '') as object)).toEqual(['ScheduleID', 'TaskID', 'NodeID'])
  })

  it('logs every row of a statement that changes many', async () => {
    const db = await open()
    await db.write(ROOT, async (tx) => {
      await tx
        .insertInto('Tasks')
        .values(Array.from({ length: 50 }, (_, i) => taskRow({ taskName: `t${i}` })))
        .execute()
      await tx.updateTable('Tasks').set({ priority: 1 }).execute()
    })
    const changes = await changesOf(db)
    expect(changes).toHaveLength(100)
    expect(new Set(changes.map((change) => change.changeId)).size).toBe(100)
  })

  it('deletes schedule rows only when told to, each with a change of its own', async () => {
    const db = await open()
    const task = taskRow()
    await db.write(ROOT, async (tx) => {
      await tx.insertInto('Tasks').values(task).execute()
      await tx
        .insertInto('Task_Schedule')
        .values(scheduleRow({ taskId: task.taskId }))
        .execute()
    })
    await db.write(ROOT, (tx) => tx.deleteFrom('Tasks').execute())
    expect(await db.read.selectFrom('Task_Schedule').select('taskId').execute()).toHaveLength(1)
    await db.write(ROOT, (tx) => tx.deleteFrom('Task_Schedule').execute())
    expect((await changesOf(db)).map((change) => `${change.action} ${change.tableName}`).slice(2)).toEqual([
      'DELETE Tasks',
      'DELETE Task_Schedule',
    ])
  })

  it('never gives a number twice, even when the log was emptied', async () => {
    const db = await open()
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    await numberChanges(db)
    await db.write(ROOT, (tx) => tx.deleteFrom('Data_Change').execute())
    await db.write(ROOT, (tx) => tx.deleteFrom('Tasks').execute())
    await numberChanges(db)
    expect((await changesOf(db)).map((change) => change.seq)).toEqual([2])
  })

  it('logs nothing when change tracking is switched off', async () => {
    const db = await open({ config: { enableChangeTracking: false } })
    await db.write(ROOT, (tx) => tx.insertInto('Tasks').values(taskRow()).execute())
    expect(await changesOf(db)).toEqual([])
    expect(await db.dialect.installedObjects(db.read)).toEqual([])
  })
})
