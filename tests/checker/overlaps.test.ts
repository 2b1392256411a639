import { describe, expect, it } from 'vitest'
import { check } from '../support/checker/check.ts'
import type { CheckedRun, Facts } from '../support/checker/facts.ts'
import {
  FIRST,
  SECOND,
  LEASE_MS,
  T0,
  faultOf,
  good,
  lostAndRepeated,
  problemsOf,
  run,
  span,
  task,
} from './history.ts'

/** What the checker says of scripts that were alive at once: excepted by name, or wrong. */

describe('the checker of overlaps', () => {
  it('complains of a slot that runs twice at once without a fault that explains it', () => {
    const told = 'task ran twice at once for 1000 ms'
    expect(check(lostAndRepeated())).toEqual({ problems: [expect.stringContaining(told)], exceptions: [] })
    for (const faults of [
      [faultOf('kill -9')],
      [faultOf('clock moved')],
      [faultOf('cut', { node: 'n2' })],
      // Over before the last renewal, and not begun when the lease ended.
      [faultOf('cut', { from: T0 - 6_000, to: T0 - 3_600 })],
      [faultOf('cut', { from: T0 + 600, to: T0 + 5_000 })],
    ])
      expect(problemsOf(lostAndRepeated({ faults })), JSON.stringify(faults)).toHaveLength(1)
  })

  it('names one under Finish after its fault, and takes none under Kill', () => {
    for (const [kind, name] of [
      ['cut', 'partition (cut)'],
      ['half-open', 'partition (half-open)'],
      ['machine suspended', 'machine suspended'],
      ['node suspended', 'node suspended'],
    ] as const) {
      const faults = [faultOf(kind)]
      const { problems, exceptions } = check(lostAndRepeated({ faults }))
      expect(problems).toEqual([])
      expect(exceptions.map((one) => one.kind)).toEqual([name])
      expect(exceptions[0]?.text).toMatch(/twice at once.*OnLeaseLost Finish, n1: /)
    }
    const restart = [faultOf('database restart', { node: null })]
    expect(check(lostAndRepeated({ faults: restart })).exceptions).toMatchObject([
      { kind: 'partition (database restart)' },
    ])
    const tasks = [task({ onLeaseLost: 'Kill' })]
    expect(problemsOf(lostAndRepeated({ faults: [faultOf('cut')], tasks }))).toHaveLength(1)
    const stoodStill = lostAndRepeated({ faults: [faultOf('machine suspended')], tasks })
    expect(check(stoodStill)).toMatchObject({ problems: [], exceptions: [{ kind: 'machine suspended' }] })
    const early = lostAndRepeated({ faults: [faultOf('machine suspended', { to: T0 - 1_000 })], tasks })
    expect(problemsOf(early)).toHaveLength(1)
  })

  it('judges by the last fault before the lease ended', () => {
    const before = faultOf('cut', { from: T0 - 6_000, to: T0 - 3_000 })
    const kill = faultOf('kill -9', { from: T0 - 1_000, to: T0 + 2_000 })
    expect(problemsOf(lostAndRepeated({ faults: [before, kill] }))).toHaveLength(1)
    expect(problemsOf(lostAndRepeated({ faults: [kill, faultOf('cut', { from: T0 })] }))).toEqual([])
  })

  it('takes no overlap by a script that a later fault had to end', () => {
    const alive = { seenAt: T0 + 8_000, endedAt: T0 + 8_000 }
    const cut = faultOf('cut')
    expect(problemsOf(lostAndRepeated({ faults: [cut] }, alive))).toEqual([])
    const kill = faultOf('kill -9', { from: T0 + 3_000, to: T0 + 9_000 })
    expect(problemsOf(lostAndRepeated({ faults: [cut, kill] }, alive))).toHaveLength(1)
  })

  it('takes no overlap that began before the lease ended, nor one of a run its own node gave up', () => {
    const faults = [faultOf('cut')]
    const change = (error: string): Facts => {
      const facts = lostAndRepeated({ faults })
      return { ...facts, runs: facts.runs.map((one) => (one.state === 'Lost' ? { ...one, error } : one)) }
    }
    expect(problemsOf(change(`its node did not renew the lease, which ended at ${SECOND}`))).toHaveLength(1)
    expect(problemsOf(change('the node ended while the script ran'))).toHaveLength(1)
  })

  it('takes no overlap of two runs that both count', () => {
    const facts = lostAndRepeated({ faults: [faultOf('cut')] })
    const runs = facts.runs.map((one) => (one.state === 'Lost' ? { ...one, state: 'Failed' as const } : one))
    expect(problemsOf({ ...facts, runs }).length).toBeGreaterThan(0)
  })

  it('complains of a lock group that two tasks hold at once, and names it where one is cut off', () => {
    const tasks = [
      task({ locks: ['storage', 'a'], rows: [] }),
      task({ taskId: 'u', taskName: 'other', locks: ['storage', 'b'], rows: [] }),
      task({ taskId: 'v', taskName: 'third', rows: [] }),
    ]
    const lost = lostAndRepeated().runs[0]
    if (!lost) throw new Error('there are four')
    const of = (one: CheckedRun, ...others: CheckedRun[]): Facts => ({
      ...{ tasks, runs: [one, ...others], faults: [], leaseMs: LEASE_MS },
      spans: [span(one), ...others.map((other) => span(other, 1))],
    })
    const asked = { scheduleId: null }
    const one = run(FIRST, asked)
    const other = run(FIRST, { ...asked, taskId: 'u', historyId: 'other' })
    const third = run(FIRST, { ...asked, taskId: 'v', historyId: 'third' })
    expect(problemsOf(of(one, third))).toEqual([])
    expect(problemsOf(of(one, other, third))).toEqual([
      expect.stringMatching(/^lock storage was held twice at once, by task and other, for 1000 ms/),
    ])
    const cutOff = { ...of({ ...lost, ...asked }, other), faults: [faultOf('cut')] }
    expect(check({ ...cutOff, tasks: tasks.map((each) => ({ ...each, maxRetries: 0 })) })).toMatchObject({
      problems: [],
      exceptions: [{ kind: 'partition (cut)' }],
    })
  })

  it('complains of slots of one task at once under Skip and Queue, and of more than its limit', () => {
    const facts = good()
    const spans = facts.spans.map((one) => ({
      ...one,
      startedAt: T0,
      seenAt: T0 + 60_000,
      endedAt: T0 + 60_000,
    }))
    expect(problemsOf({ ...facts, spans })).toEqual([])
    const serial = [task({ overlapPolicy: 'Queue' })]
    expect(
      problemsOf({
        ...facts,
        spans: spans.map((one, at) => ({ ...one, startedAt: T0 + at })),
        tasks: serial,
      }),
    ).toHaveLength(3)
    expect(problemsOf({ ...facts, spans, tasks: [task({ maxConcurrent: 2 })] })[0]).toContain(
      'had more than 2 runs',
    )
  })
})
