import { checkAttempts } from './attempts.ts'
import { FINAL, type Facts, type Findings } from './facts.ts'
import { checkOverlaps } from './overlaps.ts'
import { checkScriptLogs } from './script-logs.ts'
import { checkSlots } from './slots.ts'

/** The verdict on what a cluster did: nothing lost, nothing doubled; `exceptions` are those that are promised. */
export const check = (facts: Facts): Findings => {
  const overlaps = checkOverlaps(facts)
  const logs = checkScriptLogs(facts)
  return {
    problems: [...checkAttempts(facts), ...checkSlots(facts), ...logs.problems, ...overlaps.problems],
    exceptions: [...overlaps.exceptions, ...logs.exceptions],
  }
}

export interface Totals {
  slots: number
  runs: number
  /** Runs that were claimed and ended, by state. */
  states: Record<string, number>
  skipped: number
  retries: number
  /** Scripts that ended by themselves though their run was declared Lost: their results did not count. */
  lateResults: number
}

export const totalsOf = ({ tasks, runs, spans }: Facts): Totals => {
  const states: Record<string, number> = {}
  for (const { state } of runs) if (FINAL.has(state)) states[state] = (states[state] ?? 0) + 1
  const lost = new Set(runs.filter(({ state }) => state === 'Lost').map(({ historyId }) => historyId))
  return {
    slots: tasks.reduce((sum, { rows }) => sum + rows.reduce((all, { slots }) => all + slots.length, 0), 0),
    runs: runs.filter(({ state }) => state !== 'Skipped').length,
    states,
    skipped: runs.reduce(
      (sum, { state, skippedCount }) => sum + (state === 'Skipped' ? (skippedCount ?? 1) : 0),
      0,
    ),
    retries: runs.filter(({ attempt }) => attempt > 1).length,
    lateResults: spans.filter(({ historyId, endedAt }) => endedAt !== null && lost.has(historyId)).length,
  }
}
