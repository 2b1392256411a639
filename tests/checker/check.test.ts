import { describe, expect, it } from 'vitest'
import { check, totalsOf } from '../support/checker/check.ts'
import type { CheckedTask, Facts } from '../support/checker/facts.ts'
import { FIRST, SECOND, THIRD, T0, good, problemsOf, run, span, task } from './history.ts'

/** The checker sees what a cluster must not do: each bad history is fed to it, and it complains of just that. */

describe('the checker', () => {
  it('finds nothing in a history where each slot ran once', () => {
    expect(check(good())).toEqual({ problems: [], exceptions: [] })
    expect(totalsOf(good())).toEqual({
      ...{ slots: 3, runs: 3, states: { Success: 3 }, skipped: 0, retries: 0, lateResults: 0 },
    })
  })

  it('complains of a slot without a run', () => {
    const facts = good()
    expect(problemsOf({ ...facts, runs: facts.runs.slice(1), spans: facts.spans.slice(1) })).toEqual([
      `task: 1 slots of row s had no run and 0 are on record as skipped: ${FIRST}`,
    ])
  })

  it('takes a skip that is on record, where the policy allows it', () => {
    const facts = good()
    const skipped = run(FIRST, {
      state: 'Skipped',
      skippedCount: 1,
      error: 'missed while this node was away',
    })
    const with_ = (tasks: CheckedTask[]): Facts => ({
      ...facts,
      tasks,
      runs: [skipped, ...facts.runs.slice(1)],
      spans: facts.spans.slice(1),
    })
    expect(problemsOf(with_([task({ misfirePolicy: 'Last' })]))).toEqual([])
    expect(problemsOf(with_([task()]))).toEqual([expect.stringContaining('skipped under misfire All')])
  })

  it('complains of a skip for an overlap that the policy allows, and of one that counts too many', () => {
    const facts = good()
    const skipped = run(FIRST, { state: 'Skipped', skippedCount: 2, error: 'run x had not ended' })
    expect(
      problemsOf({ ...facts, runs: [skipped, ...facts.runs.slice(1)], spans: facts.spans.slice(1) }),
    ).toEqual([
      expect.stringContaining('skipped for another run'),
      expect.stringContaining('1 slots of row s had no run and 2 are'),
    ])
  })

  it('complains of a slot that was never due, of one made twice, and of rows nobody made', () => {
    const facts = good()
    const [one] = facts.runs
    if (!one) throw new Error('there are three')
    const extra = [
      run('2026-03-02T13:00:00.000Z'),
      { ...one, historyId: 'again' },
      run(SECOND, { scheduleId: 'other', historyId: 'stray' }),
    ]
    const spans = extra.map((more) => span(more, 5))
    expect(
      problemsOf({ ...facts, runs: [...facts.runs, ...extra], spans: [...facts.spans, ...spans] }),
    ).toEqual(
      expect.arrayContaining([
        expect.stringContaining('attempts 1, 1 are not consecutive'),
        expect.stringContaining('2 attempts succeeded'),
        expect.stringContaining('ran and was never due'),
        expect.stringContaining('1 slots were made twice'),
        expect.stringContaining('schedule row other'),
      ]),
    )
  })

  it('complains of a run that has not ended, and of an ended one that has a lease', () => {
    const facts = good()
    const runs = [run(FIRST, { state: 'Running' }), run(SECOND, { leaseUntil: THIRD }), run(THIRD)]
    expect(problemsOf({ ...facts, runs })).toEqual([
      `run ${FIRST}/1 is still Running`,
      `run ${SECOND}/1 ended and still has a lease`,
    ])
  })

  it('complains of a retry that is owed, one too many, and one after a success', () => {
    const facts = good()
    const failed = run(FIRST, { state: 'Failed' })
    const bad = span(failed, 0, { exitCode: 1 })
    const after = facts.runs.slice(1)
    const spans = facts.spans.slice(1)
    expect(problemsOf({ ...facts, runs: [failed, ...after], spans: [bad, ...spans] })).toEqual([
      expect.stringContaining('ended as Failed and was not tried again'),
    ])
    const stopped = { ...failed, stopRequestedAt: SECOND }
    expect(problemsOf({ ...facts, runs: [stopped, ...after], spans: [bad, ...spans] })).toEqual([])
    const three = [run(FIRST), run(FIRST, { attempt: 2 }), run(FIRST, { attempt: 3 })]
    const spansOf = three.map((one, index) => span(one, index * 3))
    expect(problemsOf({ ...facts, runs: [...three, ...after], spans: [...spansOf, ...spans] })).toEqual(
      expect.arrayContaining([
        expect.stringContaining('tried again though it ended as Success'),
        expect.stringContaining('attempt 3 is one too many'),
      ]),
    )
  })

  it('complains of a gap in the attempts', () => {
    const facts = good()
    const runs = [run(FIRST, { state: 'Lost' }), run(FIRST, { attempt: 3 }), ...facts.runs.slice(1)]
    const spans = [span(run(FIRST, { attempt: 3 }), 5), ...facts.spans.slice(1)]
    expect(problemsOf({ ...facts, tasks: [task({ maxRetries: 5 })], runs, spans })).toEqual([
      expect.stringContaining('attempts 1, 3 are not consecutive'),
    ])
  })

  it('complains of a success whose script did not end well, and of a script nobody knows of', () => {
    const facts = good()
    const [one, two, three] = facts.spans
    if (!one || !two || !three) throw new Error('there are three')
    const killed = { ...two, endedAt: null, exitCode: null }
    const stray = { ...one, historyId: 'nobody', pid: 2 }
    expect(problemsOf({ ...facts, spans: [killed, { ...three, exitCode: 3 }, stray] })).toEqual([
      'run nobody has started a script and is not in the history',
      `run ${FIRST}/1 (Success): its script was never started`,
      `run ${SECOND}/1 (Success): its script never ended by itself`,
      `run ${THIRD}/1 (Success): its script ended with code 3`,
    ])
  })

  it('names a failure whose script ended well, where its supervisor was killed in that moment', () => {
    const facts = good()
    const [one, ...others] = facts.runs
    if (!one) throw new Error('there are three')
    const error = 'the supervisor was ended by SIGKILL while the script ran'
    const runs = [{ ...one, state: 'Failed' as const, error }, ...others]
    const tasks = [task({ maxRetries: 0 })]
    expect(check({ ...facts, tasks, runs }).problems).toEqual([expect.stringContaining('ended with code 0')])
    const faults = [{ kind: 'supervisor killed' as const, node: 'n1', from: T0 + 2_100, to: T0 + 2_100 }]
    expect(check({ ...facts, tasks, runs, faults })).toEqual({
      problems: [],
      exceptions: [
        {
          kind: 'supervisor killed as its script ended',
          text: expect.stringContaining('ended with code 0') as string,
        },
      ],
    })
  })

  it('complains of a script started twice for one run', () => {
    const facts = good()
    const again = facts.spans.map((one) => ({ ...one, pid: 2, startedAt: one.startedAt + 5_000 }))
    expect(problemsOf({ ...facts, spans: [...facts.spans, ...again.slice(0, 1)] })).toContain(
      `run ${FIRST}/1 (Success): its script was started 2 times`,
    )
  })
})
