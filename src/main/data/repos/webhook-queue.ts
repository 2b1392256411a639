import type { Updateable } from 'kysely'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import type { CallRow } from './webhooks.ts'

/** Calls of webhooks that wait, and who is at them. */

/** When the oldest that waits was noted, of one webhook or of all; null: none waits. */
export const oldestWaiting = async (db: Query, webhookId?: string): Promise<string | null> => {
  const row = await db
    .selectFrom('Webhook_Call')
    .select('createdAt')
    .where('state', '=', 'Waiting')
    .$if(webhookId !== undefined, (query) => query.where('webhookId', '=', webhookId ?? ''))
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst()
  return row?.createdAt ?? null
}

/**
 * Due ones of a webhook that nobody is at, longest due first: one that is refused each time falls back behind those
 * that came meanwhile. Of a task one after the other: that it has recovered is not told before that it failed.
 */
export const dueCalls = async (
  db: Query,
  { webhookId, now, limit }: { webhookId: string; now: string; limit: number },
): Promise<string[]> => {
  const rows = await db
    .selectFrom('Webhook_Call as c')
    .select('c.callId')
    .where('c.webhookId', '=', webhookId)
    .where('c.state', '=', 'Waiting')
    .where('c.notBefore', '<=', now)
    .where((where) => where.or([where('c.takenUntil', 'is', null), where('c.takenUntil', '<', now)]))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('Webhook_Call as e')
            .select('e.callId')
            .whereRef('e.webhookId', '=', 'c.webhookId')
            .whereRef('e.taskId', '=', 'c.taskId')
            .where('e.state', '=', 'Waiting')
            // What is not later is a stretch of the index; the two together are: earlier.
            .whereRef('e.createdAt', '<=', 'c.createdAt')
            .where((earlier) =>
              earlier.or([
                earlier('e.createdAt', '<', earlier.ref('c.createdAt')),
                earlier('e.callId', '<', earlier.ref('c.callId')),
              ]),
            ),
        ),
      ),
    )
    .orderBy('c.notBefore')
    .orderBy('c.createdAt')
    .orderBy('c.callId')
    .limit(limit)
    .execute()
  return rows.map(({ callId }) => callId)
}

/** Waiting, and nobody is at them. */
const freeCalls = (tx: Tx, now: string) =>
  tx
    .selectFrom('Webhook_Call')
    .where('state', '=', 'Waiting')
    .where((where) => where.or([where('takenUntil', 'is', null), where('takenUntil', '<', now)]))

/** Those of these that are still free are taken until then; what somebody else has locked is left out. */
export const takeCalls = async (
  tx: Tx,
  callIds: readonly string[],
  { now, takenUntil }: { now: string; takenUntil: string },
): Promise<CallRow[]> => {
  const calls = await freeCalls(tx, now)
    .selectAll()
    .where('callId', 'in', callIds)
    .where('notBefore', '<=', now)
    .forUpdate()
    .skipLocked()
    .execute()
  for (const { callId } of calls)
    await tx.updateTable('Webhook_Call').set({ takenUntil }).where('callId', '=', callId).execute()
  return calls.map((call) => ({ ...call, takenUntil }))
}

/** @returns false: whoever took it has it no more, and nothing was written. */
export const settleCall = async (
  tx: Tx,
  { callId, takenUntil }: CallRow,
  fields: Updateable<Tables['Webhook_Call']>,
): Promise<boolean> => {
  const result = await tx
    .updateTable('Webhook_Call')
    .set(fields)
    .where('callId', '=', callId)
    .where('state', '=', 'Waiting')
    .where('takenUntil', '=', takenUntil)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Which calls are given up without another try: all of a webhook, or all that were noted before. */
export type GivenUp = { webhookId: string } | { createdBefore: string }

/** Gives up so many at most; answers how many it were. */
export const giveUpCalls = async (
  tx: Tx,
  which: GivenUp,
  { now, reason, limit }: { now: string; reason: string; limit: number },
): Promise<number> => {
  const rows = await freeCalls(tx, now)
    .select('callId')
    .where((where) =>
      'webhookId' in which
        ? where('webhookId', '=', which.webhookId)
        : where('createdAt', '<', which.createdBefore),
    )
    .orderBy('createdAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map(({ callId }) => callId)
  await tx
    .updateTable('Webhook_Call')
    .set({ state: 'GivenUp', endedAt: now, takenUntil: null, lastError: reason })
    .where('callId', 'in', ids)
    .execute()
  return ids.length
}

/**
 * Those of the webhook that wait for another attempt are due now; `unanswered`: only those that its receiver was not
 * there for, or could not take at all. What it refused waits as long as it did.
 */
export const hastenCalls = async (
  tx: Tx,
  webhookId: string,
  now: string,
  which: 'unanswered' | 'all',
): Promise<void> => {
  await tx
    .updateTable('Webhook_Call')
    .set({ notBefore: now })
    .where('webhookId', '=', webhookId)
    .where('state', '=', 'Waiting')
    .where('notBefore', '>', now)
    .$if(which === 'unanswered', (query) =>
      query.where((where) => where.or([where('statusCode', 'is', null), where('statusCode', '>=', 500)])),
    )
    .execute()
}
