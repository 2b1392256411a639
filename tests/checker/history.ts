import { check } from '../support/checker/check.ts'
import type { CheckedRun, CheckedTask, Facts, Fault, FaultKind, Span } from '../support/checker/facts.ts'

/** Histories for the tests of the checker: a good one, and pieces of bad ones. */

export const T0 = Date.parse('2026-03-02T12:00:00.000Z')
export const SLOTS = [0, 10, 20].map((seconds) => new Date(T0 + seconds * 1000).toISOString())
export const LEASE_MS = 4_000
export const [FIRST = '', SECOND = '', THIRD = ''] = SLOTS

export const task = (more: Partial<CheckedTask> = {}): CheckedTask => ({
  taskId: 't',
  taskName: 'task',
  overlapPolicy: 'Parallel',
  misfirePolicy: 'All',
  maxRetries: 1,
  onLeaseLost: 'Finish',
  maxConcurrent: null,
  locks: [],
  rows: [{ scheduleId: 's', slots: SLOTS }],
  ...more,
})

export const run = (scheduledFor: string, more: Partial<CheckedRun> = {}): CheckedRun => ({
  historyId: `${scheduledFor}/${more.attempt ?? 1}`,
  taskId: 't',
  scheduleId: 's',
  scheduledFor,
  attempt: 1,
  state: 'Success',
  nodeId: 'n',
  targetNodeId: null,
  startTime: scheduledFor,
  endTime: scheduledFor,
  leaseUntil: null,
  stopRequestedAt: null,
  skippedCount: null,
  error: null,
  ...more,
})

/** A script that ran for two seconds, beginning `after` seconds after its slot. */
export const span = ({ historyId, scheduledFor }: CheckedRun, after = 0, more: Partial<Span> = {}): Span => {
  const startedAt = Date.parse(scheduledFor) + after * 1000
  const endedAt = startedAt + 2_000
  return { historyId, node: 'n1', pid: 1, startedAt, endedAt, exitCode: 0, seenAt: endedAt, ...more }
}

export const good = (): Facts & { runs: CheckedRun[]; spans: Span[] } => {
  const runs = SLOTS.map((slot) => run(slot))
  return { tasks: [task()], runs, spans: runs.map((one) => span(one)), faults: [], leaseMs: LEASE_MS }
}

/** The lease of the first ended half a second after its start, the retry began half a second later. */
export const lostAndRepeated = (more: Partial<Facts> = {}, first: Partial<Span> = {}): Facts => {
  const leaseEnd = new Date(T0 + 500).toISOString()
  const error = `its node did not renew the lease, which ended at ${leaseEnd}; late result: Success`
  const lost = run(FIRST, { state: 'Lost', error })
  const again = run(FIRST, { attempt: 2 })
  const { runs, spans, ...rest } = good()
  return {
    ...rest,
    runs: [lost, again, ...runs.slice(1)],
    spans: [span(lost, 0, first), span(again, 1), ...spans.slice(1)],
    ...more,
  }
}

export const faultOf = (kind: FaultKind, more: Partial<Fault> = {}): Fault => ({
  ...{ kind, node: 'n1', from: T0 - 3_000, to: T0 + 500 },
  ...more,
})

export const problemsOf = (facts: Facts): string[] => check(facts).problems
