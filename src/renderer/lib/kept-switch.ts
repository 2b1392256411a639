import { useSyncExternalStore } from 'react'

/** What the person switches for this window or browser only; on until it is switched off. */
export interface KeptSwitch {
  on: () => boolean
  set: (on: boolean) => void
  subscribe: (listener: () => void) => () => void
}

export const keptSwitch = (key: string): KeptSwitch => {
  const listeners = new Set<() => void>()
  return {
    on: () => window.localStorage.getItem(key) !== 'off',
    set: (on) => {
      if (on) window.localStorage.removeItem(key)
      else window.localStorage.setItem(key, 'off')
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export const useKept = (kept: KeptSwitch): boolean => useSyncExternalStore(kept.subscribe, kept.on)
