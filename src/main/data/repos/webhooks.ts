import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Page } from '../../../shared/domain/fields.ts'
import type { WebhookCallsFilter } from '../../../shared/domain/webhook.ts'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { beyond, decodeCursor, pageOf } from '../paging.ts'

/** Webhooks, and the calls that they are to get (Webhook_Call). */

export type WebhookRow = Selectable<Tables['Webhook']>
export type CallRow = Selectable<Tables['Webhook_Call']>

export const allWebhooks = (db: Query): Promise<WebhookRow[]> =>
  db.selectFrom('Webhook').selectAll().orderBy('webhookName').execute()

export const enabledWebhooks = (db: Query): Promise<WebhookRow[]> =>
  db.selectFrom('Webhook').selectAll().where('enabled', '=', true).execute()

export const findWebhook = (db: Query, webhookId: string): Promise<WebhookRow | undefined> =>
  db.selectFrom('Webhook').selectAll().where('webhookId', '=', webhookId).executeTakeFirst()

/** Locked until the transaction ends: nobody changes it over this one, or writes how its calls go. */
export const lockWebhook = (tx: Tx, webhookId: string): Promise<WebhookRow | undefined> =>
  tx.selectFrom('Webhook').selectAll().where('webhookId', '=', webhookId).forUpdate().executeTakeFirst()

export const insertWebhook = async (tx: Tx, row: Insertable<Tables['Webhook']>): Promise<void> => {
  await tx.insertInto('Webhook').values(row).execute()
}

export const updateWebhook = async (
  tx: Tx,
  webhookId: string,
  fields: Updateable<Tables['Webhook']>,
): Promise<void> => {
  await tx.updateTable('Webhook').set(fields).where('webhookId', '=', webhookId).execute()
}

/** With its calls. */
export const deleteWebhook = async (tx: Tx, webhookId: string): Promise<void> => {
  await tx.deleteFrom('Webhook_Call').where('webhookId', '=', webhookId).execute()
  await tx.deleteFrom('Webhook').where('webhookId', '=', webhookId).execute()
}

export const insertCalls = async (
  tx: Tx,
  rows: readonly Insertable<Tables['Webhook_Call']>[],
): Promise<void> => {
  if (rows.length > 0)
    await tx
      .insertInto('Webhook_Call')
      .values([...rows])
      .execute()
}

export const waitingCalls = async (db: Query): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('Webhook_Call')
    .select(({ fn }) => ['webhookId', fn.countAll<number | string>().as('count')])
    .where('state', '=', 'Waiting')
    .groupBy('webhookId')
    .execute()
  return new Map(rows.map(({ webhookId, count }) => [webhookId, Number(count)]))
}

/** The newest that was tried. */
export const lastCallOf = (db: Query, webhookId: string): Promise<CallRow | undefined> =>
  db
    .selectFrom('Webhook_Call')
    .selectAll()
    .where('webhookId', '=', webhookId)
    .where('attempts', '>', 0)
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The newest first. */
export const listCalls = async (db: Query, filter: WebhookCallsFilter): Promise<Page<CallRow>> => {
  let query = db.selectFrom('Webhook_Call').selectAll().where('webhookId', '=', filter.webhookId)
  if (filter.cursor)
    query = query.where(beyond(['createdAt', 'callId'], '<', decodeCursor(filter.cursor, 2).map(String)))
  const rows = await query
    .orderBy('createdAt', 'desc')
    .orderBy('callId', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, (row) => [row.createdAt, row.callId])
}
