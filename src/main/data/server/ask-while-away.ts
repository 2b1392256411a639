import { setTimeout as sleep } from 'node:timers/promises'
import type { Away } from '../dialects/connection.ts'
import { DatabaseFailure } from '../errors.ts'
import type { Availability } from './away.ts'
import type { Turns } from './turns.ts'

/*
 * A server behind a way that swallows everything fails nobody soon: each statement, and each new connection, waits for
 * its full time. So once it is known to be away, one question at a time is put to it, and everybody else is told at
 * once; what a replica can answer is answered as fast as ever.
 */

/** So long everybody still asks: a server that has only dropped its connections is back by then. */
const PATIENCE_MS = 2_000
/** Between the questions, and before the first. Real time, as the drivers' own waits. */
const PAUSE_MS = 500

export interface AskWhileAway {
  /** @throws DatabaseFailure `away` at once, while the server is known to be so. */
  refuse: () => void
  /** Those who wait for a connection there are told too. */
  watch: (turns: Turns) => void
  /** Resolves when nothing is asked any more. */
  close: () => Promise<void>
}

/**
 * @param ask puts a question through a connection of its own; that it was answered is noted where all answers are.
 *   Rejects as a statement does.
 */
export const askWhileAway = (availability: Availability, ask: () => Promise<unknown>): AskWhileAway => {
  const closing = new AbortController()
  const watched: Turns[] = []
  let refused: DatabaseFailure | null = null
  let asking: Promise<void> = Promise.resolve()

  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
  const isOver = (away: Away): boolean => closing.signal.aborted || availability.away() !== away
  const askOn = async (away: Away): Promise<void> => {
    await pause(PAUSE_MS)
    while (!isOver(away)) {
      await ask().catch(() => undefined)
      await pause(PAUSE_MS)
    }
  }
  const refuseLater = async (away: Away): Promise<void> => {
    await pause(PATIENCE_MS)
    if (isOver(away)) return
    refused = new DatabaseFailure('away', away.reason, undefined)
    for (const turns of watched) turns.endWaits(refused)
  }
  availability.onChange((away) => {
    refused = null
    if (away) asking = Promise.all([asking, askOn(away), refuseLater(away)]).then(() => undefined)
  })
  return {
    refuse: () => {
      if (refused) throw refused
    },
    watch: (turns) => void watched.push(turns),
    close: async () => {
      closing.abort()
      await asking
    },
  }
}
