import { messageOf } from '../../../shared/domain/errors.ts'
import { allNodes, beatNode, findNode } from '../../data/repos/nodes.ts'
import { expiredRuns, renewLeases, runningOn } from '../../data/repos/leases.ts'
import type { RunRecord } from '../../data/repos/runs.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import { clash } from '../nodes/clash.ts'
import type { Self } from '../self.ts'
import { elapsedSince, momentOf, type Moment } from './moment.ts'
import { declareLost, type LostDeps } from './lost.ts'
import type { StoredOutput } from './stored-output.ts'
import type { UnsureClaims } from './unsure-claims.ts'

/** Heartbeat: this node is alive, holds its runs, and takes note of those nobody holds any more. */

export interface LeaseDeps extends LostDeps {
  self: Self
  clock: Clock
  leaseMs: number
  output: Pick<StoredOutput, 'read'>
  stop: (historyId: string) => void
  /** Whether this process still has the run: alive, or its result waits to be delivered. */
  holds: (historyId: string) => boolean
  /** Runs that were claimed unawares and never started: the scheduler gives them back, they are not Lost. */
  unsure: Pick<UnsureClaims, 'has'>
}

export interface Leases {
  /** Renews, and waits for nothing else: a lease must not end because of other duties. */
  renew: () => Promise<void>
  /** Passes stop requests on, and declares runs Lost that nobody holds any more. */
  judge: () => Promise<void>
  /**
   * At start: runs of an earlier incarnation of this node are over.
   * @param survivors by run, those of its processes that could not be killed.
   */
  reclaim: (survivors?: ReadonlyMap<string, readonly number[]>) => Promise<number>
  /** When the last successful renewal began; null before the first. */
  renewedAt: () => Moment | null
  /** Another machine or folder has registered with this node's id: in words, else null. */
  identityTaken: () => string | null
}

export const createLeases = (deps: LeaseDeps): Leases => {
  const { db, self } = deps
  const health = createHealth(deps)
  const identity = createIdentityWatch(deps)
  const judgeOne = async (run: RunRecord, lose: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await lose()
    } catch (error) {
      // One row that cannot be written must not keep the others from being judged.
      deps.log.warn(`run ${run.historyId} cannot be declared Lost: ${messageOf(error)}`)
      return false
    }
  }
  return {
    renew: async () => {
      const began = momentOf(deps.clock)
      const { now, isOwn } = await renew(deps)
      health.noteRenewal(now, began)
      await identity.note(isOwn)
    },
    judge: async () => {
      const now = await db.now()
      const mayJudge = health.mayJudge()
      for (const run of await runningOn(db.look, self.nodeId)) {
        if (run.incarnation !== self.incarnation) continue
        if (run.stopRequestedAt !== null) deps.stop(run.historyId)
        if (mayJudge && isForgotten(deps, run, now)) await judgeOne(run, () => loseForgotten(deps, run))
      }
      if (mayJudge)
        for (const run of await abandonedRuns(deps, now)) await judgeOne(run, () => loseExpired(deps, run))
    },
    reclaim: async (survivors) => {
      const mine = await runningOn(db.look, self.nodeId)
      let lost = 0
      for (const run of mine.filter((one) => one.incarnation !== self.incarnation))
        if (await judgeOne(run, () => loseOwn(deps, run, survivors?.get(run.historyId) ?? []))) lost += 1
      return lost
    },
    renewedAt: health.renewedAt,
    identityTaken: identity.taken,
  }
}

/** Whose the row of this node is. Runs that this start holds stay its own: their leases name it. */
const createIdentityWatch = ({ db, self, log }: LeaseDeps) => {
  let taken: string | null = null
  return {
    taken: () => taken,
    note: async (isOwn: boolean): Promise<void> => {
      if (isOwn) {
        if (taken !== null) log.info('the node id is this node’s own again')
        taken = null
      } else if (taken === null) {
        const row = await findNode(db.look, self.nodeId)
        taken = row ? clash(row).message : `Nobody knows of node ${self.nodeId} any more; restart it.`
        log.error(`${taken} Until then this node starts nothing.`)
      }
    },
  }
}

const renew = ({ db, self, leaseMs }: LeaseDeps): Promise<{ now: string; isOwn: boolean }> =>
  db.write({ actor: systemCaller.actor, urgent: true }, async (tx) => {
    const now = await db.now()
    const leaseUntil = isoOf(Date.parse(now) + leaseMs)
    const isOwn = await beatNode(tx, self, now)
    await renewLeases(tx, { nodeId: self.nodeId, incarnation: self.incarnation }, { leaseUntil })
    return { now, isOwn }
  })

/**
 * Since when renewals have succeeded without a gap; only then may others be judged: a node that was away
 * (asleep, cut off) cannot tell who else was alive meanwhile. Both clocks count, for the monotonic one
 * stands still while a machine sleeps.
 */
const createHealth = ({ clock, leaseMs }: LeaseDeps) => {
  let since: number | null = null
  let last: { at: number; time: number; began: Moment } | null = null
  return {
    noteRenewal: (now: string, began: Moment): void => {
      const beat = { at: clock.monotonic(), time: Date.parse(now), began }
      const gap = last && Math.max(beat.at - last.at, Math.abs(beat.time - last.time))
      if (since === null || gap === null || gap > leaseMs) since = beat.at
      last = beat
    },
    /** Whether this node may judge others now. */
    mayJudge: (): boolean =>
      since !== null &&
      last !== null &&
      last.at - since >= leaseMs &&
      elapsedSince(clock, last.began) <= leaseMs,
    renewedAt: (): Moment | null => last?.began ?? null,
  }
}

/**
 * Others' runs whose lease has ended. Where the node's heart beats still, a run missed renewals only because it was
 * locked: its end is being written, or the next beat renews it.
 */
const abandonedRuns = async (deps: LeaseDeps, now: string): Promise<RunRecord[]> => {
  const expired = (await expiredRuns(deps.db.look, now)).filter(
    (run) => run.incarnation !== deps.self.incarnation && !deps.holds(run.historyId),
  )
  if (expired.length === 0) return []
  // One far ahead is of before the cluster's clock was set back.
  const isBeating = (at: string | null): boolean =>
    at !== null && Math.abs(Date.parse(now) - Date.parse(at)) <= deps.leaseMs
  const beating = (await allNodes(deps.db.look)).filter(({ lastHeartbeat }) => isBeating(lastHeartbeat))
  const alive = new Set(beating.map(({ nodeId, incarnation }) => `${nodeId} ${incarnation ?? ''}`))
  return expired.filter((run) => !alive.has(`${run.nodeId ?? ''} ${run.incarnation ?? ''}`))
}

/** A row no process stands behind would be renewed for ever and block its task. */
const isForgotten = ({ holds, unsure, leaseMs }: LeaseDeps, run: RunRecord, now: string): boolean =>
  !holds(run.historyId) &&
  !unsure.has(run.historyId) &&
  Date.parse(now) - Date.parse(run.startTime ?? now) > leaseMs

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
