import {
  changeDetailSchema,
  changeFilterSchema,
  changeSchema,
  revertInputSchema,
  revertResultSchema,
} from '../domain/change.ts'
import { pageSchema } from '../domain/fields.ts'
import { byChange, procedure } from './base.ts'

const tags = ['changes']

export const changes = {
  list: procedure
    .route({ method: 'GET', path: '/changes', tags, summary: 'The change log, newest first' })
    .input(changeFilterSchema)
    .output(pageSchema(changeSchema)),
  get: procedure
    .route({
      method: 'GET',
      path: '/changes/{changeId}',
      tags,
      summary: 'One change, decoded, field by field',
    })
    .input(byChange)
    .output(changeDetailSchema),
  revert: procedure
    .route({ method: 'POST', path: '/changes/{changeId}/revert', tags, summary: 'Take a change back' })
    .input(revertInputSchema.extend(byChange.shape))
    .output(revertResultSchema),
}
