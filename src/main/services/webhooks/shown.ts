import { AppError } from '../../../shared/domain/errors.ts'
import type { Webhook, WebhookCall } from '../../../shared/domain/webhook.ts'
import type { Query } from '../../data/db.ts'
import { lastCallOf, waitingCalls, type CallRow, type WebhookRow } from '../../data/repos/webhooks.ts'

interface Opens {
  open: (sealed: string) => string
}

/** Webhooks as an answer shows them: without secrets and without how their receivers are. */
export const shownWebhooks = async (
  db: Query,
  keys: Opens,
  rows: readonly WebhookRow[],
): Promise<Webhook[]> => {
  const waiting = await waitingCalls(db)
  const shown: Webhook[] = []
  for (const row of rows) shown.push(await shownWebhook(db, keys, row, waiting.get(row.webhookId) ?? 0))
  return shown
}

const shownWebhook = async (
  db: Query,
  keys: Opens,
  { secret: _secret, failures: _failures, pausedUntil: _pausedUntil, url, ...row }: WebhookRow,
  waiting: number,
): Promise<Webhook> => {
  const last = await lastCallOf(db, row.webhookId)
  const lastCall = last && {
    ...{ event: last.event, state: last.state, at: last.endedAt ?? last.createdAt },
    ...{ statusCode: last.statusCode, error: last.lastError },
  }
  return { ...row, url: openedOr(null, keys, url.$sealed), waiting, lastCall: lastCall ?? null }
}

/** @param otherwise where this node has not the key that it is sealed with. */
const openedOr = <T>(otherwise: T, keys: Opens, sealed: string): string | T => {
  try {
    return keys.open(sealed)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return otherwise
  }
}

/** A call as an answer shows it. */
export const shownCall = ({
  webhookId: _webhookId,
  takenUntil: _takenUntil,
  firstTriedAt: _firstTriedAt,
  ...call
}: CallRow): WebhookCall => call
