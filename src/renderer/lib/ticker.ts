import { createContext } from 'react'

/** One interval for everything that ticks; it sleeps while nobody looks, and can be held still. */
export interface Ticker {
  /** Milliseconds; changes once a second at most. */
  now: () => number
  subscribe: (listener: () => void) => () => void
  /** Holds the time still, while the data on screen is old: 'in 5 m' must not count down to a lie. */
  freeze: (frozen: boolean) => void
}

export const createTicker = (clock: () => number = Date.now): Ticker => {
  const listeners = new Set<() => void>()
  let time = clock()
  let frozen = false
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = (): void => {
    if (frozen) return
    time = clock()
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    if (timer === undefined) {
      tick()
      timer = setInterval(tick, 1000)
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
  const freeze = (next: boolean): void => {
    frozen = next
    tick()
  }
  return { now: () => time, subscribe, freeze }
}

/** Given by app.tsx: `wall` always goes on, `data` stands still while the node cannot be reached. */
export const TickerContext = createContext<{ wall: Ticker; data: Ticker } | null>(null)
