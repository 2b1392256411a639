/**
 * Calls `act` soon after the first request and never more often than every `ms`, however many ask: a busy
 * node sends many events, a list needs reading again once.
 */
export const throttle = (act: () => void, ms: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = -Infinity
  return () => {
    if (timer !== undefined) return
    const wait = Math.max(40, last + ms - performance.now())
    timer = setTimeout(() => {
      timer = undefined
      last = performance.now()
      act()
    }, wait)
  }
}
