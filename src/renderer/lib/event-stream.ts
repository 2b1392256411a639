import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ClusterEvent } from '../../shared/domain/events.ts'
import { toAppError } from './app-error.ts'

/** Whether the node answers. `since` and `nextTryAt` are epoch milliseconds. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'away'; since: number; nextTryAt: number; reason: string }

export interface EventStream {
  connection: StoreApi<Connection>
  subscribe: (listener: (event: ClusterEvent) => void) => () => void
  /** Follows the node until stopped; tries again for ever, later and later. */
  start: () => () => void
  /** Ends a wait, or a stream that may hang. */
  retryNow: () => void
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

/** `open` asks the node for its events. Every listener hears every event of every connection. */
export const createEventStream = (
  open: (signal: AbortSignal) => Promise<AsyncIterable<ClusterEvent>>,
): EventStream => {
  const connection = createStore<Connection>(() => ({ state: 'connecting' }))
  const listeners = new Set<(event: ClusterEvent) => void>()
  let attempt = new AbortController()

  const listen = async (signal: AbortSignal): Promise<void> => {
    for await (const event of await open(signal)) {
      if (signal.aborted) return
      connection.setState({ state: 'live' }, true)
      for (const listener of listeners) listener(event)
    }
  }
  /** Why the stream ended; a clean end (the node shuts down) counts as gone too. */
  const listenOnce = (signal: AbortSignal): Promise<string> =>
    listen(signal).then(
      () => 'The node closed the connection.',
      (thrown: unknown) => toAppError(thrown).message,
    )
  const away = (reason: string, wait: number): void => {
    const before = connection.getState()
    const since = before.state === 'away' ? before.since : Date.now()
    connection.setState({ state: 'away', since, nextTryAt: Date.now() + wait, reason }, true)
  }
  const follow = async (stop: AbortSignal): Promise<void> => {
    let wait = FIRST_WAIT_MS
    while (!stop.aborted) {
      attempt = new AbortController()
      const reason = await listenOnce(AbortSignal.any([stop, attempt.signal]))
      if (stop.aborted) return
      wait = connection.getState().state === 'live' ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS)
      away(reason, wait)
      attempt = new AbortController()
      await pause(wait, AbortSignal.any([stop, attempt.signal]))
    }
  }
  return {
    connection,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    start: () => {
      const stop = new AbortController()
      void follow(stop.signal)
      return () => stop.abort()
    },
    retryNow: () => attempt.abort(),
  }
}
