import { createContext, useEffect, useState } from 'react'

/** A dialog, or null: the page. */
export type KeyScope = symbol | null

const opened: symbol[] = []

/** Who has the keys now: the dialog that was opened last, or the page. */
export const currentKeyScope = (): KeyScope => opened.at(-1) ?? null

/** To which of them a component belongs. */
export const keyScopeContext = createContext<KeyScope>(null)

/** A scope of its own, which has the keys for as long as the component is there. */
export const useOwnKeyScope = (): KeyScope => {
  const [scope] = useState(() => Symbol('keys'))
  useEffect(() => {
    opened.push(scope)
    return () => {
      // The key that closes it is not over yet: the page behind is not to act on it, too.
      setTimeout(() => opened.splice(opened.indexOf(scope), 1))
    }
  }, [scope])
  return scope
}
