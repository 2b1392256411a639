import { nextSlot, type Schedule } from './slots.ts'
import { formatLocal, type Slot } from './wall-time.ts'

/** A slot as a screen shows it: `at` in ISO UTC, `local` like `2026-03-29 03:00:00 +02:00`. */
export interface PreviewSlot {
  at: string
  local: string
  note?: string
}

/** The next `count` slots strictly after `from` (ms); fewer when the schedule ends. */
export function preview(schedule: Schedule, from: number, count: number): PreviewSlot[] {
  const runs: PreviewSlot[] = []
  let slot: Slot | null
  for (let after = from; runs.length < count && (slot = nextSlot(schedule, after)); after = slot.at)
    runs.push(shown(schedule, slot))
  return runs
}

function shown({ parts }: Schedule, { at, note }: Slot): PreviewSlot {
  const run = { at: new Date(at).toISOString(), local: formatLocal(parts.zone, at) }
  return note === undefined ? run : { ...run, note }
}
