import { describe, expect, it } from 'vitest'
import type { OpenDatabase, Tx, WriteContext } from '../../src/main/data/db.ts'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import { databases, serverDatabases } from '../support/databases.ts'
import { changesOf } from './changes.ts'
import { nodeRow, taskRow } from './rows.ts'

const SYSTEM = { actor: 'system' }

/** Resolves for all once so many have come. */
const meeting = (count: number): (() => Promise<void>) => {
  let missing = count
  let open: () => void = () => {}
  const all = new Promise<void>((resolve) => (open = resolve))
  return () => {
    missing -= 1
    if (missing === 0) open()
    return all
  }
}

const setPriority = (tx: Tx, taskId: string, priority: number) =>
  tx.updateTable('Tasks').set({ priority }).where('taskId', '=', taskId).execute()

const priorities = async (db: OpenDatabase) =>
  (await db.read.selectFrom('Tasks').select('priority').orderBy('taskId').execute()).map(
    ({ priority }) => priority,
  )

describe.each(serverDatabases())('$name: two writes that wait for each other', ({ open }) => {
  /** Each takes one task, then wants the other's: the first time at the same moment. */
  const deadlock = async (
    context: WriteContext,
    second: (tx: Tx, taskId: string, priority: number) => Promise<unknown> = setPriority,
  ) => {
    const db = await open()
    for (const taskId of ['a', 'b'])
      await db.write(SYSTEM, (tx) =>
        tx
          .insertInto('Tasks')
          .values(taskRow({ taskId, taskName: taskId }))
          .execute(),
      )
    const before = (await changesOf(db)).length
    const both = meeting(2)
    let attempts = 0
    const write = (first: string, other: string, priority: number) => {
      let tries = 0
      return db.write(context, async (tx) => {
        attempts += 1
        tries += 1
        await tx
          .insertInto('Nodes')
          .values(nodeRow({ nodeName: `node ${priority}` }))
          .execute()
        await setPriority(tx, first, priority)
        if (tries === 1) await both()
        await second(tx, other, priority)
        return priority
      })
    }
    const outcomes = await Promise.allSettled([write('a', 'b', 1), write('b', 'a', 2)])
    const changes = (await changesOf(db)).slice(before)
    return { db, outcomes, changes, attempts: () => attempts }
  }

  it('are both done: the one that the server took back is run again', async () => {
    const { db, outcomes, changes, attempts } = await deadlock(SYSTEM)
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'fulfilled', value: 2 },
    ])
    expect(attempts()).toBe(3)
    const [a, b] = await priorities(db)
    expect(a).toBe(b)
    // Nothing is left of the attempt that was taken back.
    expect(changes).toHaveLength(6)
    expect(new Set(changes.map((change) => change.transactionId)).size).toBe(2)
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toHaveLength(2)
  })

  it('are both done though one of them passed over the failure', async () => {
    const { db, outcomes, changes } = await deadlock(SYSTEM, (tx, taskId, priority) =>
      setPriority(tx, taskId, priority).catch(() => undefined),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    const [a, b] = await priorities(db)
    expect(a).toBe(b)
    expect(changes).toHaveLength(6)
    expect(await db.read.selectFrom('Nodes').select('nodeId').execute()).toHaveLength(2)
  })

  it('fail one of them when they may not be run again', async () => {
    const { db, outcomes, changes, attempts } = await deadlock({ ...SYSTEM, once: true })
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(failures).toEqual([expect.any(AppError)])
    expect(failures[0]).toMatchObject({ code: 'UNAVAILABLE', kind: 'replay' })
    expect(attempts()).toBe(2)
    expect(changes).toHaveLength(3)
    expect(await db.write(SYSTEM, async () => 'next')).toBe('next')
  })
})

describe.each(databases())('$name: a write', ({ open }) => {
  const counted = async (
    work: (attempt: number, tx: Tx) => Promise<unknown>,
    context: WriteContext = SYSTEM,
  ) => {
    const pauses: number[] = []
    const db = await open({ clock: { ...systemClock, sleep: async (ms) => void pauses.push(ms) } })
    let attempts = 0
    const outcome = await db
      .write(context, async (tx) => {
        attempts += 1
        await tx.insertInto('Nodes').values(nodeRow()).execute()
        return work(attempts, tx)
      })
      .catch((error: unknown) => error)
    const { length } = await db.read.selectFrom('Nodes').select('nodeId').execute()
    return { outcome, attempts, pauses, written: length }
  }
  const takenBack = () => new DatabaseFailure('replay', 'took it back', undefined)

  it('that was taken back is run again until it is done, with longer and longer pauses', async () => {
    const { outcome, attempts, pauses, written } = await counted(async (attempt) => {
      if (attempt < 5) throw takenBack()
      return 'done'
    })
    expect({ outcome, attempts, written }).toEqual({ outcome: 'done', attempts: 5, written: 1 })
    expect(pauses).toHaveLength(4)
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(10 * 2 ** index)
      expect(pause).toBeLessThanOrEqual(20 * 2 ** index)
    }
  })

  it('that is taken back each time fails in the end', async () => {
    const { outcome, attempts, written } = await counted(() => Promise.reject(takenBack()))
    expect(outcome).toMatchObject({ code: 'UNAVAILABLE', message: 'took it back' })
    expect({ attempts, written }).toEqual({ attempts: 7, written: 0 })
  })

  it('that may be run once only is not run again', async () => {
    const { outcome, attempts } = await counted(() => Promise.reject(takenBack()), { ...SYSTEM, once: true })
    expect(outcome).toMatchObject({ message: 'took it back' })
    expect(attempts).toBe(1)
  })

  it.each([
    ['an error of its own', () => new Error('a bug')],
    ['what its caller is told', () => new AppError('CONFLICT', 'taken')],
    ['a database that is away', () => new DatabaseFailure('away', 'gone', undefined)],
  ])('that fails of %s is not run again', async (_, failure) => {
    const { outcome, attempts, written } = await counted(() => Promise.reject(failure()))
    expect(outcome).toMatchObject({ message: failure().message })
    expect({ attempts, written }).toEqual({ attempts: 1, written: 0 })
  })
})
