import { useEffect } from 'react'
import type { EventStream } from './event-stream.ts'

/** Follows the node's events while the component is mounted. One of these in the app: stores listen to it. */
export const useEvents = (stream: EventStream): void => {
  useEffect(() => {
    const stop = stream.start()
    const onOnline = (): void => {
      if (stream.connection.getState().state === 'away') stream.retryNow()
    }
    window.addEventListener('online', onOnline)
    return () => {
      window.removeEventListener('online', onOnline)
      stop()
    }
  }, [stream])
}
