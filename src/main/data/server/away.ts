import { messageOf } from '../../../shared/domain/errors.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { Away } from '../dialects/connection.ts'
import { DatabaseFailure } from '../errors.ts'

/** Whether the server answers, as the statements of this node find it. */
export interface Availability {
  away: () => Away | null
  onChange: (listener: (away: Away | null) => void) => void
  /** A statement was answered, be it with a refusal. */
  noteAnswer: () => void
  /** A statement failed; what is no sign of absence is passed over. */
  noteFailure: (error: unknown) => void
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
