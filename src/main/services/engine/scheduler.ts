import type { Database } from '../../data/db.ts'
import { earliestNextRun } from '../../data/repos/schedules.ts'
import { allNodes, findNode } from '../../data/repos/nodes.ts'
import type { Taker } from '../../data/repos/taker.ts'
import { earliestNotBefore, type QueuePosition } from '../../data/repos/claims.ts'
import { messageOf } from '../../../shared/domain/errors.ts'
import { systemCaller } from '../caller.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'
import type { Self } from '../self.ts'
import { createScheduleCache } from '../tasks/schedule-of.ts'
import { claimWaiting, type Claimed, type Look } from './claims.ts'
import { holdIn } from './hold.ts'
import { elapsedSince, momentOf, type Moment } from './moment.ts'
import { around, createSlice, pollIn, watchClock, type Pace } from './pace.ts'
import { createDueRuns, type Moved } from './slots.ts'
import { asWritten, takerOf } from './taker.ts'
import type { Turn } from './turn.ts'
import type { UnsureClaims } from './unsure-claims.ts'

/** What one look at the clock does: due slots become runs, waiting runs are claimed and handed over. */

/** Longer than another node's write takes. */
const CONTENDED_MS = 25
/** What this node leaves to others for now, they take meanwhile. */
const SHARING_MS = 100
/** Of a slice of 20 ms; writing what was planned takes the rest. */
const PLANNING_MS = 6

export interface SchedulerDeps extends Pace {
  db: Database
  clock: Clock
  self: Self
  events: EventBus
  leaseMs: number
  /** What failed claims left. */
  unsure: UnsureClaims
  keyAvailable: () => boolean
  /** Why this node may not work under its id; null while it may. */
  identityTaken: () => string | null
  /** The cluster's clock was set back since the last look. */
  onSetBack: () => Promise<void>
  /** Runs held here now. */
  active: () => number
  /** @param heldSince when its lease began, or a little before. */
  dispatch: (claimed: Claimed, heldSince: Moment) => void
  /** Before its script is started: it ends without. */
  stop: (historyId: string) => void
  /** The database is this node's replica, the cluster database is away: only what is pinned here goes on. */
  onReplica?: boolean
  /**
   * Told before slots are committed: a replica that takes over right after knows of them, so that none is run twice.
   * @throws AppError UNAVAILABLE when it cannot be told in time: then they are made later.
   */
  onMoving?: (moved: readonly Moved[]) => Promise<void>
  /** Whether slots of tasks that are pinned to this node are left for later. */
  withoutPinned?: () => boolean
  /** In which slots are made, from the look at what is due until they are committed. */
  turn?: Turn
}

export interface SchedulerStatus {
  lastTick: string | null
  lastError: string | null
}

export interface Scheduler {
  /** @returns milliseconds until the next look is needed, at most `pollMs`. */
  tick: () => Promise<number>
  status: () => SchedulerStatus
  /**
   * Slots that come due from now on wait in the queue of the cluster. Resolves when a look that is going on
   * has handed over what it claimed, and what was claimed unawares is given back.
   */
  stopClaiming: () => Promise<void>
}

export const createScheduler = (deps: SchedulerDeps): Scheduler => {
  const look = createLook(deps)
  const status: SchedulerStatus = { lastTick: null, lastError: null }
  let claiming = true
  let going: Promise<unknown> = Promise.resolve()

  const tick = async (): Promise<number> => {
    try {
      const { now, wait } = await look()
      status.lastTick = now
      status.lastError = null
      return wait
    } catch (error) {
      status.lastError = messageOf(error)
      throw error
    }
  }

  return {
    tick: () => {
      const taken = deps.identityTaken()
      if (taken !== null) status.lastError = taken
      if (!claiming || taken !== null) return Promise.resolve(deps.pollMs)
      const ticking = tick()
      going = ticking.catch(() => undefined)
      return ticking
    },
    status: () => ({ ...status }),
    stopClaiming: async () => {
      claiming = false
      await going
      await deps.unsure.settle()
    },
  }
}

