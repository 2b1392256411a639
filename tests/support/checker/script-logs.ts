import { groupBy } from '../../../src/shared/domain/group-by.ts'
import type { CheckedRun, Facts, Span } from './facts.ts'

/** What the scripts wrote agrees with the history: a stale result never counts, and nothing ran unrecorded. */
export const checkScriptLogs = ({ runs, spans }: Facts): string[] => {
  const byRun = groupBy(spans, ({ historyId }) => historyId)
  const known = new Set(runs.map(({ historyId }) => historyId))
  const strays = [...byRun.keys()].filter((id) => !known.has(id))
  return [
    ...strays.map((id) => `run ${id} has started a script and is not in the history`),
    ...runs.flatMap((run) =>
      logOf(run, byRun.get(run.historyId) ?? []).map(
        (problem) => `run ${run.historyId} (${run.state}): ${problem}`,
      ),
    ),
  ]
}

const logOf = (run: CheckedRun, spans: readonly Span[]): string[] => {
  if (spans.length > 1) return [`its script was started ${spans.length} times`]
  const [span] = spans
  switch (run.state) {
    case 'Success':
      return !span || span.exitCode !== 0 ? [`its script ${wordsOf(span)}`] : []
    case 'Failed':
      return span?.exitCode === 0 ? ['its script ended with code 0'] : []
    case 'Skipped':
      return span ? ['its script was started'] : []
    case 'Queued':
    case 'Running':
    case 'Timeout':
    case 'Stopped':
    case 'Lost':
      return []
  }
}

const wordsOf = (span: Span | undefined): string => {
  if (!span) return 'was never started'
  return span.exitCode === null ? 'never ended by itself' : `ended with code ${span.exitCode}`
}
