import type { Query, Tx } from '../db.ts'
import { RUN_COLUMNS, type RunRecord } from './runs.ts'

/** Runs that go on, and until when their nodes answer for them. */

/** Prolongs this incarnation's leases; answers how many it still holds. */
export const renewLeases = async (
  tx: Tx,
  holder: { nodeId: string; incarnation: string },
  lease: { leaseUntil: string },
): Promise<number> => {
  const result = await tx
    .updateTable('Task_History')
    .set(lease)
    .where('state', '=', 'Running')
    .where('nodeId', '=', holder.nodeId)
    .where('incarnation', '=', holder.incarnation)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Leases that end after `after` end at `to`. */
export const shortenLeases = async (tx: Tx, lease: { after: string; to: string }): Promise<void> => {
  await tx
    .updateTable('Task_History')
    .set({ leaseUntil: lease.to })
    .where('state', '=', 'Running')
    .where('leaseUntil', '>', lease.after)
    .execute()
}

export const runningOn = (db: Query, nodeId: string): Promise<RunRecord[]> =>
  db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('state', '=', 'Running')
    .where('nodeId', '=', nodeId)
    .execute()

/** Running rows whose lease ran out before `now`: nobody renews them any more. */
export const expiredRuns = (db: Query, now: string): Promise<RunRecord[]> =>
  db
    .selectFrom('Task_History')
    .select(RUN_COLUMNS)
    .where('state', '=', 'Running')
    .where('leaseUntil', '<', now)
    .execute()
