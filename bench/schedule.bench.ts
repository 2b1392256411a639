import { nextSlot, parseSchedule, type ScheduleSpec } from '../src/shared/domain/schedule.ts'
import { informational, median, type BenchRow } from './support/rows.ts'

/** Schedule mathematics: what finding the next slot costs; a tick does it once for each due row. */

const CASES: readonly (readonly [name: string, spec: ScheduleSpec, zone: string])[] = [
  ['each minute, UTC', '* * * * *', 'UTC'],
  ['02:30 each day, Berlin', '30 2 * * *', 'Europe/Berlin'],
  ['last Friday of the month, New York', '0 9 * * 5L', 'America/New_York'],
  ['every 90 s', { type: 'interval', everySeconds: 90, anchor: '2026-01-01T00:00:00.000Z' }, 'UTC'],
]
const STEPS = 500
const ROUNDS = 9

export const rows = async (): Promise<BenchRow[]> => {
  const all: BenchRow[] = []
  for (const [name, spec, zone] of CASES) {
    const schedule = parseSchedule(spec, zone)
    const [slot, bare]: [number[], number[]] = [[], []]
    for (let round = -2; round < ROUNDS; round += 1) {
      const perSlot = perStep(() => walk((at) => nextSlot(schedule, at)?.at ?? null))
      const perDate = perStep(() => walk((at) => new Date(at).getTime() + 60_000))
      if (round < 0) continue
      slot.push(perSlot)
      bare.push(perDate)
    }
    all.push(
      informational(`nextSlot, ${name} (against new Date)`, median(slot), {
        unit: 'µs',
        reference: median(bare),
      }),
    )
  }
  return all
}

const walk = (next: (at: number) => number | null): void => {
  let at: number | null = Date.parse('2026-03-01T00:00:00.000Z')
  for (let step = 0; step < STEPS && at !== null; step += 1) at = next(at)
}

const perStep = (work: () => void): number => {
  const startedAt = performance.now()
  work()
  return ((performance.now() - startedAt) * 1000) / STEPS
}
