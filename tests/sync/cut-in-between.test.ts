import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DatabaseFailure } from '../../src/main/data/errors.ts'
import type { Database, OpenDatabase } from '../../src/main/data/db.ts'
import { countOfflineRuns } from '../../src/main/data/replica/offline-runs.ts'
import { countPending } from '../../src/main/data/replica/pending.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { deliverRuns } from '../../src/main/services/sync/deliver-runs.ts'
import { pushEdits, type PushResult } from '../../src/main/services/sync/push.ts'
import { groupBy } from '../../src/shared/domain/group-by.ts'
import { runRow } from '../data/rows.ts'
import { serverDatabases } from '../support/databases.ts'
import { syncDeps } from '../support/sync-parts.ts'
import { editsIn, openSyncNode } from './sync-node.ts'

/** The cluster database is lost while what waited is delivered: before a commit, or before its answer. */

const SYSTEM = { actor: 'system' }
const CUTS = ['before', 'unanswered'] as const
type Cut = (typeof CUTS)[number]
const lost = () => new DatabaseFailure('away', 'the database does not answer', null)

/** Lost at its n-th write, and from then on. */
const cutAt = (centre: OpenDatabase, n: number, cut: Cut): OpenDatabase => {
  let writes = 0
  const write: Database['write'] = async (context, work) => {
    writes += 1
    if (writes < n) return centre.write(context, work)
    if (writes === n && cut === 'unanswered') await centre.write(context, work)
    throw lost()
  }
  return { ...centre, write }
}

const signal = new AbortController().signal

describe.each(serverDatabases())('$name: a delivery that is cut off', ({ open }) => {
  it.each(CUTS)('%s: tells what was delivered before, and delivers the rest once', async (cut) => {
    const centre = await open()
    const ids: string[] = []
    for (const name of ['first', 'second', 'third']) ids.push(await editsIn(centre).create(name))
    const node = await openSyncNode(centre)
    await node.pull()
    const { db, observe } = node.replica
    for (const taskId of ids) await editsIn(db).update(taskId, { priority: 5 })
    const push = (centreNow: OpenDatabase, result: PushResult) =>
      pushEdits(
        syncDeps({ centre: centreNow, db, observe, nodeId: node.nodeId, clock: systemClock }),
        signal,
        result,
      )
    const told: PushResult = { delivered: [], refused: 0 }
    await expect(push(cutAt(centre, 2, cut), told)).rejects.toThrow('does not answer')
    expect(told).toMatchObject({ delivered: [{ recordId: ids[0], outcome: 'Accepted' }], refused: 0 })
    expect(await countPending(db.look)).toBe(2)
    const rest: PushResult = { delivered: [], refused: 0 }
    await push(centre, rest)
    expect(rest.delivered.map(({ recordId }) => recordId)).toEqual(ids.slice(1))
    expect(await countPending(db.look)).toBe(0)
    const changes = await centre.read
      .selectFrom('Data_Change')
      .select('recordId')
      .where('action', '=', 'UPDATE')
      .where('tableName', '=', 'Tasks')
      .execute()
    expect(changes.map(({ recordId }) => recordId).toSorted()).toEqual(ids.toSorted())
  })

  it('loses none of its runs and doubles none, whatever happens to them meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
        const world = await createRuns(await open())
        for (const one of acts) await world.act(one)
        await world.settle()
        expect(await world.violations()).toEqual([])
      }),
      { numRuns: 6, endOnFailure: true },
    )
  }, 300_000)
})

const SLOTS = 6
const slot = fc.integer({ min: 0, max: SLOTS - 1 })
type Act =
  | { kind: 'start' | 'loseThere' | 'askThere'; slot: number }
  | { kind: 'end'; slot: number; state: 'Success' | 'Failed' }
  | { kind: 'deliver'; at: number; cut: Cut }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const), slot }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      slot,
      state: fc.constantFrom('Success' as const, 'Failed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('loseThere' as const, 'askThere' as const), slot }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      at: fc.integer({ min: 1, max: 4 }),
      cut: fc.constantFrom(...CUTS),
    }),
  },
)

