import type { Database, Tx } from '../../data/db.ts'
import { lockRun } from '../../data/repos/locks.ts'
import { updateRun, type RunRecord } from '../../data/repos/runs.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import { settle } from './finish.ts'
import { storingOutput, withLeftOut } from './oversize.ts'
import type { Packed } from './stored-output.ts'

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
  output?: Packed | null
}

/** @returns whether the run was declared Lost. */
export const declareLost = async (deps: LostDeps, loss: Loss): Promise<boolean> => {
  const { db, log, events } = deps
  const { historyId, taskId, taskName } = loss.run
  const lost = await storingOutput(loss.output ?? null, (output, leftOut) =>
    db.write({ actor: systemCaller.actor }, async (tx) =>
      loseInTx(tx, loss, { output, error: withLeftOut(loss.reason, leftOut) }, await db.now()),
    ),
  )
  if (!lost) return false
  log.warn(`run ${historyId} of ${taskName} is Lost: ${loss.reason}`)
  events.emit({ type: 'run.finished', id: historyId, taskId, state: 'Lost' })
  return true
}

const loseInTx = async (
  tx: Tx,
  loss: Loss,
  stored: { output: Uint8Array | null; error: string | null },
  now: string,
): Promise<boolean> => {
  const { historyId } = loss.run
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
      error: stored.error,
      leaseUntil: null,
      updatedAt: now,
      ...(loss.output ? { output: stored.output, outputBytes: loss.output.bytes } : {}),
    },
  )
  await settle(tx, locked, { state: 'Lost', error: stored.error, exitCode: null, endTime: now, now })
  return true
}
