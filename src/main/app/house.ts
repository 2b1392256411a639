import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { EventBus } from '../services/events.ts'
import type { HeldKey } from '../services/keys/ring.ts'
import type { Services } from '../services/services.ts'
import type { Switchboard } from './switchboard.ts'

/*
 * The part of a node (or of a command without one) that a restore exchanges, and the only place that opens or
 * closes it:
 *
 *   out ──enter──▶ in ──leave──▶ leaving ──▶ out …        close: any ──▶ closed, for good
 *
 * One exchange at a time; closing waits for the one that is going on.
 */
type State = 'out' | 'in' | 'leaving' | 'closed'

export interface Inside {
  services: Services
  /** Ends what runs: scripts have `graceMs`, less when `hurry` aborts. Calls are still answered. */
  stop(graceMs: number, hurry: AbortSignal): Promise<void>
  /** Closes the database. */
  close(): Promise<void>
}

export interface Turn {
  /** @throws AppError UNAVAILABLE when the node was told to stop meanwhile: then nothing may be entered any more. */
  leave(reason: string): Promise<void>
  /** @param keys cluster keys of a backup, for this node. */
  enter(keys: readonly HeldKey[] | null): Promise<void>
}

export interface House {
  enter(): Promise<void>
  /** @throws AppError CONFLICT while another one goes on, UNAVAILABLE when the node stops. */
  exchange<T>(work: (turn: Turn) => Promise<T>): Promise<T>
  /** Idempotent; resolves when everything is closed. */
  close(): Promise<void>
  /** Ends the grace of scripts now. */
  hurry(): void
}

export interface HouseDeps {
  open(keys: readonly HeldKey[] | null): Promise<Inside>
  switchboard: Switchboard
  events: Pick<EventBus, 'emit'>
  /** How long scripts may go on when their node stops. */
  graceMs: number
}

const STOPPING = 'The node is stopping.'

export const createHouse = ({ open, switchboard, events, graceMs }: HouseDeps): House => {
  const hurried = new AbortController()
  let state: State = 'out'
  let inside: Inside | null = null
  let turn: Promise<unknown> | null = null
  let closing: Promise<void> | null = null

  const enter = async (keys: readonly HeldKey[] | null): Promise<void> => {
    if (state !== 'out') throw new Error(`a node that is ${state} cannot be entered`)
    try {
      inside = await open(keys)
    } catch (error) {
      await switchboard.disconnect(`The node has no database: ${messageOf(error)} Mend that and restart it.`)
      throw error
    }
    switchboard.connect(inside.services)
    state = 'in'
    // Whoever watches has seen nothing of what is different now.
    events.emit({ type: 'missed' })
  }

  const leave = async (reason: string): Promise<void> => {
    const left = inside
    if (!left) return
    state = 'leaving'
    inside = null
    try {
      // Whoever watches a run may see its end: calls are answered until the scripts are done.
      await left.stop(graceMs, hurried.signal)
    } finally {
      await switchboard.disconnect(reason)
      await left.close()
      state = 'out'
    }
  }

  const leaveForExchange = async (reason: string): Promise<void> => {
    switchboard.refuseWrites(reason)
    await leave(reason)
    if (!closing) return
    await switchboard.disconnect(STOPPING)
    throw new AppError('UNAVAILABLE', `${STOPPING} Nothing was changed.`)
  }

  const shut = async (): Promise<void> => {
    await turn?.catch(() => undefined)
    await leave(STOPPING).finally(() => (state = 'closed'))
  }

  return {
    enter: () => enter(null),
    exchange: async (work) => {
      if (closing) throw new AppError('UNAVAILABLE', STOPPING)
      if (turn) throw new AppError('CONFLICT', 'A restore is going on already; wait for its end.')
      const going = work({ leave: leaveForExchange, enter })
      turn = going
      try {
        return await going
      } finally {
        turn = null
      }
    },
    close: () => (closing ??= shut()),
    hurry: () => hurried.abort(),
  }
}
