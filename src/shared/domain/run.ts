import { z } from 'zod'
import { idSchema, isoTimeSchema, looseTimeSchema, oneOrMany, pageInput } from './fields.ts'

/** Runs: one attempt each, a row of Task_History, which is also the only queue. */

export const ACTIVE_STATES = ['Queued', 'Running'] as const
export const FINAL_STATES = ['Success', 'Failed', 'Timeout', 'Stopped', 'Lost', 'Skipped'] as const
export const RUN_STATES = [...ACTIVE_STATES, ...FINAL_STATES] as const
export type RunState = (typeof RUN_STATES)[number]
export type FinalState = (typeof FINAL_STATES)[number]

export const TRIGGERS = ['Manual', 'API', 'Schedule', 'Retry'] as const
export type Trigger = (typeof TRIGGERS)[number]

export const isActive = (state: RunState): boolean => state === 'Queued' || state === 'Running'
export const isFinal = (state: RunState): state is FinalState => !isActive(state)

/** What the retry policy acts on: a run someone stopped is not tried again. */
export const isRetryable = (state: RunState): boolean =>
  state === 'Failed' || state === 'Timeout' || state === 'Lost'

export const runSchema = z.object({
  historyId: idSchema,
  taskId: idSchema,
  taskName: z.string(),
  appName: z.string(),
  scheduleId: idSchema.nullable(),
  nodeId: idSchema.nullable(),
  targetNodeId: idSchema.nullable(),
  scheduledFor: isoTimeSchema,
  notBefore: isoTimeSchema,
  startTime: isoTimeSchema.nullable(),
  endTime: isoTimeSchema.nullable(),
  /** Milliseconds. */
  duration: z.number().int().nullable(),
  state: z.enum(RUN_STATES),
  exitCode: z.number().int().nullable(),
  attempt: z.number().int(),
  triggeredBy: z.enum(TRIGGERS),
  error: z.string().nullable(),
  parameters: z.record(z.string(), z.json()).nullable(),
  taskVersion: z.number().int().nullable(),
  scriptHash: z.string().nullable(),
  skippedCount: z.number().int().nullable(),
  outputBytes: z.number().int().nullable(),
  stopRequestedAt: isoTimeSchema.nullable(),
  stopRequestedBy: z.string().nullable(),
})
export type Run = z.infer<typeof runSchema>

export const runFilterSchema = z.strictObject({
  task: oneOrMany(idSchema),
  node: oneOrMany(idSchema),
  state: oneOrMany(z.enum(RUN_STATES)),
  from: looseTimeSchema.optional(),
  to: looseTimeSchema.optional(),
  /** Of what began in time: only what had not ended by then, or goes on. */
  endsAfter: looseTimeSchema.optional(),
  search: z.string().max(200).optional(),
  ...pageInput,
})
export type RunFilter = z.infer<typeof runFilterSchema>
