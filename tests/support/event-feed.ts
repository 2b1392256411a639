import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { NOW } from './memory-records.ts'

/** Events for whoever subscribed, in memory. */
export const eventFeed = () => {
  const listeners = new Set<(event: ClusterEvent) => void>()
  return {
    emit: (event: ClusterEvent): void => listeners.forEach((listen) => listen(event)),
    readers: (): number => listeners.size,
    subscribe: async function* (signal: AbortSignal): AsyncGenerator<ClusterEvent> {
      const waiting: ClusterEvent[] = [{ type: 'hello', at: NOW }]
      let wake = (): void => {}
      const listen = (event: ClusterEvent): void => {
        waiting.push(event)
        wake()
      }
      const stop = (): void => wake()
      listeners.add(listen)
      signal.addEventListener('abort', stop)
      try {
        while (!signal.aborted) {
          const next = waiting.shift()
          if (next) yield next
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        listeners.delete(listen)
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
