import { askedOf, forgetAsked } from '../data/replica/cursor.ts'
import { startLoop, type Loop } from '../loops/loop.ts'
import type { Reach } from '../services/sync/reach.ts'
import type { Rounds } from '../services/sync/rounds.ts'
import type { TableSyncDeps } from './table-sync.ts'

const SECOND = 1000
/** Changes that come together are fetched together. */
const GATHER_MS = 100
/** How often it looks whether another node asks it for a round. */
const LOOK_MS = 2_000
/** How often it looks whether its node has joined, after a start without the cluster database. */
const JOIN_MS = 200

/** What this node hears of that the replica should have, or the cluster database. */
const WAKING: ReadonlySet<string> = new Set(['change.recorded', 'database.back', 'missed'])

/** At the configured pace, when somebody asks for it, and as soon as this node hears of a change. */
export const startRounds = (
  { db, config, nodeId, clock, log, events, hasJoined }: TableSyncDeps,
  { rounds, reach, signal }: { rounds: Rounds; reach: Reach; signal: AbortSignal },
): Loop => {
  let isTold = true
  let dueAt = 0
  const body = async (): Promise<number> => {
    if (!hasJoined()) return JOIN_MS
    const asked = db.server?.away() ? null : await askedOf(db.look, nodeId)
    if (!isTold && asked === null && clock.monotonic() < dueAt) {
      // The last thing that waited may be one that no round delivers, such as the result of a run.
      await reach.returnWhenDelivered()
      return LOOK_MS
    }
    isTold = false
    dueAt = clock.monotonic() + config.tableSync.interval * SECOND
    try {
      await (asked === 'bootstrap' ? rounds.bootstrap() : rounds.run())
    } finally {
      // A replica that cannot follow (its disk is full, changes need a newer program) keeps nobody from going back.
      await reach.returnWhenDelivered()
    }
    if (asked) await db.write({ actor: 'system' }, (tx) => forgetAsked(tx, nodeId, asked))
    return LOOK_MS
  }
  const loop = startLoop({ clock, log, signal, name: 'table sync', body, maxBackoffMs: 5 * SECOND })
  const stopListening = events.listen(({ type }) => {
    if (!WAKING.has(type)) return
    isTold = true
    void clock.sleep(GATHER_MS, signal).then(() => loop.wake())
  })
  signal.addEventListener('abort', stopListening)
  return loop
}
