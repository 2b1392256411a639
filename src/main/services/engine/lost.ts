import type { Database } from '../../data/db.ts'
import { lockRun } from '../../data/repos/locks.ts'
import { updateRun, type RunRecord } from '../../data/repos/runs.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import { settle } from './finish.ts'

/** Runs nobody holds any more end as `Lost`, and their retry policy decides what follows. */

export interface LostDeps {
  db: Database
  log: Log
  events: EventBus
}

export interface Loss {
  run: RunRecord
  reason: string
  /** Asked again in the transaction: whoever holds the run may have shown up meanwhile. */
  stillLost: (run: RunRecord, now: string) => boolean
  /** What it wrote until then, where this node has it. */
  output?: { gzip: Uint8Array; bytes: number } | null
}

/** @returns whether the run was declared Lost. */
export const declareLost = async (deps: LostDeps, loss: Loss): Promise<boolean> => {
  const { db, log, events } = deps
  const { historyId, taskId, taskName } = loss.run
  const lost = await db.write({ actor: systemCaller.actor }, async (tx) => {
    const now = await db.now()
    const locked = await lockRun(tx, historyId)
    if (!locked) return false
    const { run } = locked
    if (run.state !== 'Running' || run.incarnation !== loss.run.incarnation) return false
    if (!loss.stillLost(run, now)) return false
    await updateRun(
      tx,
      historyId,
      { state: 'Running' },
      {
        state: 'Lost',
        endTime: now,
        duration: run.startTime ? Math.max(0, Date.parse(now) - Date.parse(run.startTime)) : null,
        error: loss.reason,
        leaseUntil: null,
        updatedAt: now,
        ...(loss.output ? { output: loss.output.gzip, outputBytes: loss.output.bytes } : {}),
      },
    )
    await settle(tx, locked, 'Lost', now, now)
    return true
  })
  if (!lost) return false
  log.warn(`run ${historyId} of ${taskName} is Lost: ${loss.reason}`)
  events.emit({ type: 'run.finished', id: historyId, taskId, state: 'Lost' })
  return true
}
