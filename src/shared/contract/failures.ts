import { z } from 'zod'
import {
  acknowledgeInputSchema,
  acknowledgeManySchema,
  failureCountsSchema,
  failureFilterSchema,
  failureSchema,
} from '../domain/failure.ts'
import { idSchema, pageSchema } from '../domain/fields.ts'
import {
  createdWebhookSchema,
  webhookCallSchema,
  webhookCallsFilterSchema,
  webhookInputSchema,
  webhookPatchSchema,
  webhookSchema,
  webhookTestSchema,
} from '../domain/webhook.ts'
import { nothing, procedure } from './base.ts'

const byFailure = z.strictObject({ failureId: idSchema })

export const failures = {
  list: procedure
    .route({
      method: 'GET',
      path: '/failures',
      tags: ['failures'],
      summary: 'What fails, folded by task, the latest first',
    })
    .input(failureFilterSchema)
    .output(pageSchema(failureSchema)),
  counts: procedure
    .route({
      method: 'GET',
      path: '/failures/counts',
      tags: ['failures'],
      summary: 'How many failures nobody has acknowledged',
    })
    .input(nothing)
    .output(failureCountsSchema),
  get: procedure
    .route({ method: 'GET', path: '/failures/{failureId}', tags: ['failures'], summary: 'One failure' })
    .input(byFailure)
    .output(failureSchema),
  acknowledge: procedure
    .route({
      ...{ method: 'POST', path: '/failures/{failureId}/acknowledge', tags: ['failures'] },
      summary: 'Say that it was seen, with a note',
    })
    .input(acknowledgeInputSchema)
    .output(failureSchema),
  acknowledgeMany: procedure
    .route({
      ...{ method: 'POST', path: '/failures/acknowledge', tags: ['failures'] },
      summary: 'Say of several that they were seen; answers which of them nobody had acknowledged',
    })
    .input(acknowledgeManySchema)
    .output(z.object({ failureIds: z.array(idSchema) })),
  reopen: procedure
    .route({
      ...{ method: 'POST', path: '/failures/{failureId}/reopen', tags: ['failures'] },
      summary: 'Take an acknowledgement back',
    })
    .input(byFailure)
    .output(failureSchema),
}

const byWebhook = z.strictObject({ webhookId: idSchema })

export const webhooks = {
  list: procedure
    .route({
      method: 'GET',
      path: '/webhooks',
      tags: ['webhooks'],
      summary: 'Who outside is told of failures',
      description: 'For administrators: whoever knows the address of a chat may write to it.',
    })
    .input(nothing)
    .output(z.object({ items: z.array(webhookSchema) })),
  create: procedure
    .route({
      method: 'POST',
      path: '/webhooks',
      tags: ['webhooks'],
      successStatus: 201,
      summary: 'Add a webhook; its secret is shown once',
    })
    .input(webhookInputSchema)
    .output(createdWebhookSchema),
  update: procedure
    .route({
      method: 'PUT',
      path: '/webhooks/{webhookId}',
      tags: ['webhooks'],
      summary: 'Change a webhook',
      description: 'A stale `If-Match` (or a stale `version` in the body) is 409 with the current record.',
    })
    .input(webhookPatchSchema.extend({ webhookId: idSchema }))
    .output(webhookSchema),
  renewSecret: procedure
    .route({
      method: 'POST',
      path: '/webhooks/{webhookId}/secret',
      tags: ['webhooks'],
      summary: 'Give it a new secret, shown once',
    })
    .input(byWebhook)
    .output(createdWebhookSchema),
  remove: procedure
    .route({
      method: 'DELETE',
      path: '/webhooks/{webhookId}',
      tags: ['webhooks'],
      successStatus: 204,
      summary: 'Remove a webhook and the calls that wait',
    })
    .input(byWebhook)
    .output(z.void()),
  test: procedure
    .route({
      method: 'POST',
      path: '/webhooks/{webhookId}/test',
      tags: ['webhooks'],
      summary: 'Call it once now',
    })
    .input(byWebhook)
    .output(webhookTestSchema),
  calls: procedure
    .route({
      method: 'GET',
      path: '/webhooks/{webhookId}/calls',
      tags: ['webhooks'],
      summary: 'Its calls, newest first',
    })
    .input(webhookCallsFilterSchema)
    .output(pageSchema(webhookCallSchema)),
}
