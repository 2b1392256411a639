import type { Clock } from '../../platform/clock.ts'

/** The server's clock, without asking it each time: every node of a cluster goes by the same one. */
export interface ServerClock {
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds it is ahead of this machine's clock. */
  offsetMs: () => number
  /** Asks the server, several times, and keeps the answer that travelled fastest. */
  measure: () => Promise<void>
  /** How long one small question takes, milliseconds; the best of the last measurement. */
  latencyMs: () => number
}

const QUESTIONS = 3
/** Clocks of healthy machines drift less than a millisecond in this time. */
const STALE_MS = 60_000
/** The machine slept, or its clock was set: the monotonic clock may have stood still meanwhile. */
const JUMP_MS = 1_000

interface Reading {
  server: number
  wall: number
  monotonic: number
  latencyMs: number
}

/**
 * Kept going between measurements by this machine's monotonic clock, which no one sets.
 * @param ask answers the server's time, milliseconds since 1970.
 */
export const createServerClock = async (ask: () => Promise<number>, clock: Clock): Promise<ServerClock> => {
  let reading = await read(ask, clock)
  let measuring: Promise<void> | null = null
  const measure = async (): Promise<void> => {
    reading = await read(ask, clock)
  }
  /** In the background: what is going on uses the old reading, which is no worse than it was. */
  const remeasure = (): void => {
    measuring ??= measure()
      .catch(() => undefined)
      .finally(() => (measuring = null))
  }
  const elapsed = (): number => clock.monotonic() - reading.monotonic
  const slept = (): number => clock.now() - reading.wall - elapsed()
  return {
    now: () => {
      const asleep = slept()
      if (elapsed() > STALE_MS || Math.abs(asleep) > JUMP_MS) remeasure()
      // Time this machine slept through passed on the server too; a clock that was set tells nothing.
      return reading.server + elapsed() + (asleep > JUMP_MS ? asleep : 0)
    },
    offsetMs: () => reading.server - reading.wall,
    measure,
    latencyMs: () => reading.latencyMs,
  }
}

const read = async (ask: () => Promise<number>, clock: Clock): Promise<Reading> => {
  let best: Reading | undefined
  for (let count = 0; count < QUESTIONS; count += 1) {
    const before = clock.monotonic()
    const server = await ask()
    const after = clock.monotonic()
    const latencyMs = after - before
    // The server looked at its clock about half way through.
    if (!best || latencyMs < best.latencyMs)
      best = { server, wall: clock.now() - latencyMs / 2, monotonic: after - latencyMs / 2, latencyMs }
  }
  if (!best) throw new Error('the server was not asked for its time')
  return best
}
