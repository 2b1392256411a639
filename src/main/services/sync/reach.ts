import type { Away } from '../../data/dialects/connection.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { EventBus } from '../events.ts'

/**
 * Whether this node asks the cluster database or its replica. It leaves at once when the database is lost, and comes
 * back only when what was edited and what ran meanwhile is delivered: nobody finds his edit gone for a moment.
 */
export interface Reach {
  /** Since when the replica answers, ISO; null: the cluster database does. */
  offlineSince(): string | null
  /** After a round of sync: comes back when nothing waits any more. */
  returnWhenDelivered(waiting: () => Promise<number>): Promise<void>
}

export interface ReachDeps {
  server: { away(): Away | null; onChange(listener: (away: Away | null) => void): void }
  /** Whether the replica was ever filled: an empty one answers nothing. */
  isFilled: () => boolean
  clock: Clock
  events: EventBus
  log: Log
}

export const createReach = ({ server, isFilled, clock, events, log }: ReachDeps): Reach => {
  let since: string | null = null
  const leave = (): void => {
    if (since !== null || !isFilled()) return
    since = isoOf(clock.now())
    log.warn('the cluster database is away: this node answers from its replica, and edits wait there')
    events.emit({ type: 'sync.progress' })
  }
  server.onChange((away) => {
    if (away) leave()
  })
  if (server.away()) leave()
  return {
    offlineSince: () => since,
    returnWhenDelivered: async (waiting) => {
      if (since === null || server.away()) return
      if ((await waiting()) > 0 || server.away()) return
      since = null
      log.info('what waited on the replica is delivered: this node asks the cluster database again')
      events.emit({ type: 'sync.progress' })
      events.emit({ type: 'missed' })
    },
  }
}
