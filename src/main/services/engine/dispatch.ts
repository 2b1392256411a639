import { messageOf } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import type { RunResult, RunSpec, StopReason, Supervisor } from '../../exec/supervisor-client.ts'
import type { Clock } from '../../platform/clock.ts'
import { isoOf } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Claimed } from './claims.ts'
import { finishRun, type Ending } from './finish.ts'
import type { StoredOutput } from './stored-output.ts'

/** Claimed runs become processes, and their ends become rows. */

export interface DispatchDeps {
  db: Database
  supervisor: Supervisor
  clock: Clock
  log: Log
  events: EventBus
  /** What to start, or why not: the reason becomes the run's `error`, nothing was started. */
  prepare: (claimed: Claimed) => Promise<{ spec: RunSpec } | { refusal: string }>
  /** The output an ended run left on disk, gzipped; `discard` after it is stored. */
  output: StoredOutput
  /** Results that wait on disk until the database took them. */
  journal: {
    add(result: RunResult): Promise<void>
    list(): Promise<RunResult[]>
    remove(historyId: string): Promise<void>
  }
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

export const createDispatcher = (deps: DispatchDeps): Dispatcher => {
  const { db, supervisor, clock, events, log } = deps
  const live = new Map<string, LiveRun & { done: Promise<void> }>()
  const delivering = new Set<string>()

  const run = async (claimed: Claimed): Promise<RunResult> => {
    const started = isoOf(clock.now())
    try {
      const prepared = await deps.prepare(claimed)
      if ('refusal' in prepared) return refused(claimed, prepared.refusal, started)
      const { historyId } = claimed.run
      const result = supervisor.run(prepared.spec)
      events.emit({ type: 'run.started', id: historyId, taskId: claimed.task.taskId, state: 'Running' })
      return await result
    } catch (error) {
      log.error({ error, historyId: claimed.run.historyId }, 'a run could not be started')
      return refused(claimed, `the node could not start it: ${messageOf(error)}`, started)
    }
  }

  const refused = (claimed: Claimed, error: string, at: string): RunResult => ({
    historyId: claimed.run.historyId,
    incarnation: claimed.run.incarnation ?? '',
    state: 'Failed',
    exitCode: null,
    signal: null,
    startTime: at,
    endTime: isoOf(clock.now()),
    error,
    outputBytes: 0,
    outputTruncated: false,
  })

  const store = async (result: RunResult): Promise<void> => {
    const output = await deps.output.read(result.historyId)
    const ending: Ending = { ...result, output, outputBytes: result.outputBytes }
    const taken = await db.write({ actor: systemCaller.actor }, async (tx) =>
      finishRun(tx, ending, await db.now()),
    )
    if (!taken) log.warn(`run ${result.historyId} had another state already; its result is kept as evidence`)
    await deps.journal.remove(result.historyId)
    await deps.output.discard(result.historyId)
  }

  /** A result the database does not take waits in the journal; the heartbeat tries again. */
  const deliver = async (result: RunResult, taskId: string): Promise<boolean> => {
    if (delivering.has(result.historyId)) return false
    delivering.add(result.historyId)
    try {
      await store(result)
      events.emit({ type: 'run.finished', id: result.historyId, taskId, state: result.state })
      return true
    } catch (error) {
      log.warn(`result of run ${result.historyId} waits in the journal: ${messageOf(error)}`)
      await deps.journal.add(result)
      return false
    } finally {
      delivering.delete(result.historyId)
    }
  }

  const conduct = async (claimed: Claimed): Promise<void> => {
    const result = await run(claimed)
    await deliver(result, claimed.task.taskId)
    live.delete(claimed.run.historyId)
    deps.wake()
  }

  return {
    dispatch: (claimed) => {
      const { historyId } = claimed.run
      live.set(historyId, { claimed, startedAt: isoOf(clock.now()), done: conduct(claimed) })
    },
    active: () => live.size,
    live: () => [...live.values()],
    stop: (historyId, reason) => {
      if (!live.has(historyId)) return false
      supervisor.stop(historyId, reason)
      return true
    },
    deliverJournal: async () => {
      const waiting = await deps.journal.list()
      const outcomes = []
      for (const result of waiting.filter((one) => !live.has(one.historyId)))
        outcomes.push(await deliver(result, ''))
      return outcomes.filter((delivered) => !delivered).length
    },
    idle: async () => {
      while (live.size > 0) await Promise.all([...live.values()].map((one) => one.done))
    },
  }
}
