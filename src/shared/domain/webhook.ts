import { z } from 'zod'
import { FAILED_STATES } from './failure.ts'
import { idSchema, isoTimeSchema, nameSchema, pageInput, tagsSchema } from './fields.ts'

/**
 * Calls to addresses outside when a task fails and when it has recovered, signed as Standard Webhooks
 * (https://www.standardwebhooks.com) says.
 */

export const WEBHOOK_EVENTS = ['failure', 'recovery', 'test'] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** `GivenUp`: nobody took it for too long. */
export const CALL_STATES = ['Waiting', 'Delivered', 'GivenUp'] as const
export type CallState = (typeof CALL_STATES)[number]

/** The body of a call. */
export const webhookPayloadSchema = z.object({
  type: z.enum(WEBHOOK_EVENTS),
  /** When it happened, not when it was told. */
  timestamp: isoTimeSchema,
  data: z.object({
    clusterId: z.string(),
    taskId: z.string(),
    taskName: z.string(),
    appName: z.string().nullable(),
    nodeId: z.string().nullable(),
    historyId: z.string(),
    state: z.enum([...FAILED_STATES, 'Success']),
    error: z.string().nullable(),
    exitCode: z.number().int().nullable(),
    /** Failed runs since `failingSince`, this one included. */
    failureCount: z.number().int(),
    failingSince: isoTimeSchema,
  }),
})
export type WebhookPayload = z.infer<typeof webhookPayloadSchema>

/** 169.254.0.0/16 and fe80::/10, as URLs write them: also 169.254 as the end of an IPv6 address. */
const LINK_LOCAL = /^(169\.254\.\d+\.\d+|\[fe[89ab][0-9a-f]:.*\]|\[::ffff:a9fe:[0-9a-f]+\])$/

const whyNotAddress = (text: string): string | null => {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'must be an http:// or https:// address, like https://hooks.example.com/ops'
  if (url.username !== '' || url.password !== '')
    return 'must have no user name or password in it; leave out what stands before @'
  if (LINK_LOCAL.test(url.hostname))
    return 'must not be a link-local address (169.254.0.0/16, fe80::/10); use a name or another address'
  return null
}

const urlSchema = z
  .string()
  .trim()
  .max(2000, 'must be at most 2000 characters')
  .superRefine((text, context) => {
    const message = whyNotAddress(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

const fields = {
  webhookName: nameSchema(100),
  url: urlSchema,
  enabled: z.boolean(),
  onFailure: z.boolean(),
  onRecovery: z.boolean(),
  /** Tell of each failure of a task that goes on failing; else of the first only. */
  repeats: z.boolean(),
  /** Only tasks of one of these applications, or with one of these tags; empty: all. */
  apps: z.array(nameSchema(100)).max(50, 'at most 50 applications'),
  tags: tagsSchema,
}

export const webhookInputSchema = z.strictObject({
  ...fields,
  enabled: fields.enabled.default(true),
  onFailure: fields.onFailure.default(true),
  onRecovery: fields.onRecovery.default(true),
  repeats: fields.repeats.default(true),
  apps: fields.apps.default([]),
  tags: fields.tags.default([]),
})
export type WebhookInput = z.infer<typeof webhookInputSchema>

export const webhookPatchSchema = z.strictObject(fields).partial().extend({
  /** As read: refused when somebody changed it meanwhile. */
  version: z.number().int().optional(),
})
export type WebhookPatch = z.infer<typeof webhookPatchSchema>

export const webhookSchema = z.object({
  webhookId: idSchema,
  ...fields,
  /** Scheme and host of its address. */
  origin: z.string(),
  /** The whole address; null on a node without the key that it is sealed with. */
  url: z.string().nullable(),
  /** Why it switched itself off; null: it did not. */
  disabledReason: z.string().nullable(),
  createdAt: isoTimeSchema,
  createdBy: z.string().nullable(),
  modifiedAt: isoTimeSchema.nullable(),
  modifiedBy: z.string().nullable(),
  version: z.number().int(),
  /** Calls that wait: they were not taken yet. */
  waiting: z.number().int(),
  /** How its last call that was tried went; null: there was none. */
  lastCall: z
    .object({
      event: z.enum(WEBHOOK_EVENTS),
      state: z.enum(CALL_STATES),
      /** When it ended; of one that waits, when it was noted. */
      at: isoTimeSchema,
      statusCode: z.number().int().nullable(),
      error: z.string().nullable(),
    })
    .nullable(),
})
export type Webhook = z.infer<typeof webhookSchema>

/** Shown once: whoever receives the calls checks their signatures with it. */
export const createdWebhookSchema = webhookSchema.extend({ secret: z.string() })
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>

export const webhookCallSchema = z.object({
  callId: idSchema,
  event: z.enum(WEBHOOK_EVENTS),
  taskId: z.string().nullable(),
  historyId: z.string().nullable(),
  body: webhookPayloadSchema,
  state: z.enum(CALL_STATES),
  createdAt: isoTimeSchema,
  /** When it is tried next, if it waits. */
  notBefore: isoTimeSchema,
  attempts: z.number().int(),
  statusCode: z.number().int().nullable(),
  lastError: z.string().nullable(),
  endedAt: isoTimeSchema.nullable(),
})
export type WebhookCall = z.infer<typeof webhookCallSchema>

export const webhookCallsFilterSchema = z.strictObject({ webhookId: idSchema, ...pageInput })
export type WebhookCallsFilter = z.infer<typeof webhookCallsFilterSchema>

/** How a test call went. */
export const webhookTestSchema = z.object({
  delivered: z.boolean(),
  statusCode: z.number().int().nullable(),
  error: z.string().nullable(),
  /** Until it was answered, or given up. */
  ms: z.number(),
})
export type WebhookTest = z.infer<typeof webhookTestSchema>
