import type { ClusterEvent } from '../../shared/domain/events.ts'
import { isoOf, type Clock } from '../platform/clock.ts'

/** A reader further behind than this loses the backlog and is told so: it reads the lists again. */
const MAX_BACKLOG = 500

/** Whether this node did it, or found that another one has. */
export type EventOrigin = 'here' | 'elsewhere'

export interface EventBus {
  emit(event: Omit<ClusterEvent, 'at'>): void
  /** The same for what another node did. */
  relay(event: Omit<ClusterEvent, 'at'>): void
  /** Events from now on, `hello` first; ends when `signal` aborts. */
  subscribe(signal: AbortSignal): AsyncGenerator<ClusterEvent, void, undefined>
  /** Calls `heard` for each event, at once; answers how to stop that. */
  listen(heard: (event: ClusterEvent, origin: EventOrigin) => void): () => void
}

interface Reader {
  backlog: ClusterEvent[]
  wake: () => void
}

export const createEventBus = (clock: Clock): EventBus => {
  const readers = new Set<Reader>()
  const listeners = new Set<(event: ClusterEvent, origin: EventOrigin) => void>()
  const stamped = (event: Omit<ClusterEvent, 'at'>): ClusterEvent => ({ ...event, at: isoOf(clock.now()) })

  const push = (reader: Reader, event: ClusterEvent): void => {
    if (reader.backlog.length >= MAX_BACKLOG) reader.backlog = [stamped({ type: 'missed' })]
    reader.backlog.push(event)
    reader.wake()
  }

  async function* subscribe(signal: AbortSignal): AsyncGenerator<ClusterEvent, void, undefined> {
    const reader: Reader = { backlog: [stamped({ type: 'hello' })], wake: () => undefined }
    const stop = (): void => reader.wake()
    readers.add(reader)
    signal.addEventListener('abort', stop)
    try {
      while (!signal.aborted) {
        const event = reader.backlog.shift()
        if (event) yield event
        else await new Promise<void>((resolve) => (reader.wake = resolve))
      }
    } finally {
      readers.delete(reader)
      signal.removeEventListener('abort', stop)
    }
  }

  const spread = (event: Omit<ClusterEvent, 'at'>, origin: EventOrigin): void => {
    const full = stamped(event)
    for (const reader of readers) push(reader, full)
    for (const heard of listeners) heard(full, origin)
  }

  return {
    emit: (event) => spread(event, 'here'),
    relay: (event) => spread(event, 'elsewhere'),
    subscribe,
    listen: (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
  }
}

/** Edits of captured records are entries of the change log: whoever watches the log hears of them too. */
export const announceChanges = (events: EventBus): (() => void) =>
  events.listen((event, origin) => {
    if (event.type !== 'task.changed' && event.type !== 'node.changed') return
    if (origin === 'here') events.emit({ type: 'change.recorded' })
    else events.relay({ type: 'change.recorded' })
  })
