import type { Run } from '../../../shared/domain/run.ts'
import { stripAnsi } from '../../lib/ansi.ts'
import { things } from '../../lib/format.ts'

/** `exit 3`, or null where there is none to speak of. */
export const exitWords = (run: Run): string | null =>
  run.exitCode !== null && run.exitCode !== 0 ? `exit ${run.exitCode}` : null

/** The reason of a run's state in one line: the script's or the node's own words come first. */
export const reasonWords = (run: Run): string => stripAnsi(ownWords(run))

const ownWords = (run: Run): string => {
  switch (run.state) {
    case 'Queued':
      return 'Waits for its time and a free slot.'
    case 'Running':
      return run.stopRequestedAt
        ? `${run.stopRequestedBy ?? 'Somebody'} asked it to stop; its processes are ending.`
        : 'It runs now.'
    case 'Success':
      return 'It ended as it should.'
    case 'Failed':
      return run.error ?? 'The script ended with an error.'
    case 'Timeout':
      return run.error ?? 'It took longer than its timeout and was ended with all its processes.'
    case 'Stopped':
      return run.error ?? `Stopped by ${run.stopRequestedBy ?? 'the node'}.`
    case 'Lost':
      return run.error ?? 'Its node went away in the middle of it; nobody knows how it ended.'
    case 'Skipped':
      return run.error ?? `${things(run.skippedCount ?? 1, 'slot')} passed without a run.`
  }
}

/** Seconds it took, or null while it has not ended. */
export const secondsOf = (run: Run): number | null => (run.duration === null ? null : run.duration / 1000)

const triggers: Record<Run['triggeredBy'], string> = {
  Manual: 'by hand',
  API: 'over the API',
  Schedule: 'by schedule',
  Retry: 'as a retry',
}

export const triggerWords = (run: Run): string => triggers[run.triggeredBy]
