import { AppError } from '../../../shared/domain/errors.ts'
import type { Run } from '../../../shared/domain/run.ts'
import type { TaskStop } from '../../../shared/domain/cluster.ts'
import type { Database, Tx } from '../../data/db.ts'
import { isAway } from '../../data/late.ts'
import { lockActiveRuns, lockRun } from '../../data/repos/locks.ts'
import { activeRuns, findRun, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import type { Caller } from '../caller.ts'
import { cancelRun } from '../engine/cancel.ts'
import type { RunHome } from '../engine/run-home.ts'
import type { EventBus } from '../events.ts'
import { lockedTaskOr404 } from '../tasks.ts'
import { toRun } from './records.ts'

/** Stopping runs: a waiting one ends at once, a running one is asked to, wherever it runs. */

export interface StopDeps {
  db: Database
  /** Runs that this node made without the cluster database are stopped where they are. */
  home: RunHome
  events: EventBus
  /** Stops a run of this node now, its result saying `why` if that is given; false when it is not here. */
  stopHere: (historyId: string, why?: string) => boolean
  /** Lets other nodes look at once. */
  tellOthers: () => void
}

/** @throws AppError NOT_FOUND */
export const runOr404 = async (db: Tx | Database['read'], historyId: string): Promise<RunRecord> => {
  const run = await findRun(db, historyId)
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${historyId}.`)
  return run
}

/** A running run ends when its processes have. */
export const stopRun = async (deps: StopDeps, caller: Caller, historyId: string): Promise<Run> => {
  try {
    const run = await deps.home.write(historyId, writer(caller), async (tx, now) => {
      const before = (await lockRun(tx, historyId))?.run ?? (await runOr404(tx, historyId))
      if (before.state !== 'Queued' && before.state !== 'Running')
        throw new AppError('CONFLICT', `The run has ended already (${before.state}).`, {
          current: toRun(before),
        })
      await endOne(tx, before, caller, now)
      return runOr404(tx, historyId)
    })
    announce(deps, [run])
    return toRun(run)
  } catch (error) {
    // A node can end its own scripts whoever is away: their result tells who asked.
    const why = `stopped by ${caller.actor} while the cluster database was away`
    if (!isAway(error) || !deps.stopHere(historyId, why)) throw error
    return toRun(await runOr404(deps.db.read, historyId))
  }
}

/**
 * Every run of a task that has not ended; without the cluster database those of this node.
 * @throws AppError UNAVAILABLE when none of them is of this node, and the cluster database is away.
 */
export const stopTask = async (deps: StopDeps, caller: Caller, taskId: string): Promise<TaskStop> => {
  try {
    return await stopEverywhere(deps, caller, taskId)
  } catch (error) {
    if (!isAway(error)) throw error
    const historyIds: string[] = []
    for (const { historyId } of await activeRuns(deps.db.read, taskId))
      if (await isStoppedHere(deps, caller, historyId)) historyIds.push(historyId)
    if (historyIds.length === 0) throw error
    return { historyIds }
  }
}

/** False when the run is not of this node, or has ended meanwhile. */
const isStoppedHere = async (deps: StopDeps, caller: Caller, historyId: string): Promise<boolean> => {
  try {
    await stopRun(deps, caller, historyId)
    return true
  } catch (error) {
    if (isAway(error) || (error instanceof AppError && error.code === 'CONFLICT')) return false
    throw error
  }
}

const stopEverywhere = async (deps: StopDeps, caller: Caller, taskId: string): Promise<TaskStop> => {
  const { db } = deps
  const stopped = await db.write(writer(caller), async (tx) => {
    await lockedTaskOr404(tx, taskId)
    const now = await db.now()
    // A task whose runs may run side by side is not locked by whoever claims one.
    const active = await lockActiveRuns(tx, taskId)
    for (const run of active) await endOne(tx, run, caller, now)
    return active
  })
  announce(
    deps,
    stopped.map((run) => (run.state === 'Queued' ? { ...run, state: 'Stopped' as const } : run)),
  )
  return { historyIds: stopped.map((run) => run.historyId) }
}

const writer = ({ actor, reason }: Caller) => ({ actor, reason })

const endOne = async (tx: Tx, run: RunRecord, { actor }: Caller, now: string): Promise<void> => {
  if (run.state === 'Queued')
    await cancelRun({ tx, now, actor }, run, `stopped by ${actor} before it started`)
  // Who asked first stands.
  else if (run.stopRequestedAt === null) {
    const asked = { stopRequestedAt: now, stopRequestedBy: actor, updatedAt: now }
    await updateRun(tx, run.historyId, { state: 'Running' }, asked)
  }
}

const announce = ({ events, stopHere, tellOthers }: StopDeps, runs: readonly RunRecord[]): void => {
  for (const { historyId, taskId, state } of runs)
    if (state === 'Running') stopHere(historyId)
    else events.emit({ type: 'run.finished', id: historyId, taskId, state })
  if (runs.some((run) => run.state === 'Running')) tellOthers()
}
