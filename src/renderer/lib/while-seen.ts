/**
 * Acts every `ms` while somebody may look: for what changes without an event.
 * @returns what ends it
 */
export const whileSeen = (act: () => void, ms: number): (() => void) => {
  const timer = setInterval(() => document.hidden || act(), ms)
  return () => clearInterval(timer)
}
