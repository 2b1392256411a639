import { z } from 'zod'
import { idSchema, isoTimeSchema, nameSchema } from './fields.ts'

/** The cluster as a whole: emergency stop, join tokens, lock groups. */

const reasonSchema = z.string().trim().max(1000).nullable()

/** While the cluster is held no node creates slots or claims runs. */
export const holdSchema = z.object({
  holdId: idSchema,
  heldAt: isoTimeSchema,
  heldBy: z.string().nullable(),
  reason: z.string().nullable(),
})
export type Hold = z.infer<typeof holdSchema>

export const clusterSchema = z.object({
  clusterId: z.string(),
  nodes: z.object({
    active: z.number().int(),
    away: z.number().int(),
    draining: z.number().int(),
    retired: z.number().int(),
  }),
  /** Slots of the active nodes. */
  capacity: z.number().int(),
  running: z.number().int(),
  queued: z.number().int(),
  hold: holdSchema.nullable(),
})
export type Cluster = z.infer<typeof clusterSchema>

/** POST /cluster/stop */
export const emergencyStopInputSchema = z.strictObject({ reason: reasonSchema.default(null) })
export const emergencyStopSchema = z.object({
  hold: holdSchema,
  /** Running runs that were asked to stop. */
  stopping: z.number().int(),
  /** Waiting runs that were cancelled. */
  cancelled: z.number().int(),
})
export type EmergencyStop = z.infer<typeof emergencyStopSchema>

/** POST /tasks/{taskId}/stop */
export const taskStopSchema = z.object({ historyIds: z.array(idSchema) })
export type TaskStop = z.infer<typeof taskStopSchema>

export const joinTokenSchema = z.object({
  joinTokenId: idSchema,
  createdBy: z.string().nullable(),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  usedAt: isoTimeSchema.nullable(),
  usedByNodeId: idSchema.nullable(),
})
export type JoinToken = z.infer<typeof joinTokenSchema>

export const joinTokenInputSchema = z.strictObject({
  expiresInMinutes: z.number().int().min(1).max(10_080).default(60),
})
export type JoinTokenInput = z.infer<typeof joinTokenInputSchema>

/** The text is shown once; it holds the way to this node's API and the fingerprint of its certificate, if any. */
export const createdJoinTokenSchema = joinTokenSchema.extend({ token: z.string() })
export type CreatedJoinToken = z.infer<typeof createdJoinTokenSchema>

export const joinedSchema = z.object({
  nodeId: z.string(),
  clusterId: z.string(),
  holdsKey: z.boolean(),
  /** What came of making itself known at the API that the token names; null where it names no certificate. */
  note: z.string().nullable(),
})
export type Joined = z.infer<typeof joinedSchema>

/** A lock group: how many runs of all tasks that name it (`limits.locks`) may go on at once. */
export const taskLockSchema = z.object({
  lockId: idSchema,
  lockName: z.string(),
  maxConcurrent: z.number().int(),
  description: z.string().nullable(),
  version: z.number().int(),
  /** Running now, on all nodes. */
  running: z.number().int(),
  /** Tasks that name it. */
  tasks: z.number().int(),
})
export type TaskLock = z.infer<typeof taskLockSchema>

export const taskLockInputSchema = z.strictObject({
  lockName: nameSchema(100),
  maxConcurrent: z.number().int().min(1).max(1000).default(1),
  description: z.string().max(1000).nullable().default(null),
})
export type TaskLockInput = z.infer<typeof taskLockInputSchema>
export const taskLockPatchSchema = z
  .strictObject({
    lockName: nameSchema(100),
    maxConcurrent: z.number().int().min(1).max(1000),
    description: z.string().max(1000).nullable(),
  })
  .partial()
export type TaskLockPatch = z.infer<typeof taskLockPatchSchema>
