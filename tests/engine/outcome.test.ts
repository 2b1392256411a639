import { describe, expect, it } from 'vitest'
import type { RunRow } from '../../src/main/data/repos/runs.ts'
import { finishRun } from '../../src/main/services/engine/finish.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createFailures } from '../../src/main/services/failures.ts'
import { removeInTx, updateInTx, type SaveContext } from '../../src/main/services/tasks/save.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'
import { failureFilterSchema, type FailureFilter } from '../../src/shared/domain/failure.ts'
import { databases, type TestDatabases } from '../support/databases.ts'
import { endingOf, openEngineDatabase } from '../support/engine-database.ts'
import { admin } from '../support/node.ts'
import { queue } from '../support/queued.ts'

const MINUTE = 60_000

const openFailures = async (open: TestDatabases['open']) => {
  const engine = await openEngineDatabase(open)
  const { db, clock } = engine
  const failures = createFailures({ db, events: createEventBus(clock) })
  const list = async (filter: Partial<FailureFilter> = {}) =>
    (await failures.list(admin, failureFilterSchema.parse({ limit: 10, ...filter }))).items
  /** Runs the task once, to that end. */
  const run = async (task: Parameters<typeof queue>[1], state: FinalState, more: Partial<RunRow> = {}) => {
    clock.advance(MINUTE)
    await queue(engine, task, isoOf(clock.now()))
    return end(state, more)
  }
  /** Ends the next run that waits. */
  const end = async (state: FinalState, more: Partial<RunRow> = {}) => {
    const [claimed] = await engine.claim()
    if (!claimed) throw new Error('nothing was claimed')
    const now = isoOf(clock.now())
    const ending = { ...endingOf(claimed.run, state, more.endTime ?? now), error: more.error ?? null }
    await db.write({ actor: 'test' }, (tx) => finishRun(tx, ending, now))
    return claimed.run.historyId
  }
  const secrets = { sealValues: (_field: string, values: object) => ({ ...values }) }
  const edit = (work: (context: SaveContext) => Promise<unknown>) =>
    db.write({ actor: 'test' }, (tx) => work({ tx, actor: 'test', now: isoOf(clock.now()), secrets }))
  return { ...engine, failures, list, run, end, edit }
}

