import { use, useSyncExternalStore } from 'react'
import { TickerContext, type Ticker } from './ticker.ts'

const useTicker = (which: 'wall' | 'data'): Ticker => {
  const tickers = use(TickerContext)
  if (!tickers) throw new Error('No ticker above this component')
  return tickers[which]
}

/**
 * A text that depends on the time. The component renders again only when the text changes, so hundreds of
 * 'in 2 h' cost nothing while one 'in 28 s' ticks.
 */
export const useTicking = (text: (now: number) => string, which: 'wall' | 'data' = 'data'): string => {
  const ticker = useTicker(which)
  return useSyncExternalStore(ticker.subscribe, () => text(ticker.now()))
}

/** The time itself, ticking every second. For the few leaves that need more than one text of it. */
export const useNow = (which: 'wall' | 'data' = 'data'): number => {
  const ticker = useTicker(which)
  return useSyncExternalStore(ticker.subscribe, ticker.now)
}
