import { z } from 'zod'
import { idSchema, isoTimeSchema, looseTimeSchema, oneOrMany } from './fields.ts'
import { RUN_STATES } from './run.ts'

/** GET /history/stats: how runs ended, counted by time. */

/** How much time one count stands for, in UTC. */
export const STATS_UNITS = {
  minute: 60_000,
  tenMinutes: 10 * 60_000,
  hour: 60 * 60_000,
  day: 24 * 60 * 60_000,
} as const
export type StatsUnit = keyof typeof STATS_UNITS

/** Counted from the newest run back; what is older than these is left out, and said so. */
export const STATS_RUNS = 200_000

export const runStatsInputSchema = z.strictObject({
  from: looseTimeSchema,
  to: looseTimeSchema.optional(),
  task: oneOrMany(idSchema),
  node: oneOrMany(idSchema),
  unit: z.enum(['minute', 'tenMinutes', 'hour', 'day']).default('hour'),
})
export type RunStatsInput = z.infer<typeof runStatsInputSchema>

export const runStatsSchema = z.object({
  /** One for each time and state that has runs, oldest first. */
  counts: z.array(z.object({ at: isoTimeSchema, state: z.enum(RUN_STATES), count: z.number().int() })),
  /** There were more runs than are counted. */
  capped: z.boolean(),
})
export type RunStats = z.infer<typeof runStatsSchema>
