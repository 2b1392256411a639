import { z } from 'zod'
import { idSchema, isoTimeSchema, oneOrMany, pageInput } from './fields.ts'

/** Failures that wait to be seen: one for a task that fails, from its first failed run until it is seen and succeeds. */

export const FAILED_STATES = ['Failed', 'Timeout', 'Lost'] as const
export type FailedState = (typeof FAILED_STATES)[number]

export const failureSchema = z.object({
  failureId: idSchema,
  taskId: idSchema,
  /** As the task was called when it failed last. */
  taskName: z.string(),
  appName: z.string().nullable(),
  /** Of a task that runs on all nodes: where; null: the task as a whole. */
  nodeId: z.string().nullable(),
  /** End of the first failed run, and of the last one so far. */
  firstAt: isoTimeSchema,
  firstHistoryId: z.string(),
  /** End of the first failed run since it last succeeded: later than `firstAt` when it comes and goes unseen. */
  failingSince: isoTimeSchema,
  lastAt: isoTimeSchema,
  lastHistoryId: z.string(),
  lastState: z.enum(FAILED_STATES),
  lastError: z.string().nullable(),
  /** Failed runs; attempts that a retry followed are not counted. */
  failureCount: z.number().int(),
  /** End of the run that succeeded again, or when the task was deleted or left the node; null: it fails. */
  recoveredAt: isoTimeSchema.nullable(),
  /** Null with a time: nothing succeeded, but nothing can fail any more. */
  recoveredHistoryId: z.string().nullable(),
  /** Somebody has seen it. What fails again before it has recovered stays acknowledged. */
  acknowledgedAt: isoTimeSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  version: z.number().int(),
})
export type Failure = z.infer<typeof failureSchema>

/**
 * `open`: nobody has acknowledged it, be it recovered or not. `acknowledged`: somebody has. `failing`: it has not
 * recovered, acknowledged or not.
 */
export const FAILURE_VIEWS = ['open', 'acknowledged', 'failing', 'all'] as const
export type FailureView = (typeof FAILURE_VIEWS)[number]

export const failureFilterSchema = z.strictObject({
  show: z.enum(FAILURE_VIEWS).default('open'),
  task: oneOrMany(idSchema),
  node: oneOrMany(idSchema),
  ...pageInput,
})
export type FailureFilter = z.infer<typeof failureFilterSchema>

const noteSchema = z.string().trim().max(2000).nullable().default(null)

/** POST /failures/{failureId}/acknowledge. */
export const acknowledgeInputSchema = z.strictObject({ failureId: idSchema, note: noteSchema })
export type AcknowledgeInput = z.infer<typeof acknowledgeInputSchema>

/** POST /failures/acknowledge: those of a list, as they are now. */
export const acknowledgeManySchema = z.strictObject({
  failureIds: z.array(idSchema).min(1).max(1000),
  note: noteSchema,
})
export type AcknowledgeMany = z.infer<typeof acknowledgeManySchema>

/** For the badge in the navigation. */
export const failureCountsSchema = z.object({
  /** Not acknowledged, and of them not recovered. */
  open: z.number().int(),
  failing: z.number().int(),
  /** Acknowledged since midnight UTC. */
  acknowledgedToday: z.number().int(),
})
export type FailureCounts = z.infer<typeof failureCountsSchema>
