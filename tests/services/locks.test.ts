import { describe, expect, it } from 'vitest'
import { createEventBus } from '../../src/main/services/events.ts'
import { createLocks } from '../../src/main/services/locks.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { admin, startTestNode } from '../support/node.ts'
import { queue } from '../support/queued.ts'

describe.each(databases())('$name: lock groups', ({ open }) => {
  const openLocks = async () => {
    const engine = await openEngineDatabase(open)
    const { db, clock } = engine
    let woken = 0
    const locks = createLocks({ db, events: createEventBus(clock), wake: () => (woken += 1) })
    return { ...engine, locks, woken: () => woken }
  }

  it('come with the task that names them first, and are counted', async () => {
    const engine = await openLocks()
    const task = await engine.task({ limits: { locks: ['tape', 'net'] } })
    await engine.task({ limits: { locks: ['tape'] } })
    await queue(engine, task, '2026-03-02T11:00:00.000Z')
    await engine.claim()
    const items = await engine.locks.list(admin)
    expect(items.map((lock) => [lock.lockName, lock.maxConcurrent, lock.tasks, lock.running])).toEqual([
      ['net', 1, 1, 1],
      ['tape', 1, 2, 1],
    ])
  })

  it('are made, widened, renamed while nobody names them, and deleted', async () => {
    const { locks, woken } = await openLocks()
    const input = { lockName: 'tape', maxConcurrent: 2, description: null }
    const { lockId } = await locks.create(admin, input)
    await expect(locks.create(admin, input)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await locks.update(admin, lockId, { maxConcurrent: 5 })).toMatchObject({
      ...{ maxConcurrent: 5, version: 2 },
    })
    expect(await locks.update(admin, lockId, { maxConcurrent: 5 })).toMatchObject({ version: 2 })
    expect(await locks.update(admin, lockId, { lockName: 'lto' })).toMatchObject({ lockName: 'lto' })
    expect(woken()).toBeGreaterThan(0)
    await locks.remove(admin, lockId)
    expect(await locks.list(admin)).toEqual([])
    await expect(locks.remove(admin, lockId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('that tasks name keep their name and stay, and the refusal names the tasks', async () => {
    const { locks, task } = await openLocks()
    const named = await task({ taskName: 'Backup', limits: { locks: ['tape'] } })
    const [lock] = await locks.list(admin)
    const lockId = lock?.lockId ?? ''
    const refusal = { code: 'CONFLICT', message: expect.stringContaining('Backup') as unknown }
    await expect(locks.update(admin, lockId, { lockName: 'lto' })).rejects.toMatchObject(refusal)
    await expect(locks.remove(admin, lockId)).rejects.toMatchObject({
      ...{ ...refusal, data: { taskIds: [named.taskId] } },
    })
  })
})

describe('changes of lock groups', () => {
  it('are in the log by name, and are taken back', async () => {
    const { services } = await startTestNode()
    const input = { lockName: 'tape', maxConcurrent: 2, description: null }
    const { lockId } = await services.locks.create(admin, input)
    await services.locks.update(admin, lockId, { maxConcurrent: 7 })
    const latest = async () => {
      const { items } = await services.changes.list(admin, { table: ['Task_Lock'], limit: 10 })
      return items[0]
    }
    const widened = await latest()
    expect([widened?.recordName, widened?.action]).toEqual(['tape', 'UPDATE'])
    const undo = { dryRun: false, force: false, transaction: false }
    await services.changes.revert(admin, widened?.changeId ?? '', undo)
    expect(await services.locks.list(admin)).toMatchObject([{ maxConcurrent: 2 }])
    await services.locks.remove(admin, lockId)
    await services.changes.revert(admin, (await latest())?.changeId ?? '', undo)
    expect(await services.locks.list(admin)).toMatchObject([{ lockId, lockName: 'tape', maxConcurrent: 2 }])
  })
})
