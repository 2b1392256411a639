import { describe, expect, it } from 'vitest'
import {
  parseSchedule,
  planDue,
  type DueInput,
  type MisfirePolicy,
  type ScheduleSpec,
} from '../../src/shared/domain/schedule.ts'

const HOUR = 3_600_000
const at = (text: string): number => Date.parse(text)

/** Hourly in UTC, due since 01:00, looked at with a tolerance of 10 s and a window of 24 h. */
const plan = (
  now: string,
  misfirePolicy: MisfirePolicy,
  changes: Partial<DueInput> = {},
  spec: ScheduleSpec = '0 * * * *',
) =>
  planDue({
    schedule: parseSchedule(spec, 'UTC'),
    nextRun: at('2026-01-01T01:00Z'),
    now: at(now),
    misfirePolicy,
    misfireWindowSeconds: 86_400,
    toleranceMs: 10_000,
    ...changes,
  })

const hours = (runs: { at: number }[]): number[] =>
  runs.map((run) => (run.at - at('2026-01-01T00:00Z')) / HOUR)

describe.each(['Skip', 'Last', 'All'] as const)('whatever the policy (%s)', (policy) => {
  it('runs a slot that is on time, up to the tolerance', () => {
    const onTime = { run: [{ at: at('2026-01-01T01:00Z'), catchUp: false }], skipped: null }
    expect(plan('2026-01-01T01:00:00Z', policy)).toEqual({ ...onTime, nextRun: at('2026-01-01T02:00Z') })
    expect(plan('2026-01-01T01:00:10Z', policy)).toMatchObject(onTime)
  })

  it('runs every slot within the tolerance, oldest first', () => {
    const { run, skipped } = plan('2026-01-01T01:00:04Z', policy, {}, '*/2 * * * * *')
    expect(run.map((slot) => slot.at - at('2026-01-01T01:00Z'))).toEqual([0, 2000, 4000])
    expect(run.every((slot) => !slot.catchUp)).toBe(true)
    expect(skipped).toBeNull()
  })

  it('does nothing before its time, and does not go back when the clock was set back', () => {
    expect(plan('2026-01-01T00:10Z', policy)).toEqual({
      run: [],
      skipped: null,
      nextRun: at('2026-01-01T01:00Z'),
    })
  })

  it('has no next run after the end', () => {
    const spec: ScheduleSpec = { type: 'once', at: '2026-01-01T01:00Z' }
    expect(plan('2026-01-01T01:00:01Z', policy, {}, spec)).toMatchObject({
      run: [{ catchUp: false }],
      nextRun: null,
    })
  })

  it('ignores a stored next run that is no slot of the schedule any more', () => {
    const nextRun = at('2026-01-01T00:30Z')
    expect(plan('2026-01-01T00:45Z', policy, { nextRun })).toEqual({
      run: [],
      skipped: null,
      nextRun: at('2026-01-01T01:00Z'),
    })
  })
})

describe('Skip', () => {
  it('folds all misfires into one span', () => {
    expect(plan('2026-01-01T05:30Z', 'Skip')).toEqual({
      run: [],
      skipped: {
        firstAt: at('2026-01-01T01:00Z'),
        lastAt: at('2026-01-01T05:00Z'),
        count: 5,
        atLeast: false,
      },
      nextRun: at('2026-01-01T06:00Z'),
    })
  })

  it('still runs the slot on time after a pause', () => {
    const { run, skipped } = plan('2026-01-01T05:00:03Z', 'Skip')
    expect(run).toEqual([{ at: at('2026-01-01T05:00Z'), catchUp: false }])
    expect(skipped).toMatchObject({ lastAt: at('2026-01-01T04:00Z'), count: 4 })
  })
})

describe('Last', () => {
  it('catches up on the newest misfire and skips those before', () => {
    const { run, skipped } = plan('2026-01-01T05:30Z', 'Last')
    expect(run).toEqual([{ at: at('2026-01-01T05:00Z'), catchUp: true }])
    expect(skipped).toEqual({
      firstAt: at('2026-01-01T01:00Z'),
      lastAt: at('2026-01-01T04:00Z'),
      count: 4,
      atLeast: false,
    })
  })

  it('skips nothing when only one was missed', () => {
    expect(plan('2026-01-01T01:30Z', 'Last')).toMatchObject({ run: [{ catchUp: true }], skipped: null })
  })

  it('does not catch up when a slot is on time anyway', () => {
    const { run, skipped } = plan('2026-01-01T03:00:05Z', 'Last')
    expect(run).toEqual([{ at: at('2026-01-01T03:00Z'), catchUp: false }])
    expect(skipped).toMatchObject({ count: 2 })
  })

  it('does not catch up on what is older than the window', () => {
    const { run, skipped } = plan('2026-01-01T01:10Z', 'Last', { misfireWindowSeconds: 300 })
    expect(run).toEqual([])
    expect(skipped).toMatchObject({ count: 1 })
  })

  it('counts the window from now, its edge included', () => {
    expect(plan('2026-01-01T01:05Z', 'Last', { misfireWindowSeconds: 300 }).run).toHaveLength(1)
    expect(plan('2026-01-01T01:05:00.001Z', 'Last', { misfireWindowSeconds: 300 }).run).toHaveLength(0)
  })

  it('costs little for a task of every second after a month of sleep', () => {
    const { run, skipped, nextRun } = plan('2026-01-31T01:00:00Z', 'Last', { toleranceMs: 0 }, '* * * * * *')
    expect(run).toHaveLength(1)
    expect(skipped?.count).toBe(30 * 86_400)
    expect(nextRun).toBe(at('2026-01-31T01:00:01Z'))
  })
})

describe('All', () => {
  it('catches up on every misfire within the window, oldest first', () => {
    const { run, skipped } = plan('2026-01-01T05:30Z', 'All')
    expect(hours(run)).toEqual([1, 2, 3, 4, 5])
    expect(run.every((slot) => slot.catchUp)).toBe(true)
    expect(skipped).toBeNull()
  })

  it('skips those older than the window', () => {
    const { run, skipped } = plan('2026-01-01T05:30Z', 'All', { misfireWindowSeconds: 2 * 3600 })
    expect(hours(run)).toEqual([4, 5])
    expect(skipped).toMatchObject({ lastAt: at('2026-01-01T03:00Z'), count: 3 })
  })

  it('catches up on the newest hundred at most, besides those on time', () => {
    const { run, skipped } = plan('2026-01-01T03:00Z', 'All', { toleranceMs: 0 }, '* * * * *')
    expect(run).toHaveLength(101)
    expect(run.filter((slot) => slot.catchUp)).toHaveLength(100)
    expect(run.at(-1)).toEqual({ at: at('2026-01-01T03:00Z'), catchUp: false })
    expect(skipped).toMatchObject({ count: 20, lastAt: at('2026-01-01T01:19Z') })
  })

  it('knows no slots in a blackout', () => {
    const blackouts = [{ from: '2026-01-01T02:00Z', to: '2026-01-01T04:30Z' }]
    const { run, skipped } = plan(
      '2026-01-01T06:30Z',
      'All',
      {},
      { type: 'cron', cron: '0 * * * *', blackouts },
    )
    expect(hours(run)).toEqual([1, 5, 6])
    expect(skipped).toBeNull()
  })
})
