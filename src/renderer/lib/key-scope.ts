import { createContext, useLayoutEffect, useState } from 'react'

/** A dialog, or null: the page. */
export type KeyScope = symbol | null

const opened: symbol[] = []

/** When the last dialog was gone, on the clock of the page's events. */
let closedAt = 0

/**
 * Whether a key is for a scope: the dialog that was opened last has the keys, or else the page. A key that was pressed
 * before a dialog was gone, such as the one that closed it, was not meant for what is behind it.
 */
export const hears = (scope: KeyScope, { timeStamp }: KeyboardEvent): boolean =>
  (opened.at(-1) ?? null) === scope && timeStamp > closedAt

/** To which of them a component belongs. */
export const keyScopeContext = createContext<KeyScope>(null)

/** The focus goes back from what is closed, unless somebody has taken it elsewhere meanwhile. */
const giveBack = (focus: Element | null): void => {
  const now = document.activeElement
  const isFree = now === null || now === document.body || now.closest('[role="dialog"]') !== null
  if (isFree && focus instanceof HTMLElement && focus.isConnected) focus.focus({ preventScroll: true })
}

/**
 * A scope of its own, which has the keys for as long as the component is there; then what had the focus before has it
 * again.
 */
export const useOwnKeyScope = (): KeyScope => {
  const [scope] = useState(() => Symbol('keys'))
  // With its picture, not after it: who sees it, or sees that it is gone, may press the next key at once.
  useLayoutEffect(() => {
    const focus = document.activeElement
    opened.push(scope)
    return () => {
      opened.splice(opened.indexOf(scope), 1)
      closedAt = performance.now()
      giveBack(focus)
    }
  }, [scope])
  return scope
}
