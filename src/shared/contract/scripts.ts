import { scriptPreviewSchema, scriptQuerySchema } from '../domain/script.ts'
import { procedure } from './base.ts'

export const scripts = {
  preview: procedure
    .route({
      method: 'POST',
      path: '/scripts/preview',
      tags: ['scripts'],
      summary: 'The text of a script below a script root of this node',
    })
    .input(scriptQuerySchema)
    .output(scriptPreviewSchema),
}
