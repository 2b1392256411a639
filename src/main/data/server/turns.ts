import { DatabaseFailure } from '../errors.ts'
import type { PoolOptions } from './pool-options.ts'

/** A server that is there answers sooner; one that is not should be said so soon. */
const CONNECT_SECONDS = 10

/** How long a connection is waited for, be it made or given back by somebody. */
export const acquireMs = ({ timeoutSeconds }: Pick<PoolOptions, 'timeoutSeconds'>): number =>
  Math.ceil(Math.min(CONNECT_SECONDS, timeoutSeconds) * 1000)

/**
 * The turns at one pool's connections: as many at a time as there are connections, first come, first served. So each
 * driver's pool, whatever it does when it is full, never is.
 */
export interface Turns {
  /** @throws DatabaseFailure `busy` when none came in time: no sign that the server is away. */
  take: () => Promise<void>
  give: () => void
  /** Whoever waits fails with it. */
  endWaits: (failure: DatabaseFailure) => void
}

/** Its waits are of real time, as the drivers' own. */
export const createTurns = (options: PoolOptions, where: string): Turns => {
  const waitMs = acquireMs(options)
  const waiting = new Map<() => void, (failure: DatabaseFailure) => void>()
  let free = options.max
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const called = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const fail = (failure: DatabaseFailure): void => {
        clearTimeout(timer)
        waiting.delete(called)
        reject(failure)
      }
      const timer = setTimeout(() => fail(busy(where, waitMs)), waitMs)
      waiting.set(called, fail)
    })
  return {
    take: async () => {
      if (free === 0) return wait()
      free -= 1
    },
    give: () => {
      const [next] = waiting.keys()
      if (!next) {
        free += 1
        return
      }
      waiting.delete(next)
      next()
    },
    endWaits: (failure) => {
      for (const fail of [...waiting.values()]) fail(failure)
    },
  }
}

const busy = (where: string, waitMs: number): DatabaseFailure =>
  new DatabaseFailure(
    'busy',
    `the database ${where} was not asked: all connections of this node are in use; ` +
      `try again, or raise database.options.poolSize (none came free in ${waitMs} ms)`,
    undefined,
  )
