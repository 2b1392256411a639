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

/** Others may make the call at once. */
const UNTRIED = { state: 'Waiting', takenUntil: null } as const

/**
 * Notes how an attempt went, for the call and for its webhook. Nothing is noted by a node that had the call too long:
 * somebody else is at it, or was. Of a webhook that was changed meanwhile the answer says nothing: a call that was not
 * taken is made anew.
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
    const isSame = row?.version === hook.version
    const fields = isSame || answer.delivered ? callAfter(call, answer, now) : UNTRIED
    if (!row || !(await settleCall(tx, call, fields))) return null
    if (isSame) await updateWebhook(tx, webhookId, webhookAfter(row, call, answer, now))
    // Its receiver is there: what waits for it need not.
    if (isSame && answer.delivered) await hastenCalls(tx, webhookId, now, 'unanswered')
    return fields.state
  })
  const { webhookName } = hook
  const said = answer.error ?? ''
  if (next === null) return log.info(`webhook ${webhookName}: call ${callId} is not this node's any more`)
  if (next === 'GivenUp') log.warn(`webhook ${webhookName}: a call was given up: ${said}`)
  else if (next === 'Waiting' && call.attempts === 0) log.info(`webhook ${webhookName}: ${said}; tried again`)
  events.emit({ type: 'webhook.changed', id: webhookId })
}

/** What was begun is no attempt. */
export const release = async ({ db }: SettleDeps, { call }: Taken): Promise<void> => {
  await db.write({ actor: 'system' }, (tx) => settleCall(tx, call, UNTRIED))
}
