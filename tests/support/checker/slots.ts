import { groupBy } from '../../../src/shared/domain/group-by.ts'
import type { CheckedRow, CheckedRun, CheckedTask, Facts } from './facts.ts'

/** No slot is lost beyond its misfire policy, and none is there that was never due. */
export const checkSlots = ({ tasks, runs }: Facts): string[] => {
  const byRow = groupBy(runs, ({ scheduleId }) => scheduleId)
  const known = new Set(tasks.flatMap(({ rows }) => rows.map(({ scheduleId }) => scheduleId)))
  const strays = [...byRow.keys()].filter((id) => id !== null && !known.has(id))
  return [
    ...strays.map((id) => `schedule row ${id} has runs and is not among those that were made`),
    ...tasks.flatMap((task) =>
      task.rows.flatMap((row) =>
        slotsOfRow(task, row, byRow.get(row.scheduleId) ?? []).map(
          (problem) => `${task.taskName}: ${problem}`,
        ),
      ),
    ),
  ]
}

const slotsOfRow = (task: CheckedTask, row: CheckedRow, runs: readonly CheckedRun[]): string[] => {
  const due = new Set(row.slots)
  const firsts = runs.filter(({ attempt, state }) => attempt === 1 && state !== 'Skipped')
  const skipped = runs.filter(({ state }) => state === 'Skipped')
  const had = new Set(firsts.map(({ scheduledFor }) => scheduledFor))
  const count = skipped.reduce((sum, { skippedCount }) => sum + (skippedCount ?? 1), 0)
  const problems = [
    ...firsts.flatMap(({ scheduledFor }) =>
      due.has(scheduledFor) ? [] : [`slot ${scheduledFor} ran and was never due`],
    ),
    ...(had.size < firsts.length ? [`${firsts.length - had.size} slots were made twice`] : []),
    ...skipped.flatMap((run) => refusedSkip(task, run)),
  ]
  const missing = row.slots.filter((slot) => !had.has(slot))
  // Which slots a fold counts is known only by their number.
  if (missing.length !== count)
    problems.push(
      `${missing.length} slots of row ${row.scheduleId} had no run and ${count} are on record as skipped` +
        (missing.length > count ? `: ${missing.slice(0, 5).join(', ')}` : ''),
    )
  return problems
}

/** Why a skip is against the policies of its task. */
const refusedSkip = (task: CheckedTask, { scheduledFor, error }: CheckedRun): string[] => {
  const isOverlap = /had not ended/.test(error ?? '')
  if (isOverlap && task.overlapPolicy === 'Parallel')
    return [`slot ${scheduledFor} was skipped for another run under overlap Parallel`]
  if (!isOverlap && task.misfirePolicy === 'All')
    return [`slot ${scheduledFor} was skipped under misfire All: ${error}`]
  return []
}
