import { groupBy } from '../../../src/shared/domain/group-by.ts'
import { causeOf, type Ran } from './causes.ts'
import { slotOf, type Facts, type Findings } from './facts.ts'

/** No slot runs twice at once, nor more of a task or of a lock group than may. */

type Pair = [earlier: Ran, later: Ran]

export const checkOverlaps = (facts: Facts): Findings => {
  const findings: Findings = { problems: [], exceptions: [] }
  const ran = ranOf(facts)
  const judge = (pairs: readonly Pair[], nameOf: (pair: Pair) => string): void => {
    for (const pair of pairs) {
      const [one, later] = pair
      const kind = causeOf(one, facts, later.span.startedAt)
      const text = `${nameOf(pair)} ${wordsOf(pair)}`
      if (kind === undefined) findings.problems.push(text)
      else
        findings.exceptions.push({
          kind,
          text: `${text}; OnLeaseLost ${one.task.onLeaseLost}, ${one.span.node}: ${kind}`,
        })
    }
  }
  for (const own of groupBy(ran, ({ task }) => task.taskId).values()) {
    judge(ofOneTask(own), ([{ task }]) => `${task.taskName} ran twice at once`)
    findings.problems.push(...overLimit(own, facts))
  }
  for (const lock of new Set(facts.tasks.flatMap(({ locks }) => locks)))
    judge(
      atOnce(ran.filter(({ task }) => task.locks.includes(lock))),
      (pair) =>
        `lock ${lock} was held twice at once, by ${pair.map(({ task }) => task.taskName).join(' and ')},`,
    )
  return findings
}

const ranOf = ({ tasks, runs, spans }: Facts): Ran[] => {
  const taskBy = new Map(tasks.map((task) => [task.taskId, task]))
  const spanBy = new Map(spans.map((span) => [span.historyId, span]))
  return runs.flatMap((run): Ran[] => {
    const [task, span] = [taskBy.get(run.taskId), spanBy.get(run.historyId)]
    return task && span ? [{ task, run, span }] : []
  })
}

/** Where several runs of a task may be at once, only those of the same slot are compared. */
const ofOneTask = (own: readonly Ran[]): Pair[] => {
  const key = ({ task, run }: Ran): string =>
    task.overlapPolicy === 'Parallel' ? slotOf(run) : (run.targetNodeId ?? '')
  return [...groupBy(own, key).values()].flatMap(atOnce)
}

const atOnce = (group: readonly Ran[]): Pair[] => {
  const sorted = group.toSorted((one, other) => one.span.startedAt - other.span.startedAt)
  return sorted.flatMap((one, index) =>
    sorted
      .slice(index + 1)
      .filter((later) => later.span.startedAt < one.span.seenAt)
      .map((later): Pair => [one, later]),
  )
}

const wordsOf = ([one, later]: Pair): string => {
  const ms = Math.round(Math.min(one.span.seenAt, later.span.seenAt) - later.span.startedAt)
  const of = ({ run, span }: Ran): string =>
    `slot ${run.scheduledFor} attempt ${run.attempt} on ${span.node} (${run.state})`
  return `for ${ms} ms: ${of(one)} and ${of(later)}`
}

/** More at once than `limits.maxConcurrent`; lost ones that may be alive do not count. */
const overLimit = (own: readonly Ran[], facts: Facts): string[] => {
  const { maxConcurrent = null, taskName } = own[0]?.task ?? {}
  if (maxConcurrent === null) return []
  const counted = own.filter((ran) => causeOf(ran, facts) === undefined)
  const over = counted.filter(({ span: { startedAt } }) => {
    const at = counted.filter(({ span }) => span.startedAt <= startedAt && startedAt < span.seenAt)
    return at.length > maxConcurrent
  })
  return over.map(
    ({ span }) =>
      `${taskName} had more than ${maxConcurrent} runs at ${new Date(span.startedAt).toISOString()}`,
  )
}
