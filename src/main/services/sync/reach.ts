import type { Away } from '../../data/dialects/connection.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Turn } from '../engine/turn.ts'
import type { EventBus } from '../events.ts'

/**
 * Whether this node asks the cluster database or its replica. It leaves at once when the database is lost, and comes
 * back only when what was edited and what ran meanwhile is delivered: nobody finds his edit gone for a moment.
 */
export interface Reach {
  /** Since when the replica answers, ISO; null: the cluster database does. */
  offlineSince(): string | null
  /** After a round of sync: comes back when nothing waits any more. */
  returnWhenDelivered(): Promise<void>
}

export interface ReachDeps {
  server: { away(): Away | null; onChange(listener: (away: Away | null) => void): void }
  /** Whether the replica was ever filled: an empty one answers nothing. */
  isFilled: () => boolean
  /** How much the cluster database has yet to get. */
  waiting: () => Promise<number>
  /** Whether the cluster database knows of this start of the node: before, nothing of it may be delivered there. */
  hasJoined: () => boolean
  /** An earlier start left something: until it is delivered this node goes on by its replica. */
  hasWaiting: boolean
  /** Nothing is made on the replica while it is decided whether something waits there. */
  turn: Turn
  clock: Clock
  events: EventBus
  log: Log
}

const AWAY = 'the cluster database is away'

export const createReach = (deps: ReachDeps): Reach => {
  const { server, isFilled, clock, log, events } = deps
  let since: string | null = null
  const leave = (why: string): void => {
    if (since !== null || !isFilled()) return
    since = isoOf(clock.now())
    log.warn(`${why}: this node answers from its replica, and edits wait there`)
    events.emit({ type: 'sync.progress' })
  }
  const comeBack = async (): Promise<void> => {
    if (since === null || !deps.hasJoined() || (await deps.waiting()) > 0 || server.away()) return
    since = null
    log.info('what waited on the replica is delivered: this node asks the cluster database again')
    events.emit({ type: 'sync.progress' })
    events.emit({ type: 'missed' })
  }
  server.onChange((away) => {
    if (away) leave(AWAY)
  })
  if (server.away()) leave(AWAY)
  else if (deps.hasWaiting) leave('what an earlier start left is not delivered yet')
  return {
    offlineSince: () => since,
    returnWhenDelivered: async () => {
      if (since !== null && !server.away()) await deps.turn(comeBack)
    },
  }
}
