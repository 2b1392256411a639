import type { Database } from '../../data/db.ts'
import { updateNode } from '../../data/repos/nodes.ts'
import { expiredRuns, renewLeases, runningOn, updateRun, type RunRecord } from '../../data/repos/runs.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { systemCaller } from '../caller.ts'
import type { EventBus } from '../events.ts'
import type { Self } from '../self.ts'
import { settle } from './finish.ts'

/** Heartbeat: this node is alive, holds its runs, and takes note of those nobody holds any more. */

export interface LeaseDeps {
  db: Database
  self: Self
  clock: Clock
  log: Log
  events: EventBus
  leaseMs: number
  stop: (historyId: string) => void
  /** Whether this process still has the run: alive, or its result waits to be delivered. */
  holds: (historyId: string) => boolean
}

export interface Leases {
  /** Renews, passes stop requests on, and declares runs Lost whose lease nobody renewed. */
  beat(): Promise<void>
  /** At start: runs of an earlier incarnation of this node have no process any more. */
  reclaim(): Promise<number>
}

export const createLeases = (deps: LeaseDeps): Leases => {
  const { db, self, clock, log, events } = deps
  /** Since when (monotonic) renewals have succeeded without a gap; only then may others be judged. */
  let healthySince: number | null = null
  let lastBeat: number | null = null

  const renew = () =>
    db.write({ actor: systemCaller.actor }, async (tx) => {
      const now = await db.now()
      const leaseUntil = isoOf(Date.parse(now) + deps.leaseMs)
      await updateNode(tx, self.nodeId, { lastHeartbeat: now, isActive: true, incarnation: self.incarnation })
      await renewLeases(tx, { nodeId: self.nodeId, incarnation: self.incarnation }, { leaseUntil })
      return now
    })

  const lose = async (run: RunRecord, reason: string): Promise<void> => {
    const lost = await db.write({ actor: systemCaller.actor }, async (tx) => {
      const now = await db.now()
      const held = { state: 'Running' as const, ...(run.incarnation ? { incarnation: run.incarnation } : {}) }
      const duration = run.startTime ? Math.max(0, Date.parse(now) - Date.parse(run.startTime)) : null
      const end = {
        state: 'Lost' as const,
        endTime: now,
        duration,
        error: reason,
        leaseUntil: null,
        updatedAt: now,
      }
      const taken = await updateRun(tx, run.historyId, held, end)
      if (taken) await settle(tx, run, 'Lost', now, now)
      return taken
    })
    if (!lost) return
    log.warn(`run ${run.historyId} of ${run.taskName} is Lost: ${reason}`)
    events.emit({ type: 'run.finished', id: run.historyId, taskId: run.taskId, state: 'Lost' })
  }

  /** A gap (sleep, a stuck database) means that this node cannot tell who else was alive meanwhile. */
  const noteHealth = (): boolean => {
    const now = clock.monotonic()
    if (lastBeat === null || now - lastBeat > deps.leaseMs) healthySince = now
    lastBeat = now
    return healthySince !== null && now - healthySince >= deps.leaseMs
  }

  /** A row no process stands behind would be renewed for ever and block its task. */
  const isForgotten = (run: RunRecord, now: string): boolean =>
    !deps.holds(run.historyId) && Date.parse(now) - Date.parse(run.startTime ?? now) > deps.leaseMs

  return {
    beat: async () => {
      const now = await renew()
      const mayJudge = noteHealth()
      for (const run of await runningOn(db.read, self.nodeId)) {
        if (run.incarnation === self.incarnation && run.stopRequestedAt !== null) deps.stop(run.historyId)
        if (run.incarnation === self.incarnation && mayJudge && isForgotten(run, now))
          await lose(run, 'this node has no process of it')
      }
      if (!mayJudge) return
      for (const run of await expiredRuns(db.read, now)) {
        if (run.incarnation !== self.incarnation)
          await lose(run, `its node did not renew the lease, which ended at ${run.leaseUntil ?? ''}`)
      }
    },
    reclaim: async () => {
      const left = (await runningOn(db.read, self.nodeId)).filter(
        (run) => run.incarnation !== self.incarnation,
      )
      for (const run of left) await lose(run, 'the node ended while the script ran; its processes are gone')
      return left.length
    },
  }
}
