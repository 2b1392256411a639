import { z } from 'zod'
import {
  clusterSchema,
  createdJoinTokenSchema,
  emergencyStopInputSchema,
  emergencyStopSchema,
  joinTokenInputSchema,
  joinTokenSchema,
  taskLockInputSchema,
  taskLockPatchSchema,
  taskLockSchema,
} from '../domain/cluster.ts'
import { nothing, procedure } from './base.ts'

const tags = ['cluster']

export const cluster = {
  get: procedure
    .route({
      method: 'GET',
      path: '/cluster',
      tags,
      summary: 'The cluster in numbers, and whether it is held',
    })
    .input(nothing)
    .output(clusterSchema),
  stop: procedure
    .route({
      method: 'POST',
      path: '/cluster/stop',
      tags,
      summary: 'Emergency stop: end every run, start nothing',
    })
    .input(emergencyStopInputSchema)
    .output(emergencyStopSchema),
  resume: procedure
    .route({ method: 'POST', path: '/cluster/resume', tags, summary: 'Work again after an emergency stop' })
    .input(nothing)
    .output(clusterSchema),
}

export const joinTokens = {
  list: procedure
    .route({
      method: 'GET',
      path: '/join-tokens',
      tags: ['nodes'],
      summary: 'Join tokens, without their text',
    })
    .input(nothing)
    .output(z.object({ items: z.array(joinTokenSchema) })),
  create: procedure
    .route({
      method: 'POST',
      path: '/join-tokens',
      tags: ['nodes'],
      successStatus: 201,
      summary: 'Let one newcomer in; the text is shown once',
    })
    .input(joinTokenInputSchema)
    .output(createdJoinTokenSchema),
  revoke: procedure
    .route({
      method: 'DELETE',
      path: '/join-tokens/{joinTokenId}',
      tags: ['nodes'],
      successStatus: 204,
      summary: 'Make a join token useless',
    })
    .input(z.strictObject({ joinTokenId: z.string().max(36) }))
    .output(z.void()),
}

const byLock = z.strictObject({ lockId: z.string().max(36) })

export const locks = {
  list: procedure
    .route({ method: 'GET', path: '/locks', tags, summary: 'Lock groups' })
    .input(nothing)
    .output(z.object({ items: z.array(taskLockSchema) })),
  create: procedure
    .route({ method: 'POST', path: '/locks', tags, successStatus: 201, summary: 'Create a lock group' })
    .input(taskLockInputSchema)
    .output(taskLockSchema),
  update: procedure
    .route({ method: 'PUT', path: '/locks/{lockId}', tags, summary: 'Change a lock group' })
    .input(taskLockPatchSchema.extend(byLock.shape))
    .output(taskLockSchema),
  remove: procedure
    .route({
      method: 'DELETE',
      path: '/locks/{lockId}',
      tags,
      successStatus: 204,
      summary: 'Delete a lock group',
    })
    .input(byLock)
    .output(z.void()),
}
