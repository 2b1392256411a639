import { constants } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import type { Launch } from './launch.ts'
import type { ResultState, StopReason } from './run-spec.ts'

/** How a script's own process ended. */
export type Exit =
  | { kind: 'exited'; code: number | null; signal: NodeJS.Signals | null }
  | { kind: 'not-started'; reason: string }

export interface Outcome {
  exit: Exit
  stopReason: StopReason | null
  /** Whether SIGKILL was needed. */
  forced: boolean
  survivors: number[]
  /** The end of what went to stderr, masked. */
  stderrTail: string
  spoolFailure: string | null
  /** The kernel ended it for its memory limit. */
  outOfMemory: boolean
}

const LONGEST_ERROR = 2000
const LINES = 3

/**
 * The lines of stderr that say what went wrong: of a Node stack trace the message above it, else the last three
 * that are neither indented (context of a traceback) nor a runtime's parting line. Null when there are none.
 */
export const errorLines = (stderr: string): string | null => {
  const lines = stripVTControlCharacters(stderr)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const trace = lines.findLastIndex(
    (line, index) => /^\s+at /.test(line) && !/^\s+at /.test(lines[index - 1] ?? ''),
  )
  const message = trace > 0 ? lines[trace - 1] : undefined
  if (message) return message.trim().slice(0, LONGEST_ERROR)
  const telling = lines.filter((line) => !/^(\s|Traceback \(most recent|Node\.js v\d|\^|-----)/.test(line))
  const last = (telling.length > 0 ? telling : lines).slice(-LINES).join('\n').trim()
  return last === '' ? null : last.slice(-LONGEST_ERROR)
}

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`

const cpuInWords = ({ limits }: Launch): string =>
  `used more CPU time than its limit of ${limits.cpuSeconds} s`

const stopInWords = (reason: StopReason, launch: Launch): string => {
  switch (reason) {
    case 'timeout':
      return launch.timeoutMs === null ? 'timed out' : `timed out after ${seconds(launch.timeoutMs)}`
    case 'cpu':
      return cpuInWords(launch)
    case 'stop':
      return 'stopped on request'
    case 'lease':
      return 'ended because the node could not renew its lease'
    case 'shutdown':
      return 'ended because the node shut down'
  }
}

const killInWords = (outcome: Outcome, launch: Launch): string => {
  if (outcome.survivors.length > 0)
    return `; these processes could not be killed: ${outcome.survivors.join(', ')}`
  return outcome.forced && launch.graceMs > 0
    ? `; killed, since it went on for ${seconds(launch.graceMs)} after the request to end`
    : ''
}

const signalInWords = (signal: NodeJS.Signals, launch: Launch): string =>
  signal === 'SIGXCPU' && launch.limits.cpuSeconds !== null ? cpuInWords(launch) : `ended by signal ${signal}`

/** A guard ends with a code where the script ended by a signal; one of them says what happened. */
const guardedSignal = (code: number | null, { guarded }: Launch): NodeJS.Signals | null =>
  guarded && code === 128 + constants.signals.SIGXCPU ? 'SIGXCPU' : null

const failureInWords = (outcome: Outcome, launch: Launch): string => {
  const { exit } = outcome
  if (exit.kind === 'not-started') return exit.reason
  const said = errorLines(outcome.stderrTail)
  if (outcome.outOfMemory) return `used more memory than its limit of ${launch.limits.memoryMb} MB`
  const signal = exit.signal ?? guardedSignal(exit.code, launch)
  // A program that dies of a signal says less about why, so the signal comes first.
  if (signal) return signalInWords(signal, launch) + (said === null ? '' : `: ${said}`)
  return said ?? `exit code ${exit.code}`
}

const STOPPED: Record<StopReason, ResultState> = {
  stop: 'Stopped',
  lease: 'Stopped',
  shutdown: 'Stopped',
  timeout: 'Timeout',
  cpu: 'Failed',
}

/** State and reason of a run; the reason is null exactly for `Success`. */
export const judge = (outcome: Outcome, launch: Launch): { state: ResultState; error: string | null } => {
  const { exit, stopReason, spoolFailure } = outcome
  const lost = spoolFailure === null ? '' : ` (its output could not be stored: ${spoolFailure})`
  if (stopReason !== null)
    return {
      state: STOPPED[stopReason],
      error: stopInWords(stopReason, launch) + killInWords(outcome, launch) + lost,
    }
  if (exit.kind === 'exited' && exit.code === 0) return { state: 'Success', error: null }
  return { state: 'Failed', error: failureInWords(outcome, launch) + lost }
}
