import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { Connection, EventStream } from '../lib/event-stream.ts'

export const ConnectionContext = createContext<EventStream | null>(null)

export const useStream = (): EventStream => {
  const stream = use(ConnectionContext)
  if (!stream) throw new Error('No event stream above this component')
  return stream
}

export const useConnection = (): Connection => useStore(useStream().connection)
