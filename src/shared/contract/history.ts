import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { pageSchema, queryBoolean } from '../domain/fields.ts'
import { runStatsInputSchema, runStatsSchema } from '../domain/run-stats.ts'
import { runFilterSchema, runSchema } from '../domain/run.ts'
import { byRun, procedure } from './base.ts'

const tags = ['history']

/** A piece of a run's output: `text` from byte `offset` on, `next` to resume from; `end`: the state the run ended in. */
export const outputChunkSchema = z.object({
  offset: z.number().int(),
  text: z.string(),
  next: z.number().int(),
  end: z.string().optional(),
})
export type OutputChunk = z.infer<typeof outputChunkSchema>

export const history = {
  list: procedure
    .route({ method: 'GET', path: '/history', tags, summary: 'Runs, newest first' })
    .input(runFilterSchema)
    .output(pageSchema(runSchema)),
  stats: procedure
    .route({ method: 'GET', path: '/history/stats', tags, summary: 'How runs ended, counted by time' })
    .input(runStatsInputSchema)
    .output(runStatsSchema),
  get: procedure
    .route({ method: 'GET', path: '/history/{historyId}', tags, summary: 'One run' })
    .input(byRun)
    .output(runSchema),
  /** REST serves the same as text, or as an event stream with `?follow=true` (api/output-route.ts). */
  output: procedure
    .route({
      method: 'GET',
      path: '/history/{historyId}/output/chunks',
      tags,
      summary: 'Output, followed to the end',
    })
    .input(
      byRun.extend({
        follow: queryBoolean.default(true),
        from: z.coerce.number().int().min(0).default(0),
      }),
    )
    .output(eventIterator(outputChunkSchema)),
  stop: procedure
    .route({
      method: 'POST',
      path: '/history/{historyId}/stop',
      tags,
      successStatus: 202,
      summary: 'Stop a run, wherever it is',
    })
    .input(byRun)
    .output(runSchema),
}
