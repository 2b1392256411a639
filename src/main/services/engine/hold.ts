import { AppError } from '../../../shared/domain/errors.ts'
import type { Hold } from '../../../shared/domain/cluster.ts'
import type { Query, Tx } from '../../data/db.ts'
import { currentHold } from '../../data/repos/holds.ts'

/*
 * An emergency stop. Nothing is locked for it, since every node claims all the time: who stops the cluster first
 * commits the hold and then looks what runs; who claims first commits the claim and then looks for a hold, before
 * anything is started. Whichever came first, one of them sees the other.
 */

/** Why nothing may start now; null: the cluster works. */
export const holdIn = async (db: Query): Promise<Hold | null> => {
  const row = await currentHold(db)
  if (!row) return null
  const { holdId, heldAt, heldBy, reason } = row
  return { holdId, heldAt, heldBy, reason }
}

/** @throws AppError CONFLICT naming who stopped the cluster, when, and why. */
export const refuseWhileHeld = async (tx: Tx): Promise<void> => {
  const hold = await holdIn(tx)
  if (hold)
    throw new AppError('CONFLICT', `${holdText(hold)}; nothing starts until it is resumed.`, {
      data: { hold },
    })
}

/** `The cluster was stopped by local:ann at … (reason)`. */
export const holdText = ({ heldBy, heldAt, reason }: Hold): string =>
  `The cluster was stopped by ${heldBy ?? 'somebody'} at ${heldAt}${reason ? ` (${reason})` : ''}`