describe.each(databases())('$name: a task that fails', ({ open }) => {
  it('is one failure, however often it fails, until it succeeds', async () => {
    const { task, list, run } = await openFailures(open)
    const failing = await task({ taskName: 'Export', appName: 'SAP' })
    expect(await list()).toEqual([])
    const first = await run(failing, 'Failed', { error: 'no share' })
    await run(failing, 'Timeout')
    await run(failing, 'Stopped')
    const last = await run(failing, 'Failed', { error: 'no share again' })
    expect(await list()).toMatchObject([
      {
        ...{ taskId: failing.taskId, taskName: 'Export', appName: 'SAP', nodeId: null, failureCount: 3 },
        ...{ firstHistoryId: first, lastHistoryId: last, lastState: 'Failed', lastError: 'no share again' },
        ...{ recoveredAt: null, acknowledgedAt: null },
      },
    ])
    const recovery = await run(failing, 'Success')
    const [recovered] = await list()
    expect(recovered).toMatchObject({ recoveredHistoryId: recovery, failureCount: 3, acknowledgedAt: null })
    expect(await list({ show: 'failing' })).toEqual([])
  })

  it('stays one failure while it comes and goes and nobody looks; after that it is a new one', async () => {
    const { task, list, run, failures, clock } = await openFailures(open)
    const flapping = await task({})
    await run(flapping, 'Failed')
    await run(flapping, 'Success')
    await run(flapping, 'Failed')
    const again = isoOf(clock.now())
    const [open1 = undefined, ...none] = await list()
    expect(none).toEqual([])
    expect(open1).toMatchObject({ failureCount: 2, failingSince: again, recoveredAt: null })
    expect(open1?.firstAt).not.toBe(again)
    await failures.acknowledge(admin, { failureId: open1?.failureId ?? '', note: null })
    await run(flapping, 'Success')
    await run(flapping, 'Failed')
    expect(await list()).toMatchObject([{ failureCount: 1, recoveredAt: null }])
  })

  it('has recovered by the order of its slots, whatever the clocks of its nodes say', async () => {
    const { task, list, run, clock } = await openFailures(open)
    const failing = await task({})
    await run(failing, 'Failed', { endTime: isoOf(clock.now() + 30 * MINUTE) })
    const recovery = await run(failing, 'Success')
    expect(await list()).toMatchObject([{ recoveredHistoryId: recovery }])
  })

  it('has not recovered by a run that was due before the one that failed', async () => {
    const engine = await openFailures(open)
    const { task, list, clock } = engine
    const failing = await task({ overlapPolicy: 'Parallel' })
    await queue(engine, failing, isoOf(clock.now() - MINUTE))
    await queue(engine, failing, isoOf(clock.now()))
    const [early, late] = (await engine.claim()).toSorted((a, b) =>
      a.run.scheduledFor < b.run.scheduledFor ? -1 : 1,
    )
    if (!early || !late) throw new Error('not both were claimed')
    await engine.finish(late, 'Failed')
    await engine.finish(early, 'Success')
    expect(await list({ show: 'failing' })).toMatchObject([{ lastHistoryId: late.run.historyId }])
  })

  it('is a failure once no retry follows', async () => {
    const { task, list, run, end, clock } = await openFailures(open)
    await run(await task({ maxRetries: 1, retryDelay: 60 }), 'Failed')
    expect(await list()).toEqual([])
    clock.advance(MINUTE)
    const retry = await end('Failed')
    expect(await list()).toMatchObject([{ failureCount: 1, firstHistoryId: retry }])
  })

  it('is a failure when the retry is cancelled', async () => {
    const { task, list, run, edit } = await openFailures(open)
    const failing = await task({ maxRetries: 1, retryDelay: 60 })
    const only = await run(failing, 'Failed', { error: 'no share' })
    await edit((context) => updateInTx(context, failing, { enabled: false }))
    expect(await list()).toMatchObject([{ lastHistoryId: only, lastError: 'no share', lastState: 'Failed' }])
  })

  it('is over when the task is deleted, or runs elsewhere', async () => {
    const { task, list, run, edit } = await openFailures(open)
    const [deleted, moved] = [await task({}), await task({})]
    await run(deleted, 'Failed')
    await run(moved, 'Failed')
    await edit((context) => removeInTx(context, deleted))
    expect(await list({ show: 'failing' })).toMatchObject([{ taskId: moved.taskId }])
    await edit((context) => updateInTx(context, moved, { runOn: 'All' }))
    expect(await list({ show: 'failing' })).toEqual([])
    expect((await list()).map(({ recoveredHistoryId }) => recoveredHistoryId)).toEqual([null, null])
  })

  it('is acknowledged with a note, stays so while it goes on, and can be opened again', async () => {
    const { task, list, run, failures } = await openFailures(open)
    const failing = await task({})
    await run(failing, 'Failed')
    const [{ failureId = '' } = {}] = await list()
    const seen = await failures.acknowledge(admin, { failureId, note: 'the share is down until noon' })
    expect(seen).toMatchObject({ acknowledgedBy: admin.actor, note: 'the share is down until noon' })
    await run(failing, 'Failed')
    expect(await list()).toEqual([])
    expect(await list({ show: 'acknowledged' })).toMatchObject([{ failureId, failureCount: 2 }])
    expect(await failures.counts(admin)).toEqual({ open: 0, failing: 0, acknowledgedToday: 1 })
    await failures.reopen(admin, failureId)
    expect(await list()).toMatchObject([{ failureId, note: null, acknowledgedAt: null }])
    expect(await failures.counts(admin)).toEqual({ open: 1, failing: 1, acknowledgedToday: 0 })
    await expect(failures.reopen(admin, 'a'.repeat(36))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is acknowledged with others at once; who was acknowledged before keeps the note', async () => {
    const { task, list, run, failures } = await openFailures(open)
    for (const name of ['one', 'two', 'three']) await run(await task({ taskName: name }), 'Lost')
    const ids = (await list()).map(({ failureId }) => failureId)
    await failures.acknowledge(admin, { failureId: ids[0] ?? '', note: 'known' })
    const done = await failures.acknowledgeMany(admin, { failureIds: ids, note: 'night shift' })
    expect(done.toSorted()).toEqual(ids.slice(1).toSorted())
    const notes = (await list({ show: 'acknowledged' })).map(({ note }) => note)
    expect(notes.toSorted()).toEqual(['known', 'night shift', 'night shift'])
  })

  it('fails on each node by itself where it runs on all', async () => {
    const { task, list, run, node, self } = await openFailures(open)
    await node({ nodeId: 'other', nodeName: 'other' })
    const all = await task({ runOn: 'All', assignedNodeGroup: null })
    await run(all, 'Failed')
    expect(await list()).toMatchObject([{ nodeId: self.nodeId }])
    expect(await list({ node: ['other'] })).toEqual([])
  })

  it('is listed page by page, the latest first', async () => {
    const { task, run, failures } = await openFailures(open)
    for (let index = 0; index < 5; index += 1) await run(await task({ taskName: `t${index}` }), 'Failed')
    const names: string[] = []
    let cursor: string | undefined
    do {
      const filter = failureFilterSchema.parse({ limit: 2, ...(cursor ? { cursor } : {}) })
      const page = await failures.list(admin, filter)
      names.push(...page.items.map(({ taskName }) => taskName))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(names).toEqual(['t4', 't3', 't2', 't1', 't0'])
  })
})
