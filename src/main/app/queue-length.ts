import { countQueued } from '../data/repos/claims.ts'
import { DatabaseFailure } from '../data/errors.ts'
import type { Core } from './core.ts'

/** Longer than any answer takes: of a server that hangs nothing is known until its statements time out. */
const PATIENCE_MS = 1_000

/**
 * Runs that wait in the cluster, as last known while its database does not answer: what the node says of itself
 * it says without its database too.
 */
export const createQueueLength = ({ db, clock }: Pick<Core, 'db' | 'clock'>): (() => Promise<number>) => {
  let known = 0
  const count = async (): Promise<void> => {
    try {
      known = await countQueued(db.look)
    } catch (error) {
      if (!(error instanceof DatabaseFailure)) throw error
    }
  }
  return async () => {
    if (db.server?.away()) return known
    const patience = new AbortController()
    await Promise.race([count(), clock.sleep(PATIENCE_MS, patience.signal)])
    patience.abort()
    return known
  }
}
