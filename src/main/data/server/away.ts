import { AppError, messageOf } from '../../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Away } from '../dialects/connection.ts'
import { DatabaseFailure } from '../errors.ts'

/** Whether the server answers, as the statements of this node find it. */
export interface Availability {
  away: () => Away | null
  onChange: (listener: (away: Away | null) => void) => void
  /** A statement was answered, be it with a refusal. */
  noteAnswer: () => void
  /** A connection could not be had, or a statement failed; what is no sign of absence is passed over. */
  noteFailure: (error: unknown) => void
}

/** What the drivers put on errors that came from their servers, and on none of their own. */
const WORDS_OF_SERVERS = ['severity', 'sqlState', 'number']

/** Whether a failure, translated where it can be, is an answer: not one of ours, nor of the way to the server. */
export const isRefusal = (failure: unknown): boolean => {
  if (failure instanceof DatabaseFailure) return failure.kind !== 'away' && failure.kind !== 'busy'
  if (failure instanceof AppError) return failure.code === 'CONFLICT'
  if (!(failure instanceof Error)) return false
  const said = new Map(Object.entries(failure))
  return WORDS_OF_SERVERS.some((word) => Boolean(said.get(word)))
}

export const watchAvailability = (clock: Clock): Availability => {
  const listeners: ((away: Away | null) => void)[] = []
  let away: Away | null = null
  const become = (next: Away | null): void => {
    away = next
    for (const listener of listeners) listener(next)
  }
  return {
    away: () => away,
    onChange: (listener) => void listeners.push(listener),
    noteAnswer: () => {
      if (away) become(null)
    },
    noteFailure: (error) => {
      if (!(error instanceof DatabaseFailure) || error.kind !== 'away' || away) return
      become({ since: isoOf(clock.now()), reason: messageOf(error) })
    },
  }
}
