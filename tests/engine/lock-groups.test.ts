import { describe, expect, it } from 'vitest'
import { allLocks, deleteLock, locksNamed, updateLock } from '../../src/main/data/repos/task-locks.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`

describe.each(databases())('$name: claims of tasks that name a lock group', ({ open }) => {
  const locked = (...locks: string[]) => ({ overlapPolicy: 'Parallel' as const, limits: { locks } })
  const widen = (engine: EngineDatabase, lockName: string, maxConcurrent: number) =>
    engine.db.write({ actor: 'test' }, async (tx) => {
      const [lock] = await locksNamed(tx, [lockName])
      if (lock) await updateLock(tx, lock.lockId, { maxConcurrent })
    })

  it('run one at a time, whichever task they are of, until the group lets more run', async () => {
    const engine = await openEngineDatabase(open)
    for (let i = 0; i < 4; i += 1) await queue(engine, await engine.task(locked('tape')), at(i))
    const [first, ...more] = await engine.claim()
    expect(more).toEqual([])
    expect(await engine.claim()).toEqual([])
    await widen(engine, 'tape', 2)
    expect(await engine.claim()).toHaveLength(1)
    if (first) await engine.finish(first)
    expect(await engine.claim()).toHaveLength(1)
  })

  it('need room in every group they name', async () => {
    const engine = await openEngineDatabase(open)
    const tape = await engine.task(locked('tape'))
    const both = await engine.task({ ...locked('net', 'tape'), priority: -1 })
    const net = await engine.task({ ...locked('net'), priority: -2 })
    for (const task of [tape, both, net]) await queue(engine, task, at(0))
    const claimed = await engine.claim()
    expect(claimed.map(({ run }) => run.taskId)).toEqual([tape.taskId, net.taskId])
  })

  it('are one at a time too where the group has lost its row', async () => {
    const engine = await openEngineDatabase(open)
    for (let i = 0; i < 2; i += 1) await queue(engine, await engine.task(locked('tape')), at(i))
    await engine.db.write({ actor: 'test' }, async (tx) => {
      for (const { lockId } of await allLocks(tx)) await deleteLock(tx, lockId)
    })
    expect(await engine.claim()).toHaveLength(1)
  })
})