/** Runs of one pinned task, made on a replica; others may declare one of them Lost, or ask to stop it. */
const createRuns = async (centre: OpenDatabase) => {
  const node = await openSyncNode(centre)
  const taskId = await editsIn(centre).create('pinned', {
    schedule: '0 3 * * *',
    assignedNodeId: node.nodeId,
  })
  await node.pull()
  const { db } = node.replica
  const scheduleId = (await centre.read.selectFrom('Task_Schedule').select('scheduleId').execute())[0]
    ?.scheduleId
  const runs = new Map<number, ReturnType<typeof runRow>>()
  const lostThere = new Set<string>()
  const startOf = (index: number) =>
    runRow({
      ...{
        taskId,
        scheduleId: scheduleId ?? null,
        state: 'Running',
        nodeId: node.nodeId,
        incarnation: 'here',
      },
      scheduledFor: `2026-03-0${index + 1}T03:00:00.000Z`,
    })
  const deliver = (to: OpenDatabase) =>
    deliverRuns({ centre: to, replica: db, leaseMs: 30_000, log: memoryLog() }, signal)
  const update = (of: OpenDatabase, historyId: string, fields: object) =>
    of.write(SYSTEM, (tx) =>
      tx
        .updateTable('Task_History')
        .set(fields)
        .where('historyId', '=', historyId)
        .where('state', '=', 'Running')
        .executeTakeFirst(),
    )
  const takes = {
    start: async (index: number) => {
      if (runs.has(index)) return
      const run = startOf(index)
      runs.set(index, run)
      await db.write(SYSTEM, (tx) => tx.insertInto('Task_History').values(run).execute())
    },
    end: async (index: number, state: 'Success' | 'Failed') => {
      const run = runs.get(index)
      if (run) await update(db, run.historyId, { state, updatedAt: `2026-03-20T00:00:0${index}.000Z` })
    },
    loseThere: async (index: number) => {
      const { historyId = '' } = runs.get(index) ?? {}
      const { numUpdatedRows } = await update(centre, historyId, { state: 'Lost' })
      if (numUpdatedRows > 0n) lostThere.add(historyId)
    },
    askThere: async (index: number) => {
      const { historyId = '' } = runs.get(index) ?? {}
      await update(centre, historyId, {
        stopRequestedBy: 'local:bob',
        stopRequestedAt: '2026-03-19T00:00:00.000Z',
      })
    },
  }
  const allOf = (of: OpenDatabase) => of.read.selectFrom('Task_History').selectAll().execute()
  return {
    act: async (one: Act): Promise<void> => {
      if (one.kind === 'deliver')
        return deliver(cutAt(centre, one.at, one.cut)).then(
          () => undefined,
          (error: unknown) => {
            if (!(error instanceof DatabaseFailure)) throw error
          },
        )
      if (one.kind === 'end') return takes.end(one.slot, one.state)
      return takes[one.kind](one.slot)
    },
    settle: () => deliver(centre),
    violations: async (): Promise<string[]> => {
      const there = new Map((await allOf(centre)).map((run) => [run.historyId, run]))
      const here = await allOf(db)
      const doubled = [...groupBy([...there.values()], (run) => run.scheduledFor)].filter(
        ([, of]) => of.length > 1,
      )
      return [
        ...doubled.map(([at]) => `slot ${at} has two runs`),
        ...((await countOfflineRuns(db.look)) > 0 ? ['runs wait still'] : []),
        ...here.flatMap(({ historyId, state }) => {
          const found = there.get(historyId)
          if (!found) return [`${historyId} was lost`]
          // Others declared it Lost: that stands.
          const wanted = lostThere.has(historyId) ? 'Lost' : state
          return found.state === wanted ? [] : [`${historyId} is ${found.state}, not ${wanted}`]
        }),
        ...(there.size === here.length ? [] : [`${there.size} runs there, ${here.length} here`]),
      ]
    },
  }
}
