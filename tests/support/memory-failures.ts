import type { Caller } from '../../src/main/services/caller.ts'
import type { Services } from '../../src/main/services/services.ts'
import type { Failure } from '../../src/shared/domain/failure.ts'
import type { Webhook, WebhookCall, WebhookTest } from '../../src/shared/domain/webhook.ts'
import { must, NOW, page } from './memory-records.ts'

/** Failures and webhooks of the memory node as a test says they are. */
export interface MemoryFailures {
  /** The latest first. */
  failures: Failure[]
  webhooks: Webhook[]
  calls: WebhookCall[]
  /** How the next test call goes. */
  answer: WebhookTest
}

export const failureRecord = (failureId: string, fields: Partial<Failure> = {}): Failure => ({
  ...{ failureId, taskId: failureId, taskName: 'Export orders', appName: 'Exports', nodeId: null },
  ...{ firstAt: NOW, firstHistoryId: 'run-1', failingSince: NOW, lastAt: NOW, lastHistoryId: 'run-1' },
  lastState: 'Failed',
  ...{ lastError: 'exit 3: permission denied', failureCount: 1, recoveredAt: null, recoveredHistoryId: null },
  ...{ acknowledgedAt: null, acknowledgedBy: null, note: null, version: 1 },
  ...fields,
})

const SECRET = 'whsec_dGVzdA=='

/** @param saw notes who asked */
export const memoryFailures = (
  saw: (caller: Caller) => string,
  newId: () => string,
): { state: MemoryFailures; services: Pick<Services, 'failures' | 'webhooks'> } => {
  const answer = { delivered: true, statusCode: 200, error: null, ms: 12 }
  const state: MemoryFailures = { failures: [], webhooks: [], calls: [], answer }
  const failure = (id: string): Failure =>
    must(
      state.failures.find(({ failureId }) => failureId === id),
      'failure',
      id,
    )
  const webhook = (id: string): Webhook =>
    must(
      state.webhooks.find(({ webhookId }) => webhookId === id),
      'webhook',
      id,
    )
  const isShown = (one: Failure, show: string): boolean =>
    show === 'all' ||
    (show === 'failing'
      ? one.recoveredAt === null
      : (one.acknowledgedAt !== null) === (show === 'acknowledged'))
  const acknowledge = (caller: Caller, id: string, note: string | null): Failure =>
    Object.assign(failure(id), { acknowledgedAt: NOW, acknowledgedBy: saw(caller), note })
  const services: Pick<Services, 'failures' | 'webhooks'> = {
    failures: {
      list: async (caller, filter) => (
        saw(caller),
        page(
          state.failures.filter((one) => isShown(one, filter.show)),
          filter,
        )
      ),
      counts: async (caller) => {
        saw(caller)
        const open = state.failures.filter(({ acknowledgedAt }) => acknowledgedAt === null)
        const failing = open.filter(({ recoveredAt }) => recoveredAt === null).length
        const acknowledgedToday = state.failures.length - open.length
        return { open: open.length, failing, acknowledgedToday }
      },
      get: async (caller, id) => (saw(caller), failure(id)),
      acknowledge: async (caller, { failureId, note }) => acknowledge(caller, failureId, note),
      acknowledgeMany: async (caller, { failureIds, note }) => {
        for (const id of failureIds) acknowledge(caller, id, note)
        return failureIds
      },
      reopen: async (caller, id) => (
        saw(caller),
        Object.assign(failure(id), { acknowledgedAt: null, acknowledgedBy: null, note: null })
      ),
    },
    webhooks: {
      list: async (caller) => (saw(caller), state.webhooks),
      create: async (caller, input) => {
        const made: Webhook = {
          ...{ ...input, webhookId: newId(), createdAt: NOW, createdBy: saw(caller), modifiedAt: null },
          ...{ modifiedBy: null, version: 1, waiting: 0, lastCall: null },
          ...{ origin: new URL(input.url).origin, disabledReason: null },
        }
        state.webhooks.push(made)
        return { ...made, secret: SECRET }
      },
      update: async (caller, id, { version: _version, ...patch }) => (
        saw(caller),
        Object.assign(webhook(id), patch, { version: webhook(id).version + 1 })
      ),
      renewSecret: async (caller, id) => (saw(caller), { ...webhook(id), secret: SECRET }),
      remove: async (caller, id) => {
        saw(caller)
        state.webhooks = state.webhooks.filter((one) => one !== webhook(id))
      },
      test: async (caller, id) => (saw(caller), webhook(id), state.answer),
      calls: async (caller, filter) => (saw(caller), page(state.calls, filter)),
    },
  }
  return { state, services }
}
