import { useDeferredValue, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { isField } from './field.ts'
import { isSamePage, useRoute, useRouter, type Route } from './router.ts'

/** So long another page may be built while what happens meanwhile comes first; rows that stream in never end. */
const PATIENCE_MS = 150

/** Digits lead to the next view, whatever page there is: nobody who hurries through waits for those between. */
const leadsOn = ({ key, target }: KeyboardEvent): boolean => /^\d$/.test(key) && !isField(target)

/**
 * The page to draw. A click or key that leads to another one is answered at once, by the row it marks and the link of
 * the view; the page follows, built a little at a time. It is there at once for the next key, which is meant for it:
 * the page that is being left must neither act on it nor take what is typed. Filters, which are typed, are never
 * behind.
 */
export const useDrawnRoute = (): Route => {
  const router = useRouter()
  const route = useRoute()
  const later = useDeferredValue(route)
  // The page that was drawn before its turn; what is drawn later may still be of the one before it.
  const [ahead, setAhead] = useState<Route | null>(null)
  const hasCome = isSamePage(route, later)
  if (hasCome && ahead !== null) setAhead(null)
  const drawn = hasCome ? route : (ahead ?? later)
  const isLeft = !isSamePage(drawn, route)
  useLayoutEffect(() => {
    if (!isLeft) return router.drawn()
    const follow = (): void => setAhead(route)
    const followKey = (event: KeyboardEvent): void => {
      if (!leadsOn(event)) flushSync(follow)
    }
    window.addEventListener('keydown', followKey, { capture: true })
    const timer = setTimeout(follow, PATIENCE_MS)
    return () => {
      window.removeEventListener('keydown', followKey, { capture: true })
      clearTimeout(timer)
    }
  }, [router, route, isLeft])
  return isLeft ? drawn : route
}
