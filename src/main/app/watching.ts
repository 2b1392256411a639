import type { OpenDatabase } from '../data/db.ts'
import type { NodeRow } from '../data/repos/nodes.ts'
import { startLoop, type Loop, type LoopOptions } from '../loops/loop.ts'
import type { Clock } from '../platform/clock.ts'
import { createAnnouncer } from '../services/engine/announcer.ts'
import type { Dispatcher } from '../services/engine/dispatch.ts'
import { createLiveOutput } from '../services/engine/live-output.ts'
import { createWatch } from '../services/engine/watch.ts'
import type { EventBus } from '../services/events.ts'
import type { Self } from '../services/self.ts'

/** What ties a node to the others of its cluster: it sees what they do, is woken by them, and shows them its output. */

export interface WatchingDeps {
  db: Pick<
    OpenDatabase,
    'look' | 'write' | 'now' | 'read' | 'schemaVersion' | 'refreshSchema' | 'server' | 'close'
  >
  clock: Clock
  self: Self
  events: EventBus
  dispatcher: Pick<Dispatcher, 'live' | 'stop' | 'holds'>
  awayAfterMs: number
  spoolDir: string
  setSelf: (row: NodeRow) => void
  /** The scheduler. */
  wake: () => void
}

const LOOK_MS = 1_000
/** On a file nobody else writes while a node runs: what is left is what time does. */
const LONE_LOOK_MS = 10_000
/** Signals wake it no more often. */
const LEAST_MS = 250

export const startWatching = (
  deps: WatchingDeps,
  loop: Pick<LoopOptions, 'clock' | 'log' | 'signal'>,
): { watch: Loop; liveOutput: Loop } => {
  const { db, clock, events, dispatcher } = deps
  const signals = db.server?.signals ?? null
  const live = (): string[] => dispatcher.live().map(({ claimed }) => claimed.run.historyId)
  const output = createLiveOutput({ ...deps, live })
  const liveOutput = startLoop({ ...loop, name: 'live output', body: output.tick, maxBackoffMs: 5_000 })
  const looker = createWatch({
    ...deps,
    isAlone: db.server === null,
    live,
    stop: (historyId) => void dispatcher.stop(historyId, 'stop'),
    ownRow: deps.setSelf,
    followed: () => {
      if (output.isIdle()) liveOutput.wake()
    },
  })
  let lookedAt = -Infinity
  const body = async (): Promise<number> => {
    lookedAt = clock.monotonic()
    await looker.look()
    return db.server ? LOOK_MS * (0.9 + Math.random() / 5) : LONE_LOOK_MS
  }
  const watch = startLoop({ ...loop, name: 'watch', body, maxBackoffMs: 5_000 })
  let woken = false
  const lookSoon = (): void => {
    if (woken) return
    woken = true
    const early = Math.max(0, LEAST_MS - (clock.monotonic() - lookedAt))
    // Nodes that are told together do not ask together.
    void clock.sleep(early + Math.random() * 30, loop.signal).then(() => {
      woken = false
      watch.wake()
    })
  }
  signals?.onSignal(lookSoon)
  // Where it looks rarely, what a run's end means for its task is not to wait for that.
  const close = events.listen(({ type }, origin) => {
    if (origin === 'here' && type === 'run.finished' && !db.server) lookSoon()
  })
  const announcer = createAnnouncer({ ...deps, holds: dispatcher.holds, tell: () => signals?.send() })
  loop.signal.addEventListener('abort', () => {
    close()
    announcer.close()
    looker.close()
  })
  return { watch, liveOutput }
}
