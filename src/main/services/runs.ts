import { AppError } from '../../shared/domain/errors.ts'
import type { Database, Tx } from '../data/db.ts'
import { lockRun } from '../data/repos/locks.ts'
import { listRuns } from '../data/repos/run-list.ts'
import { runStats } from '../data/repos/run-stats.ts'
import { findRun, updateRun, type RunRecord } from '../data/repos/runs.ts'
import type { Caller } from './caller.ts'
import { cancelRun } from './engine/cancel.ts'
import type { EventBus } from './events.ts'
import { pending } from './pending.ts'
import { toRun } from './runs/records.ts'
import type { OutputReader } from './runs/output.ts'
import { queueRuns } from './runs/start.ts'
import type { Services } from './services.ts'
import type { OwnKey, SecretValues } from './tasks/save.ts'
import { lockedTaskOr404 } from './tasks.ts'

export interface RunsDeps {
  db: Database
  secrets: SecretValues
  ownKey: OwnKey
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
  events: EventBus
  output: OutputReader
  /** Stops a run of this node now; false when it is not here. */
  stopHere: (historyId: string) => boolean
  wake: () => void
}

/** @throws AppError NOT_FOUND */
const runOr404 = async (db: Tx | Database['read'], historyId: string): Promise<RunRecord> => {
  const run = await findRun(db, historyId)
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${historyId}.`)
  return run
}

export const createRuns = (deps: RunsDeps): Services['runs'] => {
  const { db, events } = deps
  return {
    start: async (caller, taskId, options) => {
      const historyIds = await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => {
        const task = await lockedTaskOr404(tx, taskId)
        return queueRuns({ ...deps, tx, caller, now: await db.now() }, task, options)
      })
      for (const id of historyIds) events.emit({ type: 'run.queued', id, taskId, state: 'Queued' })
      deps.wake()
      return { historyId: historyIds[0] ?? '', historyIds }
    },
    list: async (_caller, filter) => {
      const page = await listRuns(db.read, filter)
      return { items: page.items.map(toRun), nextCursor: page.nextCursor }
    },
    get: async (_caller, historyId) => toRun(await runOr404(db.read, historyId)),
    stats: (_caller, input) => runStats(db.read, input),
    stop: (caller, historyId) => stop(deps, caller, historyId),
    stopTask: pending,
    output: (_caller, historyId, options) => deps.output(historyId, options),
  }
}

/** Who asked first stands. */
const requestStop = async (tx: Tx, run: RunRecord, caller: Caller, now: string): Promise<void> => {
  if (run.stopRequestedAt !== null) return
  const asked = { stopRequestedAt: now, stopRequestedBy: caller.actor, updatedAt: now }
  await updateRun(tx, run.historyId, { state: 'Running' }, asked)
}

/** A waiting run ends at once; a running one is asked to stop and ends when its processes have. */
const stop = async (deps: RunsDeps, caller: Caller, historyId: string) => {
  const { db } = deps
  const run = await db.write({ actor: caller.actor, reason: caller.reason }, async (tx) => {
    const now = await db.now()
    const before = (await lockRun(tx, historyId))?.run ?? (await runOr404(tx, historyId))
    if (before.state === 'Queued')
      await cancelRun(
        { tx, now, actor: caller.actor },
        before,
        `stopped by ${caller.actor} before it started`,
      )
    else if (before.state === 'Running') await requestStop(tx, before, caller, now)
    else
      throw new AppError('CONFLICT', `The run has ended already (${before.state}).`, {
        current: toRun(before),
      })
    return runOr404(tx, historyId)
  })
  if (run.state === 'Running') deps.stopHere(historyId)
  else deps.events.emit({ type: 'run.finished', id: historyId, taskId: run.taskId, state: run.state })
  return toRun(run)
}
