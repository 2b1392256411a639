import type { Run } from '../../../shared/domain/run.ts'
import type { RunStats } from '../../../shared/domain/run-stats.ts'
import { dateOf } from './dates.ts'
import { hourText } from './query.ts'

/** What was: how runs ended, by the hours of this window's clock. */

export interface PastHour {
  ended: number
  bad: number
  running: number
}

export type Past = ReadonlyMap<string, PastHour>

const BAD: readonly string[] = ['Failed', 'Timeout', 'Lost']

/** The key of the hour an instant lies in. */
export const hourKeyOf = (at: string): string => {
  const time = new Date(at)
  return hourText({ date: dateOf(time), hour: time.getHours() })
}

/** Queued runs have not begun, skipped slots never did. */
export const pastOf = (counts: RunStats['counts']): Past => {
  const past = new Map<string, PastHour>()
  for (const { at, state, count } of counts) {
    if (state === 'Queued' || state === 'Skipped') continue
    const key = hourKeyOf(at)
    const hour = past.get(key) ?? { ended: 0, bad: 0, running: 0 }
    if (state === 'Running') hour.running += count
    else hour.ended += count
    if (BAD.includes(state)) hour.bad += count
    past.set(key, hour)
  }
  return past
}

export const badByHour = (runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> => {
  const found = new Map<string, Run[]>()
  for (const run of runs) {
    const key = hourKeyOf(run.startTime ?? run.scheduledFor)
    found.set(key, [...(found.get(key) ?? []), run])
  }
  return found
}
