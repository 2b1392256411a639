import { z } from 'zod'
import { isoTimeSchema } from './fields.ts'

/** POST /tasks/import, GET /tasks/export and the samples: shapes that travel. */

export const CRON_READINGS = ['standard', 'legacy'] as const

export const importInputSchema = z.strictObject({
  files: z
    .array(z.strictObject({ path: z.string().min(1).max(4000), content: z.string().max(5_000_000) }))
    .min(1, 'name at least one file')
    .max(2000),
  dryRun: z.boolean().default(false),
  cron: z.enum(CRON_READINGS).default('standard'),
})
export type ImportInput = z.infer<typeof importInputSchema>

const reading = z.object({ cron: z.string().nullable(), next: z.array(isoTimeSchema) })

export const importItemSchema = z.object({
  source: z.string(),
  name: z.string().nullable(),
  appName: z.string().nullable(),
  action: z.enum(['created', 'updated', 'unchanged', 'skipped']),
  reason: z.string().optional(),
  warnings: z.array(z.string()),
  taskId: z.string().optional(),
  /** Present where the old engine read the cron expression in another way than the standard. */
  cronReadings: z.object({ expression: z.string(), standard: reading, legacy: reading }).optional(),
})
export type ImportItem = z.infer<typeof importItemSchema>

export const importResultSchema = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  skipped: z.number().int(),
  items: z.array(importItemSchema),
  /** `WebServer.guid` of the installation, when its settings were among the files. */
  nodeId: z.string().nullish(),
})
export type ImportResult = z.infer<typeof importResultSchema>

/** Our own export: a document with a published schema (resources/export.schema.json). */
export const exportSchema = z.object({
  $schema: z.string(),
  format: z.literal('pswebhost-cluster-tasks'),
  version: z.literal(1),
  exportedAt: isoTimeSchema,
  tasks: z.array(z.record(z.string(), z.json())),
})
export type ExportDocument = z.infer<typeof exportSchema>

export const sampleSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  schedule: z.json().nullable(),
  tags: z.array(z.string()),
  imported: z.boolean(),
})
export type Sample = z.infer<typeof sampleSchema>
