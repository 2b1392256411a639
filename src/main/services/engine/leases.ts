import { updateNode } from '../../data/repos/nodes.ts'
import { expiredRuns, renewLeases, runningOn, type RunRecord } from '../../data/repos/runs.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import type { Self } from '../self.ts'
import { declareLost, type LostDeps } from './lost.ts'
import type { StoredOutput } from './stored-output.ts'

/** Heartbeat: this node is alive, holds its runs, and takes note of those nobody holds any more. */

export interface LeaseDeps extends LostDeps {
  self: Self
  clock: Clock
  leaseMs: number
  output: Pick<StoredOutput, 'read'>
  stop: (historyId: string) => void
  /** Whether this process still has the run: alive, or its result waits to be delivered. */
  holds: (historyId: string) => boolean
}

export interface Leases {
  /** Renews, passes stop requests on, and declares runs Lost whose lease nobody renewed. */
  beat: () => Promise<void>
  /**
   * At start: runs of an earlier incarnation of this node are over.
   * @param survivors by run, those of its processes that could not be killed.
   */
  reclaim: (survivors?: ReadonlyMap<string, readonly number[]>) => Promise<number>
}

export const createLeases = (deps: LeaseDeps): Leases => {
  const { db, self } = deps
  const health = createHealth(deps)
  return {
    beat: async () => {
      const now = await renew(deps)
      const mayJudge = health.noteRenewal(now)
      for (const run of await runningOn(db.look, self.nodeId)) {
        if (run.incarnation !== self.incarnation) continue
        if (run.stopRequestedAt !== null) deps.stop(run.historyId)
        if (mayJudge && isForgotten(deps, run, now)) await loseForgotten(deps, run)
      }
      if (!mayJudge) return
      for (const run of await expiredRuns(db.look, now))
        if (run.incarnation !== self.incarnation) await loseExpired(deps, run)
    },
    reclaim: async (survivors) => {
      const mine = await runningOn(db.look, self.nodeId)
      let lost = 0
      for (const run of mine.filter((one) => one.incarnation !== self.incarnation))
        if (await loseOwn(deps, run, survivors?.get(run.historyId) ?? [])) lost += 1
      return lost
    },
  }
}

const renew = ({ db, self, leaseMs }: LeaseDeps): Promise<string> =>
  db.write({ actor: systemCaller.actor }, async (tx) => {
    const now = await db.now()
    const leaseUntil = isoOf(Date.parse(now) + leaseMs)
    await updateNode(tx, self.nodeId, { lastHeartbeat: now, isActive: true, incarnation: self.incarnation })
    await renewLeases(tx, { nodeId: self.nodeId, incarnation: self.incarnation }, { leaseUntil })
    return now
  })

/**
 * Since when renewals have succeeded without a gap; only then may others be judged: a node that was away
 * (asleep, cut off) cannot tell who else was alive meanwhile. Both clocks count, for the monotonic one
 * stands still while a machine sleeps.
 */
const createHealth = ({ clock, leaseMs }: LeaseDeps) => {
  let since: number | null = null
  let last: { at: number; time: number } | null = null
  return {
    /** @returns whether this node may judge others now. */
    noteRenewal: (now: string): boolean => {
      const beat = { at: clock.monotonic(), time: Date.parse(now) }
      const gap = last && Math.max(beat.at - last.at, Math.abs(beat.time - last.time))
      if (since === null || gap === null || gap > leaseMs) since = beat.at
      last = beat
      return beat.at - since >= leaseMs
    },
  }
}

/** A row no process stands behind would be renewed for ever and block its task. */
const isForgotten = ({ holds, leaseMs }: LeaseDeps, run: RunRecord, now: string): boolean =>
  !holds(run.historyId) && Date.parse(now) - Date.parse(run.startTime ?? now) > leaseMs

const loseForgotten = (deps: LeaseDeps, run: RunRecord): Promise<boolean> =>
  declareLost(deps, {
    run,
    reason: 'this node has no process of it',
    stillLost: (found, now) => isForgotten(deps, found, now),
  })

const loseExpired = (deps: LeaseDeps, run: RunRecord): Promise<boolean> =>
  declareLost(deps, {
    run,
    reason: `its node did not renew the lease, which ended at ${run.leaseUntil ?? ''}`,
    // Its node may have renewed between our look and our write.
    stillLost: ({ leaseUntil }, now) => leaseUntil !== null && leaseUntil < now,
  })

/** Of an earlier start of this node, unless its result lies here and only could not be delivered yet. */
const loseOwn = async (deps: LeaseDeps, run: RunRecord, survivors: readonly number[]): Promise<boolean> => {
  if (deps.holds(run.historyId)) return false
  return declareLost(deps, {
    run,
    reason: `the node ended while the script ran; ${whatIsLeft(survivors)}`,
    stillLost: () => true,
    output: await deps.output.read(run.historyId),
  })
}

const whatIsLeft = (survivors: readonly number[]): string =>
  survivors.length === 0
    ? 'its processes are gone'
    : `these processes could not be killed and may still work: ${survivors.join(', ')}`
