import { cachedTaskSchema, jobSchema, runspaceSchema, snapshotSchema } from '../domain/runtime.ts'
import { nothing, procedure } from './base.ts'

const tags = ['runtime']

export const runtime = {
  jobs: procedure
    .route({ method: 'GET', path: '/jobs', tags, summary: 'What runs on this node, from its cached state' })
    .input(nothing)
    .output(snapshotSchema(jobSchema)),
  runspaces: procedure
    .route({
      method: 'GET',
      path: '/runspaces',
      tags,
      summary: 'Execution slots of this node, from its cached state',
    })
    .input(nothing)
    .output(snapshotSchema(runspaceSchema)),
  tasks: procedure
    .route({
      method: 'GET',
      path: '/runtime/tasks',
      tags,
      summary: 'What this node may run next, from its cached state',
    })
    .input(nothing)
    .output(snapshotSchema(cachedTaskSchema)),
}
