import type { Slot } from './wall-time.ts'

/** Where slots come from, before `start`, `end` and blackouts are applied. Times in ms. */
export interface SlotSource {
  /** The first slot strictly after; null when there is none. */
  next(after: number): Slot | null
  /** How many slots lie in (after, until], exactly, without visiting each. */
  count(after: number, until: number): number
  /** The slots in (after, until], oldest first, at most `limit`: much cheaper than asking for one after the other. */
  between(after: number, until: number, limit: number): Slot[]
}

/** Slots known one by one: `once` and `calendar`. One instant is one slot, whatever asked for it. */
export function listSource(slots: Slot[]): SlotSource {
  const byInstant = new Map<number, Slot>()
  // A slot that was moved onto one that exists anyway is that one: the plain slot stays.
  for (const slot of slots) if (!byInstant.has(slot.at) || !slot.note) byInstant.set(slot.at, slot)
  const sorted = [...byInstant.values()].sort((a, b) => a.at - b.at)
  return {
    next: (after) => sorted.find(({ at }) => at > after) ?? null,
    count: (after, until) => sorted.filter(({ at }) => at > after && at <= until).length,
    between: (after, until, limit) => sorted.filter(({ at }) => at > after && at <= until).slice(0, limit),
  }
}

/**
 * Every so many ms on the UTC axis, in phase with `anchor`: the clock on the wall does not matter. The
 * anchor is a phase only; slots before it exist too (`start` says when a schedule begins).
 */
export function intervalSource(everyMs: number, anchor: number): SlotSource {
  const index = (at: number): number => Math.floor((at - anchor) / everyMs)
  return {
    next: (after) => ({ at: anchor + (index(after) + 1) * everyMs }),
    count: (after, until) => Math.max(0, index(until) - index(after)),
    between: (after, until, limit) => {
      const first = index(after) + 1
      const length = Math.max(0, Math.min(limit, index(until) - first + 1))
      return Array.from({ length }, (_, i) => ({ at: anchor + (first + i) * everyMs }))
    },
  }
}
