import { useEffect, useRef, useState } from 'react'
import { isSamePage, parseHash, useRouter } from './router.ts'

/** What may be lost by leaving. The same object as long as the form is the same. */
export interface Guarded {
  isDirty: () => boolean
  discard: () => void
}

/** Holds every way out while something is unsaved; `to` is where the person wanted to go. */
export const useLeaveGuard = (guarded: Guarded) => {
  const router = useRouter()
  const [to, setTo] = useState<string | null>(null)
  // Who may leave is not asked again: a form says that nothing of it is left only when it is drawn anew.
  const mayLeave = useRef(false)
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (guarded.isDirty()) event.preventDefault()
    }
    window.addEventListener('beforeunload', onUnload)
    const release = router.guard((next) => {
      // Filters of the list may change under the form.
      if (mayLeave.current || !guarded.isDirty() || isSamePage(parseHash(next), router.current()))
        return false
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
    if (to === null) return
    mayLeave.current = true
    router.go(to)
    mayLeave.current = false
  }
  return { to, go, stay: () => setTo(null) }
}