const createLook = (deps: SchedulerDeps) => {
  const { db, self, events } = deps
  const schedules = createScheduleCache()
  const wasSetBack = watchClock(deps.clock)

  /** Two transactions, each a slice of the main process's time: a look is not as long as both. */
  const makeSlots = () =>
    db.write({ actor: systemCaller.actor }, async (tx) => {
      const now = await db.now()
      if (await holdIn(tx)) return { now, taker: null, due: null }
      const nodes = await allNodes(tx)
      const anyhow = takerOf(asWritten(self.node(), nodes), nodes, deps.keyAvailable(), deps.onReplica)
      const taker = anyhow && { ...anyhow, withoutPinned: deps.withoutPinned?.() ?? false }
      const slice = createSlice(deps.clock, PLANNING_MS)
      const due = await createDueRuns(tx, now, schedules, taker, slice)
      if (due.moved.length > 0) await deps.onMoving?.(due.moved)
      return { now, taker, due }
    })

  const createDue = () => (deps.turn ? deps.turn(makeSlots) : makeSlots())
  const claim = createClaim(deps)

  /** A run that could have started and did not is blocked: only an ending or the poll frees it. */
  const nextLook = async (now: string, taker: Taker | null): Promise<number> => {
    const [slot, waiting] = await Promise.all([
      taker && earliestNextRun(db.look, taker),
      earliestNotBefore(db.look, { nodeId: self.nodeId, now, offline: deps.onReplica ?? false }),
    ])
    const times = [slot, waiting].filter((at) => at !== null)
    const earliest = Math.min(...times.map((at) => Date.parse(at) - Date.parse(now)))
    // What was due already is locked by someone who works on it.
    return earliest <= 0 ? CONTENDED_MS : Math.min(pollIn(deps), earliest)
  }

  return async (): Promise<{ now: string; wait: number }> => {
    await deps.unsure.settle()
    const { now, due, taker } = await createDue()
    for (const run of due?.created ?? [])
      events.emit({ type: 'run.queued', id: run.historyId, taskId: run.taskId, state: 'Queued' })
    if (wasSetBack(now)) {
      await deps.onSetBack()
      return { now, wait: 0 }
    }
    // The cluster is held: what is due stays due.
    if (!due) return { now, wait: deps.pollMs }
    const heldSince = momentOf(deps.clock)
    const { claimed, position, contended, shared } = await claim()
    await start(deps, claimed, heldSince)
    if (due.more || position) return { now, wait: 0 }
    if (due.contended || contended) return { now, wait: CONTENDED_MS }
    return { now, wait: shared ? around(SHARING_MS, deps) : await nextLook(now, taker) }
  }
}

/**
 * A hold that came while they were claimed saw none of them, so they are to see it (hold.ts). So does who was told
 * meanwhile that this node drains, or is retired, and that it takes nothing more.
 */
const start = async (deps: SchedulerDeps, claimed: readonly Claimed[], heldSince: Moment): Promise<void> => {
  if (claimed.length === 0) return
  // Until that is known they are claimed and not started.
  deps.unsure.note(claimed)
  const isHeld = (await holdIn(deps.db.look)) !== null
  const row = await findNode(deps.db.look, deps.self.nodeId)
  if (row && (row.isDraining || !row.isActive)) return deps.unsure.settle()
  // Whoever stood still for a lease may have lost them to others: they are given back, not started.
  if (elapsedSince(deps.clock, heldSince) > deps.leaseMs) return
  for (const one of claimed) {
    deps.unsure.forget(one.run.historyId)
    deps.dispatch(one, heldSince)
    if (isHeld) deps.stop(one.run.historyId)
  }
}

/** Claims go on through a long queue where the last one stopped. */
const createClaim = (deps: SchedulerDeps): (() => Promise<Look>) => {
  const { db, self } = deps
  let position: QueuePosition | null = null
  return async (): Promise<Look> => {
    // By the last attempt: what one did that the server took back is undone.
    let attempted: readonly Claimed[] = []
    try {
      const look = await db.write({ actor: systemCaller.actor }, async (tx) => {
        const options = {
          now: await db.now(),
          self,
          capacity: Math.max(0, self.node().maxConcurrentTasks - deps.active()),
          leaseMs: deps.leaseMs,
          keyAvailable: deps.keyAvailable(),
          offline: deps.onReplica ?? false,
        }
        const isHeld = options.capacity > 0 && (await holdIn(tx)) !== null
        const done = await claimWaiting(tx, isHeld ? { ...options, capacity: 0 } : options, position)
        attempted = done.claimed
        return done
      })
      // Only now: a transaction that the server took back has not moved it.
      position = look.position
      return look
    } catch (error) {
      // The answer to a commit can be lost: then these are Running here, and nobody would start them.
      deps.unsure.note(attempted)
      throw error
    }
  }
}
