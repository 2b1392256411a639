import { z } from 'zod'
import { isoTimeSchema, looseTimeSchema } from './fields.ts'
import { scheduleSpecSchema } from './schedule.ts'

/** POST /schedules/preview */
export const previewInputSchema = z.strictObject({
  schedule: scheduleSpecSchema,
  timeZone: z.string().min(1).max(64).optional(),
  from: looseTimeSchema.optional(),
  count: z.number().int().min(1).max(100).default(10),
})
export type PreviewInput = z.infer<typeof previewInputSchema>

export const previewSchema = z.object({
  text: z.string(),
  timeZone: z.string(),
  runs: z.array(z.object({ at: isoTimeSchema, local: z.string(), note: z.string().optional() })),
})
export type Preview = z.infer<typeof previewSchema>
