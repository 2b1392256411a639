import { messageOf } from '../../../shared/domain/errors.ts'
import type { Database } from '../../data/db.ts'
import { lockRun } from '../../data/repos/locks.ts'
import { updateRun } from '../../data/repos/runs.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Claimed } from './claims.ts'
import { settle } from './finish.ts'
import { centreOnly, type RunHome } from './run-home.ts'
import { showEnded } from './shown-state.ts'

export interface GiveBackDeps {
  db: Database
  home?: RunHome
  log: Log
  events: EventBus
}

/**
 * Running → Queued for a claimed run whose script was not started: nothing ran, so it is the same attempt. One that
 * somebody asked to stop meanwhile ends instead; a run that this incarnation does not hold is left alone.
 * @returns false where the database does not take it; the next start of this node declares such a run Lost.
 */
export const createGiveBack =
  ({ db, home = centreOnly(db), log, events }: GiveBackDeps) =>
  async ({ run }: Claimed): Promise<boolean> => {
    const { historyId, taskId, incarnation } = run
    try {
      const given = await home.write(historyId, { actor: systemCaller.actor }, async (tx, now) => {
        const locked = await lockRun(tx, historyId)
        const held = { state: 'Running' as const, ...(incarnation === null ? {} : { incarnation }) }
        const waiting = {
          ...{ state: 'Queued' as const, nodeId: null, incarnation: null, leaseUntil: null },
          ...{ startTime: null, sortTime: run.attempt > 1 ? run.notBefore : run.scheduledFor },
        }
        const becomes = locked && locked.run.stopRequestedAt !== null ? stopped(now) : waiting
        if (!locked || !(await updateRun(tx, historyId, held, { ...becomes, updatedAt: now }))) return null
        if (becomes.state === 'Stopped')
          await settle(tx, locked, { state: 'Stopped', error: null, exitCode: null, endTime: now, now })
        else await showEnded(tx, run, null)
        return becomes.state
      })
      if (given === 'Queued') events.emit({ type: 'run.queued', id: historyId, taskId, state: given })
      if (given === 'Stopped') events.emit({ type: 'run.finished', id: historyId, taskId, state: given })
      return true
    } catch (error) {
      log.warn(`run ${historyId} was not started and cannot be given back: ${messageOf(error)}`)
      return false
    }
  }

const stopped = (now: string) => ({
  ...{ state: 'Stopped' as const, endTime: now, leaseUntil: null },
  error: 'stopped before its script was started',
})
