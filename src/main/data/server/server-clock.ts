import type { Clock } from '../../platform/clock.ts'

/** The server's clock, without asking it each time: every node of a cluster goes by the same one. */
export interface ServerClock {
  /**
   * Milliseconds since 1970. Asks the server when this machine slept or its clock was set, and fails as the
   * question does: the time of a machine that nobody vouches for would start tasks early, or take them for missed.
   */
  now: () => Promise<number>
  /** Milliseconds it is ahead of this machine's clock. */
  offsetMs: () => number
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
}

/**
 * Kept going between measurements by this machine's monotonic clock, which no one sets.
 * @param ask answers the server's time, milliseconds since 1970.
 */
export const createServerClock = async (ask: () => Promise<number>, clock: Clock): Promise<ServerClock> => {
  let reading = await read(ask, clock)
  let measuring: Promise<void> | null = null
  const measure = (): Promise<void> => {
    measuring ??= read(ask, clock)
      .then((next) => void (reading = next))
      .finally(() => (measuring = null))
    return measuring
  }
  const elapsed = (): number => clock.monotonic() - reading.monotonic
  const jumped = (): boolean => Math.abs(clock.now() - reading.wall - elapsed()) > JUMP_MS
  return {
    now: async () => {
      if (jumped()) await measure()
      // In the background: the old reading is no worse than it was.
      else if (elapsed() > STALE_MS) measure().catch(() => undefined)
      return reading.server + elapsed()
    },
    offsetMs: () => reading.server - reading.wall,
  }
}

/** Asks several times, and keeps the answer that travelled fastest. */
const read = async (ask: () => Promise<number>, clock: Clock): Promise<Reading> => {
  let best: { reading: Reading; latencyMs: number } | undefined
  for (let count = 0; count < QUESTIONS; count += 1) {
    const before = clock.monotonic()
    const server = await ask()
    const after = clock.monotonic()
    const latencyMs = after - before
    // The server looked at its clock about half way through.
    if (!best || latencyMs < best.latencyMs)
      best = {
        reading: { server, wall: clock.now() - latencyMs / 2, monotonic: after - latencyMs / 2 },
        latencyMs,
      }
  }
  if (!best) throw new Error('the server was not asked for its time')
  return best.reading
}
