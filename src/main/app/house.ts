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

/** Where opening fails, callers are told that, and not that it takes a moment. */
const openOrSay = async (
  { open, switchboard }: HouseDeps,
  keys: readonly HeldKey[] | null,
): Promise<Inside> => {
  try {
    return await open(keys)
  } catch (error) {
    await switchboard.disconnect(
      `The node could not open its database (${messageOf(error)}); mend that and restart the node.`,
    )
    throw error
  }
}

/** The states, and nothing of who may ask for them when. */
const createRooms = (deps: HouseDeps, hurry: AbortSignal) => {
  const { switchboard, events, graceMs } = deps
  let state: State = 'out'
  let inside: Inside | null = null

  const enter = async (keys: readonly HeldKey[] | null): Promise<void> => {
    if (state !== 'out') throw new Error(`a node that is ${state} cannot be entered`)
    inside = await openOrSay(deps, keys)
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
      await left.stop(graceMs, hurry)
    } finally {
      await switchboard.disconnect(reason)
      state = 'out'
      await left.close()
    }
  }

  return { enter, leave, lock: () => (state = 'closed') }
}

export const createHouse = (deps: HouseDeps): House => {
  const { switchboard } = deps
  const hurried = new AbortController()
  const { enter, leave, lock } = createRooms(deps, hurried.signal)
  let turn: Promise<unknown> | null = null
  let closing: Promise<void> | null = null

  const leaveForExchange = async (reason: string): Promise<void> => {
    switchboard.refuseWrites(reason)
    try {
      await leave(reason)
    } catch (error) {
      if (!closing) await enter(null)
      throw error
    }
    if (!closing) return
    await switchboard.disconnect(STOPPING)
    throw new AppError('UNAVAILABLE', `${STOPPING} Nothing was changed.`)
  }

  const shut = async (): Promise<void> => {
    await turn?.catch(() => undefined)
    await leave(STOPPING).finally(lock)
  }

  const exchange: House['exchange'] = async (work) => {
    if (closing) throw new AppError('UNAVAILABLE', STOPPING)
    if (turn) throw new AppError('CONFLICT', 'A restore is going on already; wait for its end.')
    const going = work({ leave: leaveForExchange, enter })
    turn = going
    return going.finally(() => (turn = null))
  }

  return {
    enter: () => enter(null),
    exchange,
    close: () => (closing ??= shut()),
    hurry: () => hurried.abort(),
  }
}
