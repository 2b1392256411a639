import type { Cluster, EmergencyStop, Hold } from '../../shared/domain/cluster.ts'
import type { NodeState } from '../../shared/domain/node.ts'
import type { Database } from '../data/db.ts'
import { countQueued } from '../data/repos/claims.ts'
import { insertHold, releaseHolds } from '../data/repos/holds.ts'
import { lockCluster } from '../data/repos/locks.ts'
import { allNodes, runningCounts } from '../data/repos/nodes.ts'
import { newId } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Caller } from './caller.ts'
import { cancelLeft, endEverything, type EndDeps } from './cluster/end-everything.ts'
import { holdIn, holdText } from './engine/hold.ts'
import { stateInWords } from './nodes/records.ts'
import type { Services } from './services.ts'

/** The cluster as a whole: its numbers, emergency stop and its end. */

export interface ClusterDeps extends EndDeps {
  clusterId: string
  /** A heartbeat older than this makes a node Away, milliseconds. */
  awayAfterMs: number
  log: Log
  wake: () => void
}

export const createCluster = (deps: ClusterDeps): Services['cluster'] => {
  const { db, events, log } = deps
  const changed = ({ holdId }: Hold): void => events.emit({ type: 'cluster.changed', id: holdId })
  return {
    get: () => clusterNow(deps),
    stop: async (caller, given): Promise<EmergencyStop> => {
      const reason = given ?? caller.reason
      const hold = await holdCluster(db, caller, reason)
      log.warn(holdText(hold))
      changed(hold)
      return { hold, ...(await endEverything(deps, caller, reason)) }
    },
    resume: async (caller) => {
      const hold = await releaseCluster(deps, caller)
      if (hold) {
        log.warn(`${caller.actor} resumed the cluster${caller.reason ? ` (${caller.reason})` : ''}`)
        changed(hold)
        deps.tellOthers()
        deps.wake()
      }
      return clusterNow(deps)
    },
  }
}

/** Who stopped it first stands. */
const holdCluster = (db: Database, { actor }: Caller, reason: string | null): Promise<Hold> =>
  db.write({ actor, reason }, async (tx) => {
    await lockCluster(tx)
    const held = await holdIn(tx)
    if (held) return held
    const hold: Hold = { holdId: newId(), heldAt: await db.now(), heldBy: actor, reason }
    await insertHold(tx, { ...hold, releasedAt: null, releasedBy: null })
    return hold
  })

/** @returns what was released; null: the cluster was not held. */
const releaseCluster = async (deps: ClusterDeps, caller: Caller): Promise<Hold | null> => {
  const { db } = deps
  const { actor, reason } = caller
  const hold = await holdIn(db.look)
  if (hold) await cancelLeft(deps, caller, hold)
  return db.write({ actor, reason }, async (tx) => {
    await lockCluster(tx)
    const held = await holdIn(tx)
    if (held) await releaseHolds(tx, { releasedAt: await db.now(), releasedBy: actor })
    return held
  })
}

const clusterNow = async ({ db, clusterId, awayAfterMs }: ClusterDeps): Promise<Cluster> => {
  const context = { now: await db.now(), awayAfterMs }
  const nodes = (await allNodes(db.read)).map((row) => ({
    state: stateInWords(row, undefined, context).state,
    capacity: row.maxConcurrentTasks,
  }))
  const count = (state: NodeState): number => nodes.filter((node) => node.state === state).length
  const running = [...(await runningCounts(db.read)).values()]
  return {
    clusterId,
    nodes: {
      active: count('Active'),
      away: count('Away'),
      draining: count('Draining'),
      retired: count('Retired'),
    },
    capacity: sum(nodes.flatMap(({ state, capacity }) => (state === 'Active' ? [capacity] : []))),
    running: sum(running),
    queued: await countQueued(db.read),
    hold: await holdIn(db.read),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
