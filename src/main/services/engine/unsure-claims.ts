import type { Claimed } from './claims.ts'

/**
 * Runs of a claim that failed: whether it was made nobody knows, for the answer to a commit can be lost. Their rows
 * may be Running here; nothing of them was started, and nothing will be before they are claimed anew.
 */
export interface UnsureClaims {
  note: (claimed: readonly Claimed[]) => void
  /** It is sure now: claimed anew, and about to be started. */
  forget: (historyId: string) => void
  has: (historyId: string) => boolean
  /** Gives back what was claimed; never rejects, what the database does not take is left for the next time. */
  settle: () => Promise<void>
}

/**
 * Only the scheduler settles, between its claims: so no run is given back that a later claim has just started.
 * @param giveBack answers false when the database did not take it.
 */
export const createUnsureClaims = (giveBack: (claimed: Claimed) => Promise<boolean>): UnsureClaims => {
  const unsure = new Map<string, Claimed>()
  return {
    note: (claimed) => {
      for (const one of claimed) unsure.set(one.run.historyId, one)
    },
    forget: (historyId) => void unsure.delete(historyId),
    has: (historyId) => unsure.has(historyId),
    settle: async () => {
      for (const [historyId, claimed] of [...unsure]) {
        // Where one fails the others would, each after a wait of its own.
        if (!(await giveBack(claimed))) return
        unsure.delete(historyId)
      }
    },
  }
}
