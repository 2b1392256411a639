import { z } from 'zod'
import { changeSchema, imageSchema } from './change.ts'
import { idSchema, isoTimeSchema, oneOrMany, pageInput, queryBoolean } from './fields.ts'

/** Table sync: how far replicas are, edits that wait, and conflicts between edits that had not seen each other. */

export const CONFLICT_POLICIES = ['newer', 'manual'] as const
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number]

/**
 * `Edit`: both changed the same field. `DeletedHere`: the offline edit deleted what others changed; it stays.
 * `DeletedThere`: others deleted what the offline edit changed; it comes back. `NameTaken`: the name got a suffix.
 */
export const CONFLICT_KINDS = ['Edit', 'DeletedHere', 'DeletedThere', 'NameTaken'] as const
export type ConflictKind = (typeof CONFLICT_KINDS)[number]

export const CONFLICT_RESOLUTIONS = ['mine', 'theirs', 'merged'] as const
export type ConflictResolution = (typeof CONFLICT_RESOLUTIONS)[number]

/** What became of an offline edit in the cluster database. */
export const PUSH_OUTCOMES = ['Accepted', 'Merged', 'Conflict', 'Unchanged'] as const
export type PushOutcome = (typeof PUSH_OUTCOMES)[number]

export const conflictFieldSchema = z.object({
  field: z.string(),
  /** Before both edits. */
  base: z.json(),
  /** Of the offline edit. */
  mine: z.json(),
  /** Of the cluster database when the offline edit came. */
  theirs: z.json(),
  /** What the record was given. */
  taken: z.enum(CONFLICT_RESOLUTIONS),
  /** What the record was given where it is neither: a name with a suffix. */
  value: z.json().optional(),
})
export type ConflictField = z.infer<typeof conflictFieldSchema>

export const conflictSchema = z.object({
  conflictId: idSchema,
  tableName: z.string(),
  recordId: z.string(),
  recordName: z.string().nullable(),
  kind: z.enum(CONFLICT_KINDS),
  changeId: idSchema,
  nodeId: z.string(),
  changedBy: z.string().nullable(),
  changedAt: isoTimeSchema,
  theirsBy: z.string().nullable(),
  theirsAt: isoTimeSchema.nullable(),
  policy: z.enum(CONFLICT_POLICIES),
  fields: z.array(conflictFieldSchema),
  detectedAt: isoTimeSchema,
  resolvedAt: isoTimeSchema.nullable(),
  /** Null with `resolvedAt` set: decided by the rule `newer`; `resolve` decides it once more. */
  resolvedBy: z.string().nullable(),
  resolution: z.enum(CONFLICT_RESOLUTIONS).nullable(),
  version: z.number().int(),
  /** The record as it is now, in API names; null: it is gone. */
  current: imageSchema.nullable(),
})
export type Conflict = z.infer<typeof conflictSchema>

export const conflictFilterSchema = z.strictObject({
  /** Left out: those to decide. */
  resolved: queryBoolean.default(false),
  table: oneOrMany(z.string().max(64)),
  record: oneOrMany(z.string().max(100)),
  node: oneOrMany(idSchema),
  ...pageInput,
})
export type ConflictFilter = z.infer<typeof conflictFilterSchema>

/** POST /conflicts/{conflictId}/resolve: one side for every field; or a side, or a value, by field name. */
export const resolveInputSchema = z
  .strictObject({
    conflictId: idSchema,
    take: z.enum(['mine', 'theirs']).optional(),
    /** Taken as they are, secret values included. */
    sides: z.record(z.string(), z.enum(['mine', 'theirs'])).optional(),
    merged: imageSchema.optional(),
  })
  .refine(
    ({ take, sides, merged }) => (take === undefined) !== (sides === undefined && merged === undefined),
    {
      path: ['take'],
      message:
        'give either take ("mine" or "theirs"), or sides ("mine" or "theirs" by field name), merged (values by field ' +
        'name) or both',
    },
  )
export type ResolveInput = z.infer<typeof resolveInputSchema>

