import { groupBy } from '../../../src/shared/domain/group-by.ts'
import type { CheckedRun, Facts, Fault, Findings, Span } from './facts.ts'

/** A supervisor is killed, and its runs are over, a moment later. */
const KILLED_MS = 2_000

/** What the scripts wrote agrees with the history: a stale result never counts, and nothing ran unrecorded. */
export const checkScriptLogs = ({ runs, spans, faults }: Facts): Findings => {
  const byRun = groupBy(spans, ({ historyId }) => historyId)
  const known = new Set(runs.map(({ historyId }) => historyId))
  const strays = [...byRun.keys()].filter((id) => !known.has(id))
  const findings: Findings = {
    problems: strays.map((id) => `run ${id} has started a script and is not in the history`),
    exceptions: [],
  }
  for (const run of runs) {
    const own = byRun.get(run.historyId) ?? []
    const told = logOf(run, own).map((problem) => `run ${run.historyId} (${run.state}): ${problem}`)
    if (own.some((span) => diedUntold(run, span, faults)))
      findings.exceptions.push(
        ...told.map((text) => ({ kind: 'supervisor killed as its script ended', text })),
      )
    else findings.problems.push(...told)
  }
  return findings
}

/** The script ended well; its supervisor was killed before it could say so, and the run counts as failed. */
const diedUntold = (run: CheckedRun, span: Span, faults: readonly Fault[]): boolean =>
  run.state === 'Failed' &&
  /^the supervisor .* while the script ran/.test(run.error ?? '') &&
  faults.some(
    ({ kind, node, from }) =>
      kind === 'supervisor killed' && node === span.node && Math.abs(from - span.seenAt) < KILLED_MS,
  )

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
