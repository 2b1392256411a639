import { groupBy } from '../../../src/shared/domain/group-by.ts'
import {
  slotOf,
  type CheckedRun,
  type CheckedTask,
  type Facts,
  type Fault,
  type Findings,
  type Span,
} from './facts.ts'

/** No slot runs twice at once, nor more of a task than its policies let run. */

/** A script whose machine stood still goes on when that goes on, until somebody looks: so long at most. */
const KILLED_AFTER_RESUME_MS = 2_500
/** A node is cut off a little longer than its connection is: until it has one again, and until its runs end. */
const AFTERMATH_MS = 15_000

interface Ran {
  run: CheckedRun
  span: Span
}

export const checkOverlaps = (facts: Facts): Findings => {
  const findings: Findings = { problems: [], exceptions: [] }
  const spans = new Map(facts.spans.map((span) => [span.historyId, span]))
  const ran = facts.runs.flatMap((run): Ran[] => {
    const span = spans.get(run.historyId)
    return span ? [{ run, span }] : []
  })
  const byTask = groupBy(ran, ({ run }) => run.taskId)
  for (const task of facts.tasks) {
    const all = byTask.get(task.taskId) ?? []
    const told = pairsAtOnce(task, all).map((pair) => judge(task, pair, facts.faults))
    for (const { text, isExcepted } of told) findings[isExcepted ? 'exceptions' : 'problems'].push(text)
    findings.problems.push(...overLimit(task, all, facts.faults))
  }
  return findings
}

/** Where several runs of a task may be at once, only those of the same slot are compared. */
const pairsAtOnce = (task: CheckedTask, all: readonly Ran[]): [Ran, Ran][] => {
  const key = ({ run }: Ran): string =>
    task.overlapPolicy === 'Parallel' ? slotOf(run) : `${run.taskId} ${run.targetNodeId ?? ''}`
  return [...groupBy(all, key).values()].flatMap((group) => {
    const sorted = group.toSorted((one, other) => one.span.startedAt - other.span.startedAt)
    return sorted.flatMap((one, index) =>
      sorted
        .slice(index + 1)
        .filter((later) => later.span.startedAt < one.span.seenAt)
        .map((later): [Ran, Ran] => [one, later]),
    )
  })
}

const judge = (task: CheckedTask, [one, later]: [Ran, Ran], faults: readonly Fault[]) => {
  const from = later.span.startedAt
  const ms = Math.round(Math.min(one.span.seenAt, later.span.seenAt) - from)
  const cause = one.run.state === 'Lost' ? causeOf(task, one.span, from, faults) : undefined
  const text =
    `${task.taskName} ran twice at once for ${ms} ms: slot ${one.run.scheduledFor} attempt ${one.run.attempt} on ` +
    `${one.span.node} (${one.run.state}) and slot ${later.run.scheduledFor} attempt ${later.run.attempt} on ` +
    `${later.span.node} (${later.run.state})`
  return cause
    ? { text: `${text}; OnLeaseLost ${task.onLeaseLost}, ${cause}`, isExcepted: true }
    : { text, isExcepted: false }
}

/** The fault by which a run may still be alive though it is declared Lost; undefined: none, or it had to be dead. */
const causeOf = (task: CheckedTask, span: Span, at: number, faults: readonly Fault[]): string | undefined => {
  const of = faults.filter(
    (fault) =>
      (fault.node === null || fault.node === span.node) && fault.from < at && at < fault.to + AFTERMATH_MS,
  )
  // The latest: what came before it was over.
  const latest = of.toSorted((one, other) => other.from - one.from)
  const found = latest.find((fault) =>
    task.onLeaseLost === 'Finish'
      ? ['cut', 'half-open', 'node suspended', 'machine suspended', 'database restart'].includes(fault.kind)
      : fault.kind === 'machine suspended' && span.seenAt <= fault.to + KILLED_AFTER_RESUME_MS,
  )
  return found && `${span.node}: ${found.kind}`
}

/** More at once than `limits.maxConcurrent`; lost ones of nodes that were cut off do not count. */
const overLimit = (task: CheckedTask, all: readonly Ran[], faults: readonly Fault[]): string[] => {
  const { maxConcurrent, taskName } = task
  if (maxConcurrent === null) return []
  const counted = all.filter(
    ({ run, span }) => !(run.state === 'Lost' && causeOf(task, span, span.seenAt, faults) !== undefined),
  )
  const over = counted.filter(({ span: { startedAt } }) => {
    const at = counted.filter(({ span }) => span.startedAt <= startedAt && startedAt < span.seenAt)
    return at.length > maxConcurrent
  })
  return over.map(
    ({ span }) =>
      `${taskName} had more than ${maxConcurrent} runs at ${new Date(span.startedAt).toISOString()}`,
  )
}
