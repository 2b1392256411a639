import { groupBy } from '../../../src/shared/domain/group-by.ts'
import { FINAL, slotOf, type CheckedRun, type CheckedTask, type Facts } from './facts.ts'

/** Every run ended; the attempts of a slot follow each other, one succeeds at most, and none that is owed is missing. */
export const checkAttempts = ({ tasks, runs }: Facts): string[] => {
  const byId = new Map(tasks.map((task) => [task.taskId, task]))
  const slots = groupBy(
    runs.filter(({ state }) => state !== 'Skipped'),
    slotOf,
  )
  return [
    ...runs.flatMap(unended),
    ...[...slots].flatMap(([slot, attempts]) => {
      const [first] = attempts
      const task = first && byId.get(first.taskId)
      const name = `${task?.taskName ?? 'an unknown task'}, slot ${slot}`
      return attemptsOf(
        attempts.toSorted((one, other) => one.attempt - other.attempt),
        task,
      ).map((problem) => `${name}: ${problem}`)
    }),
  ]
}

const unended = ({ historyId, state, leaseUntil }: CheckedRun): string[] => [
  ...(FINAL.has(state) ? [] : [`run ${historyId} is still ${state}`]),
  ...(FINAL.has(state) && leaseUntil !== null ? [`run ${historyId} ended and still has a lease`] : []),
]

const attemptsOf = (attempts: readonly CheckedRun[], task: CheckedTask | undefined): string[] => {
  const problems: string[] = []
  const numbers = attempts.map(({ attempt }) => attempt)
  if (numbers.some((number, index) => number !== index + 1))
    problems.push(`attempts ${numbers.join(', ')} are not consecutive`)
  const successes = attempts.filter(({ state }) => state === 'Success')
  if (successes.length > 1) problems.push(`${successes.length} attempts succeeded`)
  for (const { attempt, state } of attempts.slice(0, -1))
    if (FINAL.has(state) && !isTriedAgain(state))
      problems.push(`attempt ${attempt} was tried again though it ended as ${state}`)
  const last = attempts.at(-1)
  if (task && last) {
    if (last.attempt > task.maxRetries + 1) problems.push(`attempt ${last.attempt} is one too many`)
    if (isTriedAgain(last.state) && last.attempt <= task.maxRetries && last.stopRequestedAt === null)
      problems.push(`attempt ${last.attempt} ended as ${last.state} and was not tried again`)
  }
  return problems
}

const isTriedAgain = (state: string): boolean => ['Failed', 'Timeout', 'Lost'].includes(state)
