import { z } from 'zod'
import { isoTimeSchema } from './fields.ts'
import { taskFields } from './task.ts'

/** POST /scripts/preview (for those who may save tasks): a task's script as it lies on the node that answers. */

/** What is beyond is left out and said so: nobody reads a megabyte in a panel. */
export const SCRIPT_PREVIEW_BYTES = 256 * 1024

export const scriptQuerySchema = z.strictObject({ scriptPath: taskFields.scriptPath })
export type ScriptQuery = z.infer<typeof scriptQuerySchema>

export const scriptPreviewSchema = z.discriminatedUnion('found', [
  z.object({
    found: z.literal(true),
    /** Where it lies, links followed. */
    path: z.string(),
    bytes: z.number().int(),
    modifiedAt: isoTimeSchema,
    hash: z.string(),
    scriptType: z.string().nullable(),
    /** Null when it is no text. */
    text: z.string().nullable(),
    truncated: z.boolean(),
  }),
  z.object({ found: z.literal(false), reason: z.string() }),
])
export type ScriptPreview = z.infer<typeof scriptPreviewSchema>
