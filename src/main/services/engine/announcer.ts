import type { ClusterEvent } from '../../../shared/domain/events.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventBus } from '../events.ts'

/** Lets other nodes look at once when something happened here that they may act on. */

export interface AnnouncerDeps {
  events: EventBus
  clock: Clock
  /** Whether this node has the run already: then nobody else needs to hurry. */
  holds: (historyId: string) => boolean
  tell: () => void
}

/** Queued runs are mostly claimed by the node that made them, within this time. */
const OWN_CLAIM_MS = 40

const EDITS: ReadonlySet<ClusterEvent['type']> = new Set(['task.changed', 'node.changed'])

export const createAnnouncer = ({ events, clock, holds, tell }: AnnouncerDeps): { close: () => void } => {
  const queued = new Set<string>()
  const tellOfQueued = async (): Promise<void> => {
    await clock.sleep(OWN_CLAIM_MS)
    const isFree = [...queued].some((historyId) => !holds(historyId))
    queued.clear()
    if (isFree) tell()
  }
  const close = events.listen(({ type, id }, origin) => {
    if (origin === 'elsewhere') return
    if (EDITS.has(type)) tell()
    if (type !== 'run.queued' || id === undefined) return
    queued.add(id)
    if (queued.size === 1) void tellOfQueued()
  })
  return { close }
}
