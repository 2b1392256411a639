import { settingsInputSchema, settingsSchema } from '../domain/settings.ts'
import { nothing, procedure } from './base.ts'

const tags = ['settings']

export const settings = {
  get: procedure
    .route({ method: 'GET', path: '/settings', tags, summary: 'The configuration of this node' })
    .input(nothing)
    .output(settingsSchema),
  update: procedure
    .route({
      method: 'PUT',
      path: '/settings',
      tags,
      summary: 'Write keys of app.yaml; those that are for this machine only are refused',
    })
    .input(settingsInputSchema)
    .output(settingsSchema),
}
