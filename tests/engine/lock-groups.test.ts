import { describe, expect, it } from 'vitest'
import { allLocks, deleteLock, locksNamed, updateLock } from '../../src/main/data/repos/task-locks.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createGiveBack } from '../../src/main/services/engine/give-back.ts'
import { createLocks } from '../../src/main/services/locks.ts'
import { removeInTx, updateInTx } from '../../src/main/services/tasks/save.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`

const UNLIMITED = {
  maxConcurrent: null,
  memoryMb: null,
  cpuSeconds: null,
  processes: null,
  outputBytes: null,
}

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

  const editing = (engine: EngineDatabase) => {
    const inTask = (task: TaskRow, work: (context: Context, row: TaskRow) => Promise<unknown>) =>
      engine.db.write({ actor: 'test' }, async (tx) => {
        const secrets = { sealValues: (_field: string, values: object) => ({ ...values }) }
        const now = isoOf(engine.clock.now())
        const row = await findTask(tx, task.taskId)
        if (row) await work({ tx, actor: 'test', now, secrets }, row)
      })
    return {
      edit: (task: TaskRow, ...locks: string[]) =>
        inTask(task, (context, row) => updateInTx(context, row, { limits: { ...UNLIMITED, locks } })),
      remove: (task: TaskRow) => inTask(task, removeInTx),
    }
  }
  type Context = Parameters<typeof removeInTx>[0]

  const going = async (engine: EngineDatabase) => {
    const running = await engine.task(locked('tape'))
    await queue(engine, running, at(0))
    const [first] = await engine.claim()
    if (!first) throw new Error('nothing was claimed')
    const waiting = await engine.task(locked('tape'))
    await queue(engine, waiting, at(1))
    return { running, waiting, first }
  }

  it('wait for a run whose task has been deleted since', async () => {
    const engine = await openEngineDatabase(open)
    const { running, waiting, first } = await going(engine)
    await editing(engine).remove(running)
    expect(await engine.claim()).toEqual([])
    await engine.finish(first)
    expect((await engine.claim()).map(({ run }) => run.taskId)).toEqual([waiting.taskId])
  })

  it('wait for a run whose task names another group since, and that one is free', async () => {
    const engine = await openEngineDatabase(open)
    const { running, waiting, first } = await going(engine)
    const other = await engine.task(locked('net'))
    await queue(engine, other, at(1))
    await editing(engine).edit(running, 'net')
    expect((await engine.claim()).map(({ run }) => run.taskId)).toEqual([other.taskId])
    await engine.finish(first)
    expect((await engine.claim()).map(({ run }) => run.taskId)).toEqual([waiting.taskId])
  })

  it('wait for none that was given back, and each counts once however often it is claimed', async () => {
    const engine = await openEngineDatabase(open)
    const { first } = await going(engine)
    const { db, clock } = engine
    const giveBack = createGiveBack({ db, log: memoryLog(), events: createEventBus(clock) })
    for (let again = 0; again < 2; again += 1) {
      expect(await giveBack(first)).toBe(true)
      expect((await engine.claim()).map(({ run }) => run.historyId)).toEqual([first.run.historyId])
      expect(await engine.claim()).toEqual([])
    }
  })

  it('are counted by the group, by its new name too', async () => {
    const engine = await openEngineDatabase(open)
    const { running, waiting } = await going(engine)
    const { db, clock } = engine
    const locks = createLocks({ db, events: createEventBus(clock), wake: () => undefined })
    const { edit } = editing(engine)
    await edit(running)
    await edit(waiting)
    const [tape] = await locks.list(admin)
    expect(tape).toMatchObject({ lockName: 'tape', running: 1, tasks: 0 })
    await locks.update(admin, tape?.lockId ?? '', { lockName: 'drive' })
    await edit(waiting, 'drive')
    expect(await engine.claim()).toEqual([])
    expect(await locks.list(admin)).toMatchObject([{ lockName: 'drive', running: 1, tasks: 1 }])
  })
})
