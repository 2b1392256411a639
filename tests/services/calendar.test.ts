import { describe, expect, it } from 'vitest'
import { insertLock } from '../../src/main/data/repos/task-locks.ts'
import { insertRun } from '../../src/main/data/repos/runs.ts'
import { usualDurations } from '../../src/main/data/repos/usual-durations.ts'
import type { TaskRow } from '../../src/main/data/repos/tasks.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { newRun } from '../../src/main/services/engine/new-run.ts'
import { createCalendar } from '../../src/main/services/schedules/calendar.ts'
import {
  CALENDAR_ROWS,
  calendarInputSchema,
  calendarSchema,
  type Calendar,
} from '../../src/shared/domain/calendar.ts'
import { systemTimeZone } from '../../src/shared/domain/schedule.ts'
import type { FinalState } from '../../src/shared/domain/run.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { openEngineDatabase, type EngineDatabase } from '../support/engine-database.ts'

const MINUTE = 60_000
const NO_SLOT = { scheduleId: null, targetNodeId: null, triggeredBy: 'API' } as const
const DAY = '2026-03-02'

/** Runs of a task every five minutes before noon that took so long each. */
const ran = async ({ db, clock }: EngineDatabase, task: TaskRow, minutes: readonly number[]) => {
  for (const [i, took] of minutes.entries()) {
    const started = clock.now() - (i + 1) * 5 * MINUTE
    const [at, end] = [isoOf(started), isoOf(started + took * MINUTE)]
    const state: FinalState = took > 90 ? 'Failed' : 'Success'
    const run = newRun(task, { ...{ now: at, scheduledFor: at, notBefore: at }, ...NO_SLOT })
    await db.write({ actor: 'test' }, (tx) =>
      insertRun(tx, { ...run, state, startTime: at, sortTime: at, endTime: end, duration: took * MINUTE }),
    )
  }
}

const hourAt = ({ days }: Calendar, date: string, hour: number) =>
  days.find((day) => day.date === date)?.hours.find((one) => one.hour === hour)

