import { defineEntity } from '@mikro-orm/core'
import type { CallState, WebhookEvent, WebhookPayload } from '../../../shared/domain/webhook.ts'
import type { SealedSecret } from '../../../shared/domain/secret.ts'
import { flag, json, key, longText, name, time, whole, word } from './columns.ts'

/** An address outside that is told of failures and recoveries. */
export const WebhookEntity = defineEntity({
  name: 'Webhook',
  tableName: 'Webhook',
  properties: {
    webhookId: key('WebhookID').primary(),
    webhookName: name('WebhookName', 100),
    /** Scheme and host of its address, to be shown. */
    origin: longText('Origin'),
    /** The whole address, sealed with the cluster key: who knows that of a chat may write to it. */
    url: json<SealedSecret>('Url'),
    /** What its calls are signed with, sealed with the cluster key. */
    secret: json<SealedSecret>('Secret'),
    enabled: flag('Enabled'),
    /** Why it switched itself off; null: somebody did, or it is on. */
    disabledReason: longText('DisabledReason').nullable(),
    onFailure: flag('OnFailure'),
    onRecovery: flag('OnRecovery'),
    /** Whether it is told of each failure of a task that goes on failing, or of the first only. */
    repeats: flag('Repeats'),
    /** Only tasks of one of these applications, or with one of these tags; empty: all. */
    apps: json<string[]>('Apps'),
    tags: json<string[]>('Tags'),
    /** Attempts in a row that were not taken. */
    failures: whole('Failures'),
    /** None of its calls is made before. */
    pausedUntil: time('PausedUntil').nullable(),
    createdAt: time('CreatedAt'),
    createdBy: name('CreatedBy', 200).nullable(),
    modifiedAt: time('ModifiedAt').nullable(),
    modifiedBy: name('ModifiedBy', 200).nullable(),
    version: whole('Version'),
  },
  uniques: [{ name: 'uq_webhook_name', properties: ['webhookName'] }],
})

/** One thing to tell one webhook, written with what it tells; kept for a while after. */
export const WebhookCallEntity = defineEntity({
  name: 'WebhookCall',
  tableName: 'Webhook_Call',
  properties: {
    callId: key('CallID').primary(),
    webhookId: key('WebhookID'),
    event: word<WebhookEvent>('Event'),
    taskId: key('TaskID').nullable(),
    historyId: key('HistoryID').nullable(),
    body: json<WebhookPayload>('Body'),
    state: word<CallState>('State'),
    createdAt: time('CreatedAt'),
    notBefore: time('NotBefore'),
    attempts: whole('Attempts'),
    firstTriedAt: time('FirstTriedAt').nullable(),
    /** The node that makes it has so long; what it heard counts only while this is its own. */
    takenUntil: time('TakenUntil').nullable(),
    /** Of the last answer; null: there was none. */
    statusCode: whole('StatusCode').nullable(),
    lastError: longText('LastError').nullable(),
    endedAt: time('EndedAt').nullable(),
  },
  indexes: [
    { name: 'idx_call_age', properties: ['state', 'createdAt'] },
    { name: 'idx_call_waiting', properties: ['webhookId', 'state', 'notBefore', 'createdAt', 'callId'] },
    { name: 'idx_call_task', properties: ['webhookId', 'taskId', 'state', 'createdAt'] },
    { name: 'idx_call_webhook', properties: ['webhookId', 'createdAt'] },
    { name: 'idx_call_ended', properties: ['endedAt'] },
  ],
})
