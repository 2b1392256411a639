import { messageOf } from '../../shared/domain/errors.ts'
import type { Clock } from '../platform/clock.ts'

/** A repeated duty: never overlaps itself, is retried for ever with backoff, and ends by its signal. */

export interface LoopOptions {
  name: string
  clock: Clock
  signal: AbortSignal
  log: { warn: (message: string) => void }
  /** Does the work; answers how many milliseconds until it should be done again. */
  body: () => Promise<number>
  /** Longest wait after failures, milliseconds. */
  maxBackoffMs?: number
}

export interface Loop {
  /** Does the work again now, or right after what is going on. */
  wake(): void
  /** Resolves when the signal has aborted and the last round has ended. */
  readonly ended: Promise<void>
}

const FIRST_BACKOFF_MS = 250

export const startLoop = (options: LoopOptions): Loop => {
  const { clock, signal, body, maxBackoffMs = 30_000 } = options
  let woken = false
  let nudge = new AbortController()
  let failures = 0

  const round = async (): Promise<number> => {
    try {
      const wait = await body()
      failures = 0
      return wait
    } catch (error) {
      failures += 1
      // A server may be away for a night: ever more rarely.
      if (isPowerOfTwo(failures))
        options.log.warn(`${options.name} failed (${failures} in a row): ${messageOf(error)}`)
      // Nodes that fail together do not try again together.
      return (
        Math.min(maxBackoffMs, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 10)) *
        (0.75 + Math.random() / 2)
      )
    }
  }

  const rest = async (ms: number): Promise<void> => {
    nudge = new AbortController()
    // Without a wait too there is a turn for others: a round may have used up a slice of the process's time.
    if (!woken) await clock.sleep(Math.max(0, ms), AbortSignal.any([nudge.signal, signal]))
    else await clock.sleep(0, signal)
    woken = false
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) await rest(await round())
  }

  return {
    wake: () => {
      woken = true
      nudge.abort()
    },
    ended: run(),
  }
}

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count))

/** A duty at a fixed pace. */
export const every = (ms: number, body: () => Promise<void>, options: Omit<LoopOptions, 'body'>): Loop =>
  startLoop({
    ...options,
    body: async () => {
      await body()
      return ms
    },
  })