/** Of one node and one of its tables; derived from the node's cursor. */
export const syncTableSchema = z.object({
  tableName: z.string(),
  /** Changes of the table that the node has not applied; null: nobody can count them, the database is away. */
  lag: z.number().int().nullable(),
  /** Edits of the table that wait on the node; known of the node that answers only. */
  pending: z.number().int().nullable(),
})
export type SyncTable = z.infer<typeof syncTableSchema>

export const syncNodeSchema = z.object({
  nodeId: z.string(),
  nodeName: z.string(),
  /** Whether the node is the one that answers. */
  isSelf: z.boolean(),
  /** Number and id of the last change the node has applied; null: it has no replica yet. */
  cursor: z.object({ seq: z.number().int(), changeId: z.string().nullable() }).nullable(),
  /** Changes the node has not applied; null: nobody can count them, the database is away. */
  lag: z.number().int().nullable(),
  /** Age of the oldest of them, in seconds; 0 when there is none. */
  lagSeconds: z.number().nullable(),
  /** Offline edits that the node has not delivered. */
  pending: z.number().int(),
  lastError: z.string().nullable(),
  /** When the node last said how far it is. */
  updatedAt: isoTimeSchema.nullable(),
  bootstrappedAt: isoTimeSchema.nullable(),
  bootstrapReason: z.string().nullable(),
  schemaVersion: z.number().int().nullable(),
  tables: z.array(syncTableSchema),
})
export type SyncNode = z.infer<typeof syncNodeSchema>

export const SYNC_PHASES = ['idle', 'push', 'pull', 'bootstrap'] as const
export type SyncPhase = (typeof SYNC_PHASES)[number]

/** What became of edits that waited, counted. */
export const deliveredSchema = z.object({
  accepted: z.number().int(),
  /** Beside what others had edited meanwhile. */
  merged: z.number().int(),
  conflicts: z.number().int(),
  /** They wait on, with the reason (`/sync/pending`). */
  refused: z.number().int(),
})
export type Delivered = z.infer<typeof deliveredSchema>

/** What this node's sync is doing. */
export const syncProgressSchema = z.object({
  phase: z.enum(SYNC_PHASES),
  done: z.number().int(),
  /** Null while it is not known. */
  total: z.number().int().nullable(),
})
export type SyncProgress = z.infer<typeof syncProgressSchema>

/** GET /sync/status */
export const syncStatusSchema = z.object({
  /** False: the cluster database is this machine's file, or sync is switched off; `reason` says which. */
  enabled: z.boolean(),
  reason: z.string().nullable(),
  /** Seconds between two rounds. */
  interval: z.number().int(),
  tables: z.array(z.string()),
  /** The newest change of the cluster database; null: it cannot be asked. */
  newestSeq: z.number().int().nullable(),
  /** Whether this node answers from its replica, and how old that is. */
  fromReplica: z.object({ since: isoTimeSchema, asOf: isoTimeSchema.nullable() }).nullable(),
  progress: syncProgressSchema,
  /** From commit to this node's replica, in milliseconds: p95 of the last hour; null: nothing came. */
  commitToReplicaMs: z.number().nullable(),
  /** The log is sealed up to this number; null: not yet, or it cannot be asked. */
  sealedTo: z.number().int().nullable(),
  nodes: z.array(syncNodeSchema),
  /** Conflicts to decide, without those that a rule decided; null: the cluster database cannot be asked. */
  openConflicts: z.number().int().nullable(),
})
export type SyncStatus = z.infer<typeof syncStatusSchema>

/** POST /sync/trigger */
export const syncTriggerSchema = z.strictObject({
  /** Left out: this node. Others sync at their next look. */
  nodeId: idSchema.optional(),
  /** Read everything anew instead of following the log; offline edits are kept. */
  bootstrap: z.boolean().default(false),
})
export type SyncTrigger = z.infer<typeof syncTriggerSchema>

/** GET /sync/pending: edits of this node that the cluster database has not taken yet, oldest first. */
export const pendingChangeSchema = changeSchema
  .pick({
    changeId: true,
    tableName: true,
    recordId: true,
    recordName: true,
    action: true,
    changedBy: true,
    changedAt: true,
    changeReason: true,
    changedFields: true,
  })
  .extend({
    /** Why the cluster database does not take it. */
    problem: z.string().nullable(),
  })
export type PendingChange = z.infer<typeof pendingChangeSchema>
