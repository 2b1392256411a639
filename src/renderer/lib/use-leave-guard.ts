import { useEffect, useState } from 'react'
import { parseHash, useRouter, type Route } from './router.ts'

/** What may be lost by leaving. The same object as long as the form is the same. */
export interface Guarded {
  isDirty: () => boolean
  discard: () => void
}

/** Holds every way out while something is unsaved; `to` is where the person wanted to go. */
export const useLeaveGuard = (guarded: Guarded) => {
  const router = useRouter()
  const [to, setTo] = useState<string | null>(null)
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (guarded.isDirty()) event.preventDefault()
    }
    window.addEventListener('beforeunload', onUnload)
    const release = router.guard((next) => {
      // Filters of the list may change under the form.
      if (!guarded.isDirty() || isSame(parseHash(next), router.current())) return false
      setTo(next)
      return true
    })
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      release()
    }
  }, [router, guarded])
  const go = (): void => {
    guarded.discard()
    setTo(null)
    if (to !== null) router.go(to)
  }
  return { to, go, stay: () => setTo(null) }
}

const isSame = (a: Route, b: Route): boolean => a.path.join('/') === b.path.join('/')