// The clock of these databases stands at 2026-03-02T12:00:00Z.
describe.each(databases())('$name: the calendar', ({ open }) => {
  const opened = async (rows = CALENDAR_ROWS) => {
    const engine = await openEngineDatabase(open)
    const read = createCalendar({ ...engine, timeZone: 'UTC', rows })
    const calendar = async (input: Record<string, unknown> = {}): Promise<Calendar> => {
      const answer = await read(calendarInputSchema.parse({ from: DAY, ...input }))
      return calendarSchema.parse(answer)
    }
    return { ...engine, calendar, engine, read }
  }

  it('folds the slots of each hour, from now on, in the zone that is asked for', async () => {
    const { task, calendar } = await opened()
    await task({ taskName: 'Often', schedule: '*/5 * * * *' })
    await task({ taskName: 'Nightly', schedule: '30 2 * * *', timeZone: 'Europe/Berlin' })
    await task({ taskName: 'Off', schedule: '* * * * *', enabled: false })
    await task({ taskName: 'By hand', schedule: null })
    const utc = await calendar()
    expect(utc.days.map(({ date }) => date)[6]).toBe('2026-03-08')
    expect(hourAt(utc, DAY, 11)).toBeUndefined()
    expect(hourAt(utc, DAY, 12)).toMatchObject({ tasks: 1, runs: 11 })
    expect(hourAt(utc, '2026-03-03', 1)?.entries).toMatchObject([
      { taskName: 'Often', slots: 12, everySeconds: 300, where: { kind: 'any', nodes: 1 } },
      { taskName: 'Nightly', slots: 1, everySeconds: null, first: '2026-03-03T01:30:00.000Z' },
    ])
    const berlin = await calendar({ timeZone: 'Europe/Berlin', days: 2 })
    expect(berlin.days).toHaveLength(2)
    expect(hourAt(berlin, '2026-03-03', 2)?.entries.map(({ taskName }) => taskName)).toContain('Nightly')
  })

  it('shows the tasks of a node or one task, and what clashes with all of them', async () => {
    const { db, task, node, calendar } = await opened()
    await node({ nodeId: 'n2', nodeName: 'two', maxConcurrentTasks: 1 })
    await db.write({ actor: 'test' }, (tx) =>
      insertLock(tx, { lockId: 'l1', lockName: 'sap', maxConcurrent: 1, description: null, version: 1 }),
    )
    const limits = { locks: ['sap'] }
    const one = await task({ taskName: 'One', schedule: '0 3 * * *', assignedNodeId: 'n2' })
    await task({ taskName: 'Two', schedule: '0 3 * * *', assignedNodeId: 'n2', limits })
    await task({ taskName: 'Three', schedule: '0 3 * * *', assignedNodeId: TEST_NODE_ID, limits })
    await task({ taskName: 'Each', schedule: '0 4 * * *', runOn: 'All' })
    const all = hourAt(await calendar({ days: 2 }), '2026-03-03', 3)
    expect(all).toMatchObject({ tasks: 3, runs: 3, marked: 3 })
    const ofNode = await calendar({ days: 2, node: TEST_NODE_ID })
    expect(hourAt(ofNode, '2026-03-03', 3)?.entries).toMatchObject([
      { taskName: 'Three', marks: [{ kind: 'lock', lock: 'sap', due: 2, room: 1 }] },
    ])
    expect(hourAt(await calendar({ days: 2 }), '2026-03-03', 4)).toMatchObject({ tasks: 1, runs: 2 })
    const ofTask = await calendar({ days: 2, task: one.taskId })
    expect(hourAt(ofTask, '2026-03-03', 3)?.entries).toMatchObject([
      { taskName: 'One', marks: [{ kind: 'capacity', due: 2, room: 1, nodeIds: ['n2'] }] },
    ])
    expect(hourAt(ofTask, '2026-03-03', 4)).toBeUndefined()
  })

  it('has what is asked for, however many tasks are due before', async () => {
    const { task, node, calendar } = await opened(4)
    await node({ nodeId: 'n2', nodeName: 'two', maxConcurrentTasks: 1 })
    for (let n = 0; n < 5; n += 1)
      await task({ taskName: `Often ${n}`, schedule: '*/5 * * * *', assignedNodeId: TEST_NODE_ID })
    const late = await task({ taskName: 'Thursday', schedule: '0 3 * * 4', assignedNodeId: 'n2' })
    await task({ taskName: 'Each', schedule: '0 4 * * 4', runOn: 'All' })
    const capped = { capped: true, clashesCapped: true }
    const all = await calendar()
    expect(all).toMatchObject(capped)
    expect(hourAt(all, '2026-03-05', 3)).toMatchObject({ tasks: 4 })
    const ofTask = await calendar({ task: late.taskId })
    expect(ofTask).toMatchObject({ ...capped, capped: false })
    expect(ofTask.days.flatMap(({ hours }) => hours)).toHaveLength(1)
    expect(hourAt(ofTask, '2026-03-05', 3)?.entries).toMatchObject([{ taskName: 'Thursday', marks: [] }])
    const ofNode = await calendar({ node: 'n2' })
    expect(ofNode).toMatchObject({ ...capped, capped: false })
    expect(ofNode.days.flatMap(({ hours }) => hours.flatMap(({ entries }) => entries))).toMatchObject([
      { taskName: 'Thursday' },
      { taskName: 'Each', runs: 1, where: { kind: 'all', nodes: 2 } },
    ])
    expect((await calendar({ node: 'nowhere' })).days.flatMap(({ hours }) => hours)).toEqual([])
  })

  it('says which times are those of each node’s own zone', async () => {
    const { task, node, calendar } = await opened()
    await node({ nodeId: 'n2', nodeName: 'two' })
    await task({ taskName: 'Each', schedule: '0 4 * * *', runOn: 'All', timeZone: 'node' })
    const ofAll = (await calendar()).days.flatMap(({ hours }) => hours.flatMap(({ entries }) => entries))
    expect(ofAll[0]).toMatchObject({ taskName: 'Each', assumedZone: systemTimeZone() })
    const ofThis = await calendar({ node: TEST_NODE_ID })
    expect(ofThis.days.flatMap(({ hours }) => hours[0]?.entries ?? [])[0]).toMatchObject({
      assumedZone: null,
    })
  })

  it('is planned once for all who ask for the same at the same time', async () => {
    const { task, read } = await opened()
    await task({ taskName: 'Often', schedule: '*/5 * * * *' })
    const week = calendarInputSchema.parse({ from: DAY })
    const [one, same, other] = await Promise.all([read(week), read({ ...week }), read({ ...week, days: 1 })])
    expect(one).toBe(same)
    expect(other.days).toHaveLength(1)
    expect(await read(week)).not.toBe(one)
  })

  it('says what becomes of slots that come while a run usually still goes on', async () => {
    const { db, engine, task, calendar } = await opened()
    const slow = await task({ taskName: 'Slow', schedule: '*/5 * * * *', overlapPolicy: 'Skip' })
    const quick = await task({ taskName: 'Quick', schedule: '*/5 * * * *' })
    // One that failed after hours says nothing of how long it takes.
    await ran(engine, slow, [7, 7, 7, 6, 7, 7, 8, 7, 120])
    await ran(engine, quick, [1, 1, 2, 1, 1, 1])
    const since = isoOf(engine.clock.now() - 60 * MINUTE)
    const usual = await usualDurations(db.read, [slow.taskId, quick.taskId], since)
    expect(usual.find(({ taskId }) => taskId === slow.taskId)).toMatchObject({
      duration: 8 * MINUTE,
      runs: 8,
    })
    const entries = hourAt(await calendar({ days: 1 }), DAY, 14)?.entries
    expect(entries).toMatchObject([
      {
        taskName: 'Quick',
        marks: [],
      },
      {
        taskName: 'Slow',
        marks: [{ kind: 'overlap', policy: 'Skip', usualMs: 8 * MINUTE, measured: 8, skipped: 6 }],
      },
    ])
  })
})
