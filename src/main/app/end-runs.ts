import type { Supervisor } from '../exec/supervisor-client.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Dispatcher } from '../services/engine/dispatch.ts'

/** The end of everything that runs: a grace, then the polite signal, then the kill, and a bound on all of it. */

export interface EndRunsDeps {
  supervisor: Pick<Supervisor, 'close' | 'pid'>
  dispatcher: Pick<Dispatcher, 'active' | 'live' | 'idle'>
  /** Between the polite signal and the kill of one script, milliseconds. */
  killGraceMs: number
  clock: Clock
  log: Log
}

/** How much longer than its scripts the supervisor may take; then it is killed, and its runs are ended from here. */
const MARGIN_MS = 10_000
const NAMED = 5

/**
 * Nothing is claimed any more. Scripts may end by themselves within `graceMs`, or until `hurry` aborts; the others
 * are ended. Resolves when no process of a run is left and every result is in the database or the journal.
 */
export const endRuns = async (deps: EndRunsDeps, graceMs: number, hurry: AbortSignal): Promise<void> => {
  const { dispatcher, clock, log } = deps
  if (dispatcher.active() > 0)
    log.info(`waiting up to ${seconds(graceMs)} for ${runNames(dispatcher)}; a second signal ends the wait`)
  const patience = new AbortController()
  const grace = clock.sleep(graceMs, AbortSignal.any([patience.signal, hurry]))
  await Promise.race([dispatcher.idle(), grace])
  patience.abort()
  if (dispatcher.active() > 0)
    log.warn(`stopping ${runNames(dispatcher)}: killed if not gone within ${seconds(deps.killGraceMs)}`)
  await closeSupervisor(deps)
  await dispatcher.idle()
}

/** A supervisor that hangs must not keep the node: killed, it leaves its runs to be ended by the node itself. */
const closeSupervisor = async ({ supervisor, killGraceMs, clock, log }: EndRunsDeps): Promise<void> => {
  const ended = new AbortController()
  const closing = supervisor.close().finally(() => ended.abort())
  const bound = async (): Promise<void> => {
    for (let wait = killGraceMs + MARGIN_MS; !ended.signal.aborted; wait = MARGIN_MS) {
      await clock.sleep(wait, ended.signal)
      const pid = supervisor.pid()
      if (ended.signal.aborted || pid === null) continue
      log.error(`the supervisor (process ${pid}) does not end; it is killed, and its scripts with it`)
      kill(pid)
    }
  }
  await Promise.all([closing, bound()])
}

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile, which is what was wanted.
  }
}

const runNames = (dispatcher: Pick<Dispatcher, 'live'>): string => {
  const names = dispatcher.live().map(({ claimed: { run, task } }) => `${task.taskName} (${run.historyId})`)
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
