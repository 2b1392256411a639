import { z } from 'zod'
import { idSchema, isoTimeSchema, looseTimeSchema, oneOrMany, pageInput } from './fields.ts'

/** Changes: who altered which field of which record, when and why. */

export const CHANGE_ACTIONS = ['INSERT', 'UPDATE', 'DELETE'] as const
export type ChangeAction = (typeof CHANGE_ACTIONS)[number]

export const changeSchema = z.object({
  changeId: idSchema,
  seq: z.number().int().nullable(),
  tableName: z.string(),
  recordId: z.string(),
  /** The record's name at that time, where it has one: lists read better. */
  recordName: z.string().nullable(),
  action: z.enum(CHANGE_ACTIONS),
  changedBy: z.string().nullable(),
  changedAt: isoTimeSchema,
  nodeId: z.string().nullable(),
  changeReason: z.string().nullable(),
  transactionId: z.string().nullable(),
  /** What an UPDATE altered, without what the service keeps itself (`KEPT_FIELDS`); empty otherwise. */
  changedFields: z.array(z.string()),
  /** The change that this one took back. */
  revertOf: z.string().nullable(),
  relatedChanges: z.array(z.string()),
  /** Nodes whose replicas hold it, by id. */
  syncedNodes: z.array(z.string()),
})
export type Change = z.infer<typeof changeSchema>

export const fieldChangeSchema = z.object({
  field: z.string(),
  old: z.json(),
  new: z.json(),
  /** Names of secret values that were replaced: both sides show `{ "secret": true }`. */
  changedSecrets: z.array(z.string()).optional(),
})
export type FieldChange = z.infer<typeof fieldChangeSchema>

/** A row image in API names: camelCase, booleans and JSON decoded, secrets hidden. */
export const imageSchema = z.record(z.string(), z.json())
export type Image = z.infer<typeof imageSchema>

export const changeDetailSchema = changeSchema.extend({
  oldData: imageSchema.nullable(),
  newData: imageSchema.nullable(),
  diff: z.array(fieldChangeSchema),
})
export type ChangeDetail = z.infer<typeof changeDetailSchema>

export const changeFilterSchema = z.strictObject({
  table: oneOrMany(z.string().max(64)),
  record: oneOrMany(z.string().max(100)),
  actor: oneOrMany(z.string().max(200)),
  action: oneOrMany(z.enum(CHANGE_ACTIONS)),
  node: oneOrMany(idSchema),
  from: looseTimeSchema.optional(),
  to: looseTimeSchema.optional(),
  ...pageInput,
})
export type ChangeFilter = z.infer<typeof changeFilterSchema>

/** POST /changes/{changeId}/revert */
export const revertInputSchema = z.strictObject({
  force: z.boolean().default(false),
  /** Take back every change of the same transaction. */
  transaction: z.boolean().default(false),
  dryRun: z.boolean().default(false),
})
export type RevertInput = z.infer<typeof revertInputSchema>

export const revertPreviewSchema = z.object({
  tableName: z.string(),
  recordId: z.string(),
  action: z.enum(CHANGE_ACTIONS),
  fields: z.array(fieldChangeSchema),
  /** Fields that a later change touched again: reverting would overwrite it. */
  conflicts: z.array(
    z.object({
      field: z.string(),
      current: z.json(),
      changedBy: z.string().nullable(),
      changeId: z.string(),
    }),
  ),
})
export type RevertPreview = z.infer<typeof revertPreviewSchema>

export const revertResultSchema = z.object({
  reverted: z.boolean(),
  items: z.array(revertPreviewSchema),
  /** The new changes that took the old ones back; empty for a dry run. */
  changeIds: z.array(z.string()),
})
export type RevertResult = z.infer<typeof revertResultSchema>
