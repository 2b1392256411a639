import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insertRun } from '../../src/main/data/repos/runs.ts'
import { listRuns } from '../../src/main/data/repos/run-list.ts'
import { updateScheduleRow } from '../../src/main/data/repos/schedules.ts'
import { listTasks } from '../../src/main/data/repos/task-list.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import type { Page } from '../../src/shared/domain/fields.ts'
import { FINAL_STATES, type RunFilter } from '../../src/shared/domain/run.ts'
import { TASK_SORTS, type TaskFilter } from '../../src/shared/domain/task.ts'
import { databases } from '../support/databases.ts'
import { openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

/** Every page of a list, as one. */
const allPages = async <T>(
  limit: number,
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> => {
  const items: T[] = []
  let cursor: string | undefined
  for (;;) {
    const page = await read({ limit, ...(cursor ? { cursor } : {}) })
    items.push(...page.items)
    if (page.nextCursor === null) return items
    cursor = page.nextCursor
  }
}

const names = async (engine: EngineDatabase, filter: Partial<TaskFilter>): Promise<string[]> =>
  (await listTasks(engine.db.read, { sort: 'name', limit: 100, ...filter })).items.map(
    (task) => task.taskName,
  )

const times = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', null]

describe.each(databases())('$name: lists of tasks', ({ open }) => {
  it('give every task once, in order, whatever the sort and the length of a page', async () => {
    const engine = await openEngineDatabase(open)
    const ids: string[] = []
    const made = fc.sample(
      fc.record({
        name: fc.constantFrom('a', 'B', 'ä', 'b ', '~', 'ab', '%', '_'),
        priority: fc.integer({ min: -1, max: 1 }),
        nextRun: fc.constantFrom(...times),
        lastRun: fc.constantFrom(...times),
        lastState: fc.constantFrom(...FINAL_STATES, null),
        isRunning: fc.boolean(),
      }),
      { numRuns: 60, seed: 7 },
    )
    for (const [index, { name, priority, ...row }] of made.entries()) {
      const task = await engine.task({ taskName: `${name}${index}`, appName: name.trim(), priority })
      const { scheduleId } = await engine.row(task.taskId)
      await engine.db.write({ actor: 'test' }, (tx) => updateScheduleRow(tx, scheduleId, row))
      ids.push(task.taskId)
    }
    for (const sort of TASK_SORTS)
      for (const limit of [1, 7, 59, 60]) {
        const listed = await allPages(limit, (page) => listTasks(engine.db.read, { sort, ...page }))
        const whole = await listTasks(engine.db.read, { sort, limit: 1000 })
        expect(listed.map((task) => task.taskId)).toEqual(whole.items.map((task) => task.taskId))
        expect(listed.map((task) => task.taskId).sort()).toEqual([...ids].sort())
      }
  })

  it('are whole by every sort when nothing failed, nothing runs and nothing is planned', async () => {
    const engine = await openEngineDatabase(open)
    const found = async () =>
      Promise.all(TASK_SORTS.map(async (sort) => [sort, await names(engine, { sort })] as const))
    expect(await found()).toEqual(TASK_SORTS.map((sort) => [sort, []]))
    await engine.task({ taskName: 'idle', schedule: null })
    expect(await found()).toEqual(TASK_SORTS.map((sort) => [sort, ['idle']]))
  })

  it('are filtered by what a task says of itself', async () => {
    const engine = await openEngineDatabase(open)
    await engine.task({ taskName: 'web', appName: 'shop', tags: ['web', 'x'], assignedNodeGroup: 'g' })
    await engine.task({ taskName: 'hook', tags: ['webhook'], enabled: false, assignedNodeRole: 'r' })
    expect(await names(engine, { tag: ['web'] })).toEqual(['web'])
    expect(await names(engine, { tag: ['web', 'webhook'] })).toEqual(['hook', 'web'])
    expect(await names(engine, { app: ['shop'] })).toEqual(['web'])
    expect(await names(engine, { enabled: false })).toEqual(['hook'])
    expect(await names(engine, { group: ['g'] })).toEqual(['web'])
    expect(await names(engine, { role: ['r'] })).toEqual(['hook'])
    expect(await names(engine, { state: ['Never'] })).toEqual(['hook', 'web'])
    expect(await names(engine, { state: ['Failed', 'Running'] })).toEqual([])
  })

  it('are searched by letters, not by wildcards, in either case and any alphabet', async () => {
    const engine = await openEngineDatabase(open)
    for (const taskName of ['100% sure', '100 sure', 'a_b', 'axb', 'Ärger', 'back\\slash', 'Upper'])
      await engine.task({ taskName })
    expect(await names(engine, { search: '0%' })).toEqual(['100% sure'])
    expect(await names(engine, { search: 'a_b' })).toEqual(['a_b'])
    expect(await names(engine, { search: '\\s' })).toEqual(['back\\slash'])
    expect(await names(engine, { search: 'uPPER' })).toEqual(['Upper'])
    expect(await names(engine, { search: 'Ärger' })).toEqual(['Ärger'])
  })
})

describe.each(databases())('$name: lists of runs', ({ open }) => {
  const queue = (engine: EngineDatabase, taskId: string, at: string, fields: object = {}) =>
    engine.db.write({ actor: 'test' }, (tx) =>
      insertRun(
        tx,
        newRun(
          { taskId, taskName: `name of ${taskId}`, appName: '', priority: 0, version: 1 },
          {
            ...{ scheduleId: null, targetNodeId: null, triggeredBy: 'API' as const, now: at },
            ...{ scheduledFor: at, notBefore: at, ...fields },
          },
        ),
      ),
    )
  const list = (engine: EngineDatabase, filter: Partial<RunFilter>) =>
    listRuns(engine.db.read, { limit: 100, ...filter })

  it('go newest first to the end, without gaps or doubles, though many have one time', async () => {
    const engine = await openEngineDatabase(open)
    for (let index = 0; index < 50; index += 1)
      await queue(engine, 't', `2026-03-02T12:00:0${index % 4}.000Z`)
    for (const limit of [1, 3, 50]) {
      const listed = await allPages(limit, (page) => listRuns(engine.db.read, page))
      expect(new Set(listed.map((run) => run.historyId)).size).toBe(50)
      const sorted = [...listed].sort((a, b) =>
        a.sortTime < b.sortTime ? 1 : a.sortTime > b.sortTime ? -1 : 0,
      )
      expect(listed).toEqual(sorted)
    }
  })

  it('take from inclusive and to exclusive, several states, and texts with wildcards as letters', async () => {
    const engine = await openEngineDatabase(open)
    await queue(engine, 'one', '2026-03-02T12:00:00.000Z', { state: 'Failed', error: 'disk 100% full' })
    await queue(engine, 'two', '2026-03-02T13:00:00.000Z', { state: 'Success' })
    await queue(engine, 'two', '2026-03-02T14:00:00.000Z')
    const tasks = async (filter: Partial<RunFilter>) =>
      (await list(engine, filter)).items.map((run) => `${run.taskId} ${run.state}`)
    expect(await tasks({ from: '2026-03-02T12:00:00.000Z', to: '2026-03-02T14:00:00.000Z' })).toEqual([
      'two Success',
      'one Failed',
    ])
    expect(await tasks({ state: ['Failed', 'Queued'] })).toEqual(['two Queued', 'one Failed'])
    expect(await tasks({ task: ['two'] })).toEqual(['two Queued', 'two Success'])
    expect(await tasks({ search: '100% F' })).toEqual(['one Failed'])
    expect(await tasks({ search: '1_0' })).toEqual([])
    expect(await tasks({ search: 'NAME OF two' })).toEqual(['two Queued', 'two Success'])
  })

  it('find what began before a time and had not ended by then', async () => {
    const engine = await openEngineDatabase(open)
    const ended = (taskId: string, at: string, endTime: string | null) =>
      queue(engine, taskId, `2026-03-02T${at}:00.000Z`, {
        ...{ state: endTime === null ? 'Running' : 'Success', startTime: `2026-03-02T${at}:00.000Z` },
        endTime: endTime === null ? null : `2026-03-02T${endTime}:00.000Z`,
      })
    await ended('backup', '09:00', '12:00')
    await ended('short', '09:30', '09:31')
    await ended('endless', '03:00', null)
    await ended('later', '12:30', '12:31')
    const until = '2026-03-02T12:15:00.000Z'
    const filter = { to: until, endsAfter: '2026-03-02T11:00:00.000Z' }
    const tasks = async (part: Partial<RunFilter>) =>
      (await list(engine, part)).items.map(({ taskId }) => taskId)
    expect(await tasks(filter)).toEqual(['backup', 'endless'])
    expect(await tasks({ ...filter, search: 'endless' })).toEqual(['endless'])
    expect(await tasks({ ...filter, endsAfter: until })).toEqual(['endless'])
  })

  it('refuse a cursor that is not theirs', async () => {
    const engine = await openEngineDatabase(open)
    for (const cursor of ['nonsense', Buffer.from('[1]').toString('base64url')])
      await expect(async () => list(engine, { cursor })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        issues: [{ path: ['cursor'] }],
      })
  })
})
