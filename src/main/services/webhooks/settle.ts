import type { Database } from '../../data/db.ts'
import { hastenCalls, settleCall } from '../../data/repos/webhook-queue.ts'
import { lockWebhook, updateWebhook } from '../../data/repos/webhooks.ts'
import type { Log } from '../../platform/log.ts'
import type { EventBus } from '../events.ts'
import type { Answer } from './call.ts'
import { callAfter, webhookAfter } from './patience.ts'
import type { Taken } from './take.ts'

interface SettleDeps {
  db: Database
  events: EventBus
  log: Log
}

/**
 * Notes how an attempt went, for the call and for its webhook. Nothing is noted by a node that had the call too long:
 * somebody else is at it, or was.
 */
export const settle = async (
  { db, events, log }: SettleDeps,
  taken: Taken,
  answer: Answer,
): Promise<void> => {
  const { call, hook } = taken
  const { callId, webhookId } = call
  const next = await db.write({ actor: 'system' }, async (tx) => {
    const now = await db.now()
    // Before its calls, as whoever deletes it does.
    const row = await lockWebhook(tx, webhookId)
    const fields = callAfter(call, answer, now)
    if (!row || !(await settleCall(tx, call, fields))) return null
    await updateWebhook(tx, webhookId, webhookAfter(row, call, answer, now))
    // Its receiver is there: what waits for it need not.
    if (answer.delivered) await hastenCalls(tx, webhookId, now, 'unanswered')
    return fields.state
  })
  const { webhookName } = hook
  const said = answer.error ?? ''
  if (next === null) return log.info(`webhook ${webhookName}: call ${callId} is not this node's any more`)
  if (next === 'GivenUp') log.warn(`webhook ${webhookName}: a call was given up: ${said}`)
  else if (next === 'Waiting' && call.attempts === 0) log.info(`webhook ${webhookName}: ${said}; tried again`)
  events.emit({ type: 'webhook.changed', id: webhookId })
}

/** Others may make the call at once, and this one was no attempt. */
export const release = async ({ db }: SettleDeps, { call }: Taken): Promise<void> => {
  await db.write({ actor: 'system' }, (tx) => settleCall(tx, call, { takenUntil: null }))
}
