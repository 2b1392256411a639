import { z } from 'zod'
import { isoTimeSchema } from './fields.ts'

/** GET /schedules/upcoming: what the next hours bring. */

export const UPCOMING_BUCKET_MS = 30 * 60_000
/** Schedule rows that are looked at, those due first; more would cost the node too much, and nobody reads them. */
export const UPCOMING_ROWS = 500

export const upcomingInputSchema = z.strictObject({
  hours: z.coerce.number().int().min(1).max(48).default(24),
})
export type UpcomingInput = z.infer<typeof upcomingInputSchema>

export const upcomingSchema = z.object({
  from: isoTimeSchema,
  until: isoTimeSchema,
  /** Half hours that have slots: how many, and the names of the first tasks. */
  buckets: z.array(z.object({ at: isoTimeSchema, count: z.number().int(), tasks: z.array(z.string()) })),
  slots: z.number().int(),
  /** More schedule rows fall due than were looked at. */
  capped: z.boolean(),
})
export type Upcoming = z.infer<typeof upcomingSchema>
