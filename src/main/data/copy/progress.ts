import type { CopyProgress } from '../../../shared/domain/database.ts'
import type { Clock } from '../../platform/clock.ts'

const EVERY_MS = 250

/** Tells of every table's beginning, of every batch, and some times a second of what is written of one. */
export interface Progress {
  begin(phase: CopyProgress['phase'], table: string, total: number): void
  add(rows: number): void
  tell(): void
}

export const createProgress = (onProgress: (progress: CopyProgress) => void, clock: Clock): Progress => {
  let now: CopyProgress = { phase: 'copy', table: '', done: 0, total: 0 }
  let toldAt = 0
  const tell = (): void => {
    toldAt = clock.monotonic()
    onProgress({ ...now })
  }
  return {
    begin: (phase, table, total) => {
      now = { phase, table, done: 0, total }
      tell()
    },
    add: (rows) => {
      now.done += rows
      if (clock.monotonic() - toldAt >= EVERY_MS) tell()
    },
    tell,
  }
}
