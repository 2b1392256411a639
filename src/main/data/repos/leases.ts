import type { Query, Tx } from '../db.ts'
import { RUN_COLUMNS, type RunRecord } from './runs.ts'

/** Runs that go on, and until when their nodes answer for them. */

/** In one statement: SQL Server takes 2100 parameters. */
const RENEWED_AT_ONCE = 1000

/**
 * Prolongs this incarnation's leases. Waits for no run that somebody has locked: a finish that sends megabytes over a
 * slow line would let all leases of the node end. Such a run has its turn with the next beat.
 */
export const renewLeases = async (
  tx: Tx,
  holder: { nodeId: string; incarnation: string },
  lease: { leaseUntil: string },
): Promise<void> => {
  const free = await tx
    .selectFrom('Task_History')
    .select('historyId')
    .where('state', '=', 'Running')
    .where('nodeId', '=', holder.nodeId)
    .where('incarnation', '=', holder.incarnation)
    .forUpdate()
    .skipLocked()
    .execute()
  const ids = free.map(({ historyId }) => historyId)
  for (let from = 0; from < ids.length; from += RENEWED_AT_ONCE)
    await tx
      .updateTable('Task_History')
      .set(lease)
      .where('historyId', 'in', ids.slice(from, from + RENEWED_AT_ONCE))
      .execute()
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
