import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/main/data/db.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import type { Claimed } from '../../src/main/services/engine/claims.ts'
import { createScheduler } from '../../src/main/services/engine/scheduler.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { openEngineDatabase } from '../support/engine-database.ts'
import { queue } from '../support/queued.ts'

const at = (minute: number): string => `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z`
const LEASE_MS = 30_000

type Write = Database['write']

/** The scheduler on a real database whose writes go as the test says. */
const openScheduler = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db, clock, self } = engine
  const real: Write = (context, work) => db.write(context, work)
  const way = { write: real }
  const given: Database = { ...db, write: (context, work) => way.write(context, work) }
  const dispatched: Claimed[] = []
  const scheduler = createScheduler({
    ...{ db: given, clock, self, events: createEventBus(clock), leaseMs: LEASE_MS, pollMs: 5_000 },
    keyAvailable: () => false,
    onSetBack: () => Promise.resolve(),
    active: () => 0,
    dispatch: (claimed) => dispatched.push(claimed),
  })
  return {
    ...{ ...engine, scheduler, real, way, dispatched },
    ids: () => dispatched.map(({ run }) => run.historyId),
  }
}

/** As the server does to one of two that wait for each other: the work is taken back, and done again. */
const replayed =
  (real: Write): Write =>
  async (context, work) => {
    const takenBack = new Error('taken back')
    await real(context, async (tx) => {
      await work(tx)
      throw takenBack
    }).catch((error: unknown) => {
      if (error !== takenBack) throw error
    })
    return real(context, work)
  }

describe.each(databases())('$name: the scheduler', ({ open }) => {
  it('passes over nothing when the server takes a look back and it is done again', async () => {
    const node = await openScheduler(open)
    const blocked = await node.task({ priority: 9, overlapPolicy: 'Parallel' })
    const sealed = { parameters: { password: { $sealed: 'v1:key:nonce:text' } } }
    for (let i = 0; i < 40; i += 1) await queue(node, blocked, at(0), sealed)
    const waiting = await queue(node, await node.task({ priority: 8 }), at(1))
    const last = await node.task({ priority: 1, overlapPolicy: 'Parallel' })
    for (let i = 0; i < 100; i += 1) await queue(node, last, at(2), sealed)
    node.way.write = replayed(node.real)
    await node.scheduler.tick()
    expect(node.ids()).toEqual([waiting])
  })
})
