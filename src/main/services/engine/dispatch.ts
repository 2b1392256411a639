import { messageOf } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { listResults, removeResult, writeResult } from '../../exec/journal.ts'
import type { RunResult, StopReason } from '../../exec/run-spec.ts'
import type { Supervisor } from '../../exec/supervisor-client.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Metrics } from '../metrics.ts'
import type { Claimed } from './claims.ts'
import { finishRun, type Ending } from './finish.ts'
import type { Prepared } from './prepare.ts'
import type { StoredOutput } from './stored-output.ts'

/** Claimed runs become processes, and their ends become rows. */

export interface DispatchDeps {
  db: Database
  supervisor: Supervisor
  clock: Clock
  log: Log
  events: EventBus
  /** What to start, or why not: the reason becomes the run's `error`, nothing was started. */
  prepare: (claimed: Claimed) => Promise<Prepared>
  metrics: Metrics
  /** The output an ended run left on disk, gzipped; `discard` after it is stored. */
  output: StoredOutput
  /** Results that wait on disk until the database took them. */
  journalDir: string
  /** Something ended: capacity is free, a retry may be due. */
  wake: () => void
}

export interface LiveRun {
  claimed: Claimed
  startedAt: string
}

export interface Dispatcher {
  dispatch(claimed: Claimed): void
  active(): number
  live(): LiveRun[]
  stop(historyId: string, reason: StopReason): boolean
  /** Tries again to deliver what the database did not take; answers how many still wait. */
  deliverJournal(): Promise<number>
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>
}

/** A run's result, and the hash of the script that really ran. */
interface Conducted {
  result: RunResult
  scriptHash: string | null
}

export const createDispatcher = (deps: DispatchDeps): Dispatcher => {
  const live = new Map<string, LiveRun & { done: Promise<void> }>()
  const deliver = createDelivery(deps)

  const conduct = async (claimed: Claimed): Promise<void> => {
    const { run, task } = claimed
    const { result, scriptHash } = await conductRun(deps, claimed)
    await deliver(result, { taskId: task.taskId, scriptHash })
    live.delete(run.historyId)
    deps.wake()
  }

  return {
    dispatch: (claimed) => {
      const { historyId } = claimed.run
      live.set(historyId, { claimed, startedAt: isoOf(deps.clock.now()), done: conduct(claimed) })
    },
    active: () => live.size,
    live: () => [...live.values()],
    stop: (historyId, reason) => {
      if (!live.has(historyId)) return false
      deps.supervisor.stop(historyId, reason)
      return true
    },
    deliverJournal: async () => {
      let waiting = 0
      for (const result of await listResults(deps.journalDir)) {
        if (live.has(result.historyId)) continue
        if (!(await deliver(result, {}))) waiting += 1
      }
      return waiting
    },
    idle: async () => {
      while (live.size > 0) await Promise.all([...live.values()].map((one) => one.done))
    },
  }
}

/** Prepares and runs; never rejects: what cannot be started is a failed run with the reason. */
const conductRun = async (deps: DispatchDeps, claimed: Claimed): Promise<Conducted> => {
  const { clock, events, log } = deps
  const at = isoOf(clock.now())
  try {
    const prepared = await deps.prepare(claimed)
    if ('refusal' in prepared) return { result: refused(claimed, prepared.refusal, at), scriptHash: null }
    const { run, task } = claimed
    events.emit({ type: 'run.started', id: run.historyId, taskId: task.taskId, state: 'Running' })
    deps.metrics.runStarted(clock.now() - Date.parse(run.notBefore))
    return { result: await deps.supervisor.run(prepared.spec), scriptHash: prepared.scriptHash }
  } catch (error) {
    log.error({ error, historyId: claimed.run.historyId }, 'a run could not be started')
    return {
      result: refused(claimed, `the node could not start it: ${messageOf(error)}`, at),
      scriptHash: null,
    }
  }
}

const refused = ({ run }: Claimed, error: string, at: string): RunResult => ({
  historyId: run.historyId,
  incarnation: run.incarnation ?? '',
  state: 'Failed',
  exitCode: null,
  signal: null,
  startTime: at,
  endTime: at,
  error,
  outputBytes: 0,
  outputTruncated: false,
})

interface Known {
  taskId?: string
  scriptHash?: string | null
}

/** Hands results to the database; one it does not take waits in the journal, the heartbeat tries again. */
const createDelivery = (deps: DispatchDeps) => {
  const { db, log, events } = deps
  const delivering = new Set<string>()

  const store = async (result: RunResult, known: Known): Promise<void> => {
    const { scriptHash } = known
    const output = await deps.output.read(result.historyId)
    const ending: Ending = { ...result, output, ...(scriptHash === undefined ? {} : { scriptHash }) }
    const taken = await db.write({ actor: systemCaller.actor }, async (tx) =>
      finishRun(tx, ending, await db.now()),
    )
    if (!taken) log.warn(`run ${result.historyId} had another state already; its result is kept as evidence`)
    await removeResult(deps.journalDir, result.historyId)
    deps.output.discard(result.historyId)
  }

  return async (result: RunResult, known: Known): Promise<boolean> => {
    const { historyId, state } = result
    if (delivering.has(historyId)) return false
    delivering.add(historyId)
    try {
      await store(result, known)
      deps.metrics.runFinished(state, Date.parse(result.endTime) - Date.parse(result.startTime))
      events.emit({
        type: 'run.finished',
        id: historyId,
        state,
        ...(known.taskId ? { taskId: known.taskId } : {}),
      })
      return true
    } catch (error) {
      log.warn(`the result of run ${historyId} waits in the journal: ${messageOf(error)}`)
      await writeResult(deps.journalDir, result)
      return false
    } finally {
      delivering.delete(historyId)
    }
  }
}
