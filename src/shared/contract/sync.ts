import { z } from 'zod'
import { idSchema, pageSchema } from '../domain/fields.ts'
import {
  conflictFilterSchema,
  conflictSchema,
  pendingChangeSchema,
  resolveInputSchema,
  syncStatusSchema,
  syncTriggerSchema,
} from '../domain/sync.ts'
import { nothing, procedure } from './base.ts'

const tags = ['sync']

export const sync = {
  status: procedure
    .route({
      method: 'GET',
      path: '/sync/status',
      tags,
      summary: 'How far each node has followed the change log, table by table',
    })
    .input(nothing)
    .output(syncStatusSchema),
  trigger: procedure
    .route({
      method: 'POST',
      path: '/sync/trigger',
      tags,
      summary: 'Let a node push and pull now, or read everything anew',
    })
    .input(syncTriggerSchema)
    .output(syncStatusSchema),
  pending: procedure
    .route({
      method: 'GET',
      path: '/sync/pending',
      tags,
      summary: 'Edits of this node that the cluster database has not taken yet',
    })
    .input(nothing)
    .output(z.object({ items: z.array(pendingChangeSchema) })),
  giveUp: procedure
    .route({
      method: 'DELETE',
      path: '/sync/pending/{changeId}',
      tags,
      successStatus: 204,
      summary: 'Give up an edit that the cluster database refused, and the later ones of its record',
    })
    .input(z.strictObject({ changeId: idSchema }))
    .output(z.void()),
}

const byConflict = z.strictObject({ conflictId: idSchema })

export const conflicts = {
  list: procedure
    .route({ method: 'GET', path: '/conflicts', tags, summary: 'Edits that had not seen each other' })
    .input(conflictFilterSchema)
    .output(pageSchema(conflictSchema)),
  get: procedure
    .route({ method: 'GET', path: '/conflicts/{conflictId}', tags, summary: 'One conflict' })
    .input(byConflict)
    .output(conflictSchema),
  resolve: procedure
    .route({
      method: 'POST',
      path: '/conflicts/{conflictId}/resolve',
      tags,
      summary: 'Take one side, or values of your own',
    })
    .input(resolveInputSchema)
    .output(conflictSchema),
}
