import type { ServerAddress } from '../../../tests/support/servers/server.ts'

/* What the bench of claims asks of everyone who takes part in it. */

export const DUE = 10_000
export const NODES = 10

/** A server, and the database of one contestant on it. */
export interface Place {
  server: ServerAddress
  database: string
}

/** One stretch that all nodes work at together, until nothing is left of it. */
export interface Work {
  phase: string
  /** Rows taken (or made) at once. */
  batch: number
  /** When to stop though something is left, milliseconds since 1970. */
  until: number
}

/** One contestant's part in this process: its tables. */
export interface Field {
  /** Makes everything as it is before the first phase of a round. */
  reset(phase: string): Promise<void>
  /** Between phases: statistics and dead rows are as on a server that has been at rest. */
  settle(): Promise<void>
  /**
   * @param taken what nodes say they took: of DUE rows each exactly once, or fewer when the time was up.
   * @throws when the database shows other rows as theirs.
   */
  check(phase: string, taken: readonly NodeIds[]): Promise<void>
  close(): Promise<void>
}

export interface NodeIds {
  index: number
  ids: readonly string[]
}

/** One contestant's part in the process of a node. */
export interface Joined {
  work(work: Work, tally: Tally): Promise<void>
  leave(): Promise<void>
}

export interface Contestant {
  prepare(place: Place): Promise<Field>
  join(place: Place, index: number): Promise<Joined>
}

/** What a node did in one phase. */
export interface Tally {
  ids: string[]
  /** When the last rows were taken, milliseconds since 1970. */
  lastAt: number
  /** Looks that took nothing, though something was left. */
  empty: number
  /** Single rows that another node was faster to take; transactions the server took back. */
  lost: number
}

export const newTally = (): Tally => ({ ids: [], lastAt: 0, empty: 0, lost: 0 })

/** Comparable between processes of one machine, finer than a millisecond. */
export const preciseNow = (): number => performance.timeOrigin + performance.now()

/** After a look that took nothing: others have what is left in their hands. */
const PAUSE_MS = 5

/** Takes again and again until nothing is left; the time ends with the last that was taken. */
export const drain = async (
  { until }: Work,
  tally: Tally,
  take: () => Promise<readonly string[]>,
  isLeft: () => Promise<boolean>,
): Promise<void> => {
  while (preciseNow() < until) {
    const ids = await take()
    if (ids.length > 0) {
      tally.ids.push(...ids)
      tally.lastAt = preciseNow()
      continue
    }
    if (!(await isLeft())) return
    tally.empty += 1
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** Makes this node's share of DUE rows, `batch` at once. */
export const makeShare = async (
  tally: Tally,
  batch: number,
  make: (numbers: readonly number[]) => Promise<readonly string[]>,
): Promise<void> => {
  const share = Array.from({ length: DUE / NODES }, (_, n) => n)
  for (let from = 0; from < share.length; from += batch) {
    tally.ids.push(...(await make(share.slice(from, from + batch))))
    tally.lastAt = preciseNow()
  }
}

/** How many were taken. @throws when one was taken twice. */
export const countOnce = (taken: readonly NodeIds[]): number => {
  const all = taken.flatMap(({ ids }) => ids)
  const different = new Set(all).size
  if (different !== all.length) throw new Error(`${all.length - different} were taken twice`)
  return different
}

/** @throws when a count of the database's is not that of the nodes. */
export const same = (what: string, found: number | undefined, expected: number): void => {
  if (found !== expected) throw new Error(`${what}: ${found} instead of ${expected}`)
}
