import { systemClock, type Clock } from '../../src/main/platform/clock.ts'

/**
 * A clock that runs, and can be moved: `set` and `advance` are what a machine's clock does when it is set,
 * or when the machine slept. Sleeps wake when it moves, as loops do on resume; the monotonic time goes on
 * as it was, as on Linux.
 */
export interface TestClock extends Clock {
  advance(ms: number): void
  set(time: string | number): void
}

export const testClock = (start?: string | number): TestClock => {
  const wakers = new Set<() => void>()
  let offset = 0
  const set = (time: string | number): void => {
    offset = new Date(time).getTime() - systemClock.now()
    for (const wake of [...wakers]) wake()
  }
  if (start !== undefined) set(start)
  return {
    now: () => systemClock.now() + offset,
    monotonic: () => systemClock.monotonic(),
    sleep: async (ms, signal) => {
      const moved = new AbortController()
      const wake = (): void => moved.abort()
      wakers.add(wake)
      await systemClock.sleep(ms, signal ? AbortSignal.any([signal, moved.signal]) : moved.signal)
      wakers.delete(wake)
    },
    set,
    advance: (ms) => set(systemClock.now() + offset + ms),
  }
}

/** Stands still until it is moved, monotonic time included; sleeping is not for it. */
export const stillClock = (start: string): TestClock => {
  let time = Date.parse(start)
  let elapsed = 0
  return {
    now: () => time,
    monotonic: () => elapsed,
    sleep: () => Promise.resolve(),
    set: (to) => (time = new Date(to).getTime()),
    advance: (ms) => {
      time += ms
      elapsed += ms
    },
  }
}
