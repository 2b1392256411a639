import { z } from 'zod'
import { isoTimeSchema } from './fields.ts'
import { deliveredSchema } from './sync.ts'

/**
 * What changed, as pushed to everyone who watches: names and ids only. Whoever needs the record asks for
 * it, so a slow reader that misses some can simply read again (`hello` and `missed` tell it to).
 */
export const EVENT_TYPES = [
  'hello',
  'missed',
  'run.queued',
  'run.started',
  'run.finished',
  'run.output',
  'task.changed',
  'schedule.changed',
  'node.changed',
  'change.recorded',
  // A task failed, recovered, or somebody acknowledged it.
  'failure.changed',
  // A webhook was edited, or one of its calls was tried.
  'webhook.changed',
  // An edit met another one that it had not seen, or somebody decided between them.
  'conflict.changed',
  // This node's sync began a step, went on, or ended it.
  'sync.progress',
  // Edits that waited on this node's replica reached the cluster database, or were refused there: told once.
  'sync.delivered',
  // Emergency stop, or its end.
  'cluster.changed',
  'runtime.changed',
  // The node lost its cluster database (with the reason), and has it again.
  'database.away',
  'database.back',
  'tick',
] as const

export const eventSchema = z.object({
  type: z.enum(EVENT_TYPES),
  at: isoTimeSchema,
  /** The record it is about: taskId, historyId, nodeId, changeId. */
  id: z.string().optional(),
  taskId: z.string().optional(),
  state: z.string().optional(),
  bytes: z.number().int().optional(),
  reason: z.string().optional(),
  delivered: deliveredSchema.optional(),
})
export type ClusterEvent = z.infer<typeof eventSchema>
