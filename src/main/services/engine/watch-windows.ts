import type { Database } from '../../data/db.ts'
import { changesSince, runsUpdatedSince, type SeenChange, type SeenRun } from '../../data/repos/watch.ts'
import { isoOf } from '../../platform/clock.ts'

/*
 * Rows carry the time at which they were written, not the one at which they became visible: each look reads again
 * what is a little older than the last one, now and then what is a good deal older, and remembers what it has seen.
 */

const OVERLAP_MS = 2_000
const WIDE_MS = 10_000
/** Every so many looks are wide ones. */
const WIDE_EVERY = 5
/** Rows of one look; more than a reader of events can follow. */
const MOST = 1_000

export type Seen<T> = readonly T[] | 'too many'

/**
 * Runs written since the last call; the first call only takes note. `isNewState`: it came into this state since.
 */
export const watchRuns = (db: Pick<Database, 'look'>) => {
  const next = createWindow()
  let memory = new Map<string, SeenRun>()
  let looks = 0
  return async (now: string): Promise<Seen<{ run: SeenRun; isNewState: boolean }>> => {
    const isFirst = looks === 0
    const isWide = looks++ % WIDE_EVERY === 0
    const rows = await runsUpdatedSince(db.look, next.from(now, isWide), MOST)
    if (rows.length === MOST) {
      next.skipTo(now)
      return 'too many'
    }
    next.done(now)
    const before = memory
    memory = new Map([...before].filter(([, run]) => run.updatedAt >= next.oldest(now)))
    for (const run of rows) memory.set(run.historyId, run)
    if (isFirst) return []
    return rows.flatMap((run) => {
      const known = before.get(run.historyId)
      if (known && known.updatedAt === run.updatedAt && known.state === run.state) return []
      return [{ run, isNewState: known?.state !== run.state }]
    })
  }
}

/** Changes captured since the last call, asked for while the newest one has moved lately. */
export const watchChanges = (db: Pick<Database, 'look'>) => {
  const next = createWindow()
  let memory = new Map<number, string>()
  let lastChange: number | null | undefined
  let movedAt = -Infinity
  return async (now: string, mark: number | null): Promise<Seen<SeenChange>> => {
    const isFirst = lastChange === undefined
    if (mark !== lastChange) movedAt = Date.parse(now)
    lastChange = mark
    // What is numbered before it may be committed after it.
    if (isFirst || Date.parse(now) - movedAt > WIDE_MS) {
      if (isFirst) next.skipTo(now)
      else next.done(now)
      return []
    }
    const rows = await changesSince(db.look, next.from(now, true), MOST)
    if (rows.length === MOST) {
      next.skipTo(now)
      return 'too many'
    }
    next.done(now)
    const before = memory
    memory = new Map(rows.map((row) => [row.localSeq, row.changeId]))
    return rows.filter((row) => !before.has(row.localSeq))
  }
}

/** From when on a look reads. */
const createWindow = () => {
  let last: number | null = null
  /** Nothing older is read: there was too much of it. */
  let floor = -Infinity
  const since = (now: string, backMs: number): string =>
    isoOf(Math.max(floor, Math.min(last ?? Infinity, Date.parse(now)) - backMs))
  return {
    from: (now: string, isWide: boolean) => since(now, isWide ? WIDE_MS : OVERLAP_MS),
    oldest: (now: string) => since(now, WIDE_MS),
    done: (now: string): void => void (last = Date.parse(now)),
    skipTo: (now: string): void => {
      last = Date.parse(now)
      floor = last
    },
  }
}
