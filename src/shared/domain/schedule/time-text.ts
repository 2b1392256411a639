import type { Zone } from './time-zone.ts'
import { wallToSlot } from './wall-time.ts'

/** A time as written: an exact instant, or a wall time still without a zone. Both in milliseconds. */
export type TimeText = { kind: 'instant'; at: number } | { kind: 'wall'; wall: number }

const SHAPE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-](?:0\d|1[0-5]):?[0-5]\d)?$/

/** Reads `2026-12-24T08:30[:00[.000]]`, with or without `Z` or an offset; null when it is not such a time. */
export function parseTimeText(text: string): TimeText | null {
  const match = SHAPE.exec(text)
  if (!match) return null
  const [, date = '', clock = '', seconds = '00', fraction = '', offset] = match
  const written = `${date}T${clock}:${seconds}.${fraction.padEnd(3, '0')}`
  const wall = Date.parse(`${written}Z`)
  // Date.parse rolls 31 February over to March and 24:00 to the next day: such a time was not meant.
  if (Number.isNaN(wall) || new Date(wall).toISOString() !== `${written}Z`) return null
  return offset ? { kind: 'instant', at: wall - offsetMs(offset) } : { kind: 'wall', wall }
}

/** The instant of a written time; a wall time is read in `zone` (in a gap: after it; twice: the first). */
export function resolveTimeText(text: string, zone: Zone): number | null {
  const time = parseTimeText(text)
  if (!time) return null
  return time.kind === 'instant' ? time.at : wallToSlot(zone, time.wall).at
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0
  const digits = offset.replace(/\D/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}
