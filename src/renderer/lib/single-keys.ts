/** Whether keys of one letter act: some people's tools type letters of their own. Kept for this window. */

const KEY = 'pswebhost-single-keys'
const listeners = new Set<() => void>()

export const singleKeys = {
  on: (): boolean => window.localStorage.getItem(KEY) !== 'off',
  set: (on: boolean): void => {
    if (on) window.localStorage.removeItem(KEY)
    else window.localStorage.setItem(KEY, 'off')
    for (const listener of listeners) listener()
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
