import type { Transition, Zone } from './time-zone.ts'

/** Wall time is kept as the milliseconds a UTC clock would show for the same digits. */

/** One due time: a UTC instant in ms, and what the change of the clock did to it, in words. */
export interface Slot {
  at: number
  note?: string
}

/** No zone's offset, and no change of one, exceeds a day by more than this. */
const REACH = 26 * 3_600_000

/** The change of the clock next to an instant, if there is one near enough to matter. */
export const transitionNear = (zone: Zone, at: number): Transition | undefined =>
  zone.firstTransition(at - REACH, at + REACH)

/**
 * The instant of a fixed wall time (DESIGN §5): in a spring gap the first valid instant after it, in an
 * autumn fold the first of the two.
 */
export function wallToSlot(zone: Zone, wall: number): Slot {
  const change = transitionNear(zone, wall)
  if (!change) return { at: wall - zone.offsetAt(wall) }
  const { at, before, after } = change
  if (wall < at + Math.min(before, after)) return { at: wall - before }
  if (wall >= at + Math.max(before, after)) return { at: wall - after }
  return before < after
    ? { at, note: movedNote(change) }
    : { at: wall - before, note: `${repeatedSpan(change)} happens twice: first one` }
}

/** The word for a time that was moved out of a gap. */
export const movedNote = (change: Transition): string =>
  `${jump(change)}: moved to ${clock(change.at + change.after, change)}`

/** What to say of a slot that lies in a repeated hour; `fixed` slots only ever run in the first pass. */
export function foldNote(zone: Zone, at: number, fixed: boolean): string | undefined {
  const change = transitionNear(zone, at)
  if (!change || change.before <= change.after) return undefined
  const length = change.before - change.after
  if (at < change.at - length || at >= change.at + length) return undefined
  if (fixed) return at < change.at ? `${repeatedSpan(change)} happens twice: first one` : undefined
  return `${repeatedSpan(change)} happens twice: ${at < change.at ? 'first' : 'second'} of two`
}

const jump = (change: Transition): string =>
  `clock jumps ${clock(change.at + change.before, change)}→${clock(change.at + change.after, change)}`

const repeatedSpan = (change: Transition): string =>
  `${clock(change.at + change.after, change)}–${clock(change.at + change.before, change)}`

/** Hours and minutes; with the date when the clock moves by a whole day and hours alone would say nothing. */
function clock(wall: number, { before, after }: Transition): string {
  const iso = new Date(wall).toISOString()
  return Math.abs(after - before) >= 86_400_000 ? iso.slice(0, 16).replace('T', ' ') : iso.slice(11, 16)
}

/** `2026-03-29 03:00:00 +02:00`, as the clock on the wall shows an instant. */
export function formatLocal(zone: Zone, at: number): string {
  const offset = zone.offsetAt(at)
  return `${new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ')} ${formatOffset(offset)}`
}

/** `+02:00`; with seconds for the local mean times of old. */
function formatOffset(offset: number): string {
  const size = new Date(Math.abs(offset)).toISOString()
  const seconds = size.slice(17, 19)
  return `${offset < 0 ? '-' : '+'}${size.slice(11, 16)}${seconds === '00' ? '' : `:${seconds}`}`
}
