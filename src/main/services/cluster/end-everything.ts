import type { EmergencyStop, Hold } from '../../../shared/domain/cluster.ts'
import type { Database, Tx } from '../../data/db.ts'
import { lockTasks } from '../../data/repos/locks.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import { lockWaiting, requestStops, runningUnasked, waitingRuns } from '../../data/repos/stops.ts'
import type { Caller } from '../caller.ts'
import { cancelLocked } from '../engine/cancel.ts'
import type { EventBus } from '../events.ts'

/** What runs is asked to stop, what waits is cancelled: all of the cluster, in slices. */

export interface EndDeps {
  db: Database
  events: EventBus
  /** Stops a run of this node now; false when it is not here. */
  stopHere: (historyId: string) => boolean
  /** Lets other nodes look at once. */
  tellOthers: () => void
}

const SLICE = 200

/** After the hold is committed: what is claimed from then on its own node does not start. */
export const endEverything = async (
  deps: EndDeps,
  caller: Caller,
  reason: string | null,
): Promise<Pick<EmergencyStop, 'stopping' | 'cancelled'>> => {
  const asked = await stopRunning(deps, caller)
  deps.tellOthers()
  const cancelled = await cancelWaiting(deps, caller, reason)
  // Claimed, or queued as a retry, meanwhile.
  const stopping = asked + (await stopRunning(deps, caller))
  return { stopping, cancelled: cancelled + (await cancelWaiting(deps, caller, reason)) }
}

/**
 * Before the hold is released: a slot or a retry whose transaction began before the hold and ended after everything
 * was cancelled, or all that waited where who made the hold died before. It would start late, at once with the rest.
 */
export const cancelLeft = (deps: EndDeps, caller: Caller, hold: Hold): Promise<number> =>
  cancelWaiting(deps, { ...caller, actor: hold.heldBy ?? caller.actor }, hold.reason)

const stopRunning = async ({ db, stopHere }: EndDeps, { actor, reason }: Caller): Promise<number> => {
  let asked = 0
  for (;;) {
    const runs = await runningUnasked(db.read, SLICE)
    if (runs.length === 0) return asked
    const ids = runs.map((run) => run.historyId)
    asked += await db.write({ actor, reason }, async (tx) => {
      const now = await db.now()
      return requestStops(tx, ids, { stopRequestedAt: now, stopRequestedBy: actor, updatedAt: now })
    })
    for (const id of ids) stopHere(id)
  }
}

const cancelWaiting = async (
  { db, events }: EndDeps,
  { actor }: Caller,
  reason: string | null,
): Promise<number> => {
  let cancelled = 0
  for (let afterId = ''; ;) {
    const found = await waitingRuns(db.read, { afterId, limit: SLICE })
    const ended = await db.write({ actor, reason }, async (tx) =>
      cancelSlice(tx, found, { actor, reason, now: await db.now() }),
    )
    for (const { historyId, taskId } of ended)
      events.emit({ type: 'run.finished', id: historyId, taskId, state: 'Stopped' })
    cancelled += ended.length
    const last = found.at(-1)
    if (!last || found.length < SLICE) return cancelled
    afterId = last.historyId
  }
}

const cancelSlice = async (
  tx: Tx,
  found: readonly Pick<RunRecord, 'historyId' | 'taskId'>[],
  by: { actor: string; reason: string | null; now: string },
): Promise<RunRecord[]> => {
  await lockTasks(tx, [...new Set(found.map((run) => run.taskId))].sort())
  const waiting = await lockWaiting(
    tx,
    found.map((run) => run.historyId),
  )
  const why = `the cluster was stopped by ${by.actor}${by.reason ? ` (${by.reason})` : ''}`
  await cancelLocked({ tx, ...by }, waiting, why)
  return waiting
}
